import { Controller, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { header } from '../http/agency-server.js';
import { readBody, readInboxQuery } from '../http/validate-request.js';
import { PeerRegister } from '../peers/peer-register.js';
import type { Acknowledgement } from './acknowledge.js';
import { Exchange, refusal } from './exchange.js';

@Controller('v1')
export class InboxController {
  constructor(
    @Inject(Exchange) private readonly exchange: Exchange,
    @Inject(PeerRegister) private readonly peers: PeerRegister,
  ) {}

  @Get('inbox')
  async page(@Req() request: FastifyRequest, @Query() query: unknown) {
    const { peer, trace } = request;
    const { state, ...rest } = await this.exchange.orRefuse(
      () => readInboxQuery(query),
      (error) => refusal(peer, 'inbox.read', error, trace),
    );
    const outstandingOnly = state === 'outstanding';
    const isGone = (): boolean => request.raw.socket.destroyed || !this.peers.lookup(peer.oin, peer.thumbprint).found;
    return this.exchange.inbox({ peer, ...rest, outstandingOnly, isGone, trace });
  }

  @Post('acknowledgements')
  @HttpCode(200)
  async acknowledge(@Req() request: FastifyRequest) {
    const { peer, trace } = request;
    const { acknowledgements } = await this.exchange.orRefuse(
      () =>
        readBody<{ acknowledgements: Acknowledgement[] }>(
          'acknowledgements',
          request.body,
          header(request, 'content-type'),
        ),
      (error) => refusal(peer, 'delivery.acknowledge', error, trace),
    );
    return { results: await this.exchange.acknowledge({ peer, acknowledgements, trace }) };
  }
}
