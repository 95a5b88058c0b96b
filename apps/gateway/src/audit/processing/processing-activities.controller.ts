import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { header } from '../../http/agency-server.js';
import { untilBandEnds } from '../../http/not-available-band.js';
import { PeerRegister } from '../../peers/peer-register.js';
import { callerOf } from '../caller.js';
import { ProcessingLog } from './processing-log.js';

/** A number of ten digits must not be found by trying. */
const SEARCHES_A_MINUTE = 60;

/** The reading extension of Logboek Dataverwerkingen. */
@Controller('v1/processing-activities')
export class ProcessingActivitiesController {
  constructor(
    @Inject(ProcessingLog) private readonly log: ProcessingLog,
    @Inject(PeerRegister) private readonly peers: PeerRegister,
  ) {}

  @Post()
  @RouteConfig({ rateLimit: { max: SEARCHES_A_MINUTE, timeWindow: '1 minute' } })
  @HttpCode(200)
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const caller = callerOf(request, this.peers);
    const type = header(request, 'content-type');
    const { answer, recordId } = await this.log.read(caller, request.trace, request.body, type);
    // Nothing found takes as long as nothing that one may see.
    if (answer.processingActivities.length === 0) await untilBandEnds(request.arrivedAtMs);
    void reply.header('access-record', recordId);
    return answer;
  }
}
