import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { header } from '../../http/agency-server.js';
import { PeerRegister } from '../../peers/peer-register.js';
import { callerOf } from '../caller.js';
import type { Recorded } from '../look-up.js';
import { AccessGrants } from './access-grants.js';

/** National views, for privacy officers. */
@Controller('v1/access-grants')
export class AccessGrantsController {
  constructor(
    @Inject(AccessGrants) private readonly grants: AccessGrants,
    @Inject(PeerRegister) private readonly peers: PeerRegister,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return named(reply, await this.grants.list(callerOf(request, this.peers), request.trace));
  }

  @Post()
  @HttpCode(201)
  async request(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const caller = callerOf(request, this.peers);
    const type = header(request, 'content-type');
    return named(reply, await this.grants.request(caller, request.trace, request.body, type));
  }

  @Post(':grantId/consents')
  @HttpCode(200)
  async consent(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('grantId') given: string,
  ) {
    return named(reply, await this.grants.consent(callerOf(request, this.peers), request.trace, given));
  }

  @Post(':grantId/end')
  @HttpCode(200)
  async end(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('grantId') given: string,
  ) {
    return named(reply, await this.grants.end(callerOf(request, this.peers), request.trace, given));
  }
}

function named<Answer>(reply: FastifyReply, { answer, recordId }: Recorded<Answer>): Answer {
  void reply.header('access-record', recordId);
  return answer;
}
