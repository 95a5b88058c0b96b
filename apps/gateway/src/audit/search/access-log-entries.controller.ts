import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { header } from '../../http/agency-server.js';
import { untilBandEnds } from '../../http/not-available-band.js';
import { PeerRegister } from '../../peers/peer-register.js';
import { callerOf } from '../caller.js';
import { LogSearch } from './log-search.js';

/** A number of ten digits must not be found by trying. */
const SEARCHES_A_MINUTE = 60;

/** The access log, for privacy officers. */
@Controller('v1/access-log-entries')
export class AccessLogEntriesController {
  constructor(
    @Inject(LogSearch) private readonly log: LogSearch,
    @Inject(PeerRegister) private readonly peers: PeerRegister,
  ) {}

  @Post('_search')
  @RouteConfig({ rateLimit: { max: SEARCHES_A_MINUTE, timeWindow: '1 minute' } })
  @HttpCode(200)
  async search(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const caller = callerOf(request, this.peers);
    const type = header(request, 'content-type');
    const { answer, recordId } = await this.log.search(caller, request.trace, request.body, type);
    // Nothing found takes as long as nothing that one may see.
    if (answer.items.length === 0) await untilBandEnds(request.arrivedAtMs);
    void reply.header('access-record', recordId);
    return answer;
  }

  @Get(':entryId/inclusion-proof')
  async prove(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('entryId') given: string,
  ) {
    const { answer, recordId } = await this.log.prove(callerOf(request, this.peers), request.trace, given);
    if (recordId !== null) void reply.header('access-record', recordId);
    return answer;
  }

  @Get(':entryId')
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('entryId') given: string,
  ) {
    const { answer, recordId } = await this.log.read(callerOf(request, this.peers), request.trace, given);
    void reply.header('access-record', recordId);
    return answer;
  }
}
