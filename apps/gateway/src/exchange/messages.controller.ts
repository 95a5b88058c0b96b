import type { KeyObject } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.js';
import { header } from '../http/agency-server.js';
import { idOrNotAvailable } from './path-id.js';
import { MEDIA_TYPE } from './accept/submission.js';
import { Exchange } from './exchange.js';
import { userReferenceOf } from './user-reference.js';

@Controller('v1/messages')
export class MessagesController {
  constructor(@Inject(Exchange) private readonly exchange: Exchange) {}

  @Post()
  @HttpCode(202)
  submit(@Req() request: FastifyRequest) {
    const mediaType = header(request, 'content-type')?.split(';')[0]?.trim().toLowerCase();
    if (mediaType !== MEDIA_TYPE || !Buffer.isBuffer(request.body)) {
      throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', `this call takes ${MEDIA_TYPE}`);
    }
    return this.exchange.submit(request.peer, request.body, request.trace, () => senderKey(request));
  }

  @Get(':messageId')
  async status(@Req() request: FastifyRequest, @Param('messageId') given: string) {
    const messageId = await idOrNotAvailable(this.exchange, request, given, 'message.status');
    return this.exchange.status(request.peer, messageId, request.trace);
  }

  @Get(':messageId/content')
  async content(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('messageId') given: string,
  ) {
    const messageId = await idOrNotAvailable(this.exchange, request, given, 'content.read');
    const disclosure = await this.exchange.content({
      peer: request.peer,
      messageId,
      purpose: header(request, 'purpose-of-use'),
      userReference: await userReferenceOf(this.exchange, request, 'content.read', { messageId }),
      trace: request.trace,
    });
    void reply.header('access-record', disclosure.accessRecord.id);
    return disclosure;
  }
}

function senderKey(request: FastifyRequest): KeyObject {
  const certificate = (request.raw.socket as TLSSocket).getPeerX509Certificate();
  if (!certificate) throw new GatewayError('PEER_UNKNOWN', 'the connection has no client certificate');
  return certificate.publicKey;
}
