import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { header } from '../http/agency-server.js';
import { idOrNotAvailable } from './path-id.js';
import { readBody } from '../http/validate-request.js';
import type { ViewName } from '../policy/view-rules.js';
import type { SearchRequest } from './consult/search-record.js';
import { Exchange, refusal } from './exchange.js';
import { userReferenceOf } from './user-reference.js';

const SEARCHES_A_MINUTE = 60;

/** Consultations: a person at an agency looks, with a purpose and a reference of who it is. */
@Controller('v1/cases')
export class CasesController {
  constructor(@Inject(Exchange) private readonly exchange: Exchange) {}

  @Get(':caseId')
  readCase(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('caseId') given: string,
  ) {
    return this.read(request, reply, given, 'case');
  }

  @Get(':caseId/dossier')
  readDossier(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('caseId') given: string,
  ) {
    return this.read(request, reply, given, 'dossier');
  }

  @Get(':caseId/timeline')
  readTimeline(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('caseId') given: string,
  ) {
    return this.read(request, reply, given, 'timeline');
  }

  @Post('_search')
  @RouteConfig({ rateLimit: { max: SEARCHES_A_MINUTE, timeWindow: '1 minute' } })
  @HttpCode(200)
  async search(@Req() request: FastifyRequest) {
    const { peer, trace } = request;
    const by = await this.exchange.orRefuse(
      () => readBody<SearchRequest['by']>('search', request.body, header(request, 'content-type')),
      (error) => refusal(peer, 'cases.search', error, trace),
    );
    const items = await this.exchange.search({
      peer,
      by,
      purpose: header(request, 'purpose-of-use'),
      userReference: await userReferenceOf(this.exchange, request, 'cases.search'),
      trace,
    });
    return { items };
  }

  private async read(request: FastifyRequest, reply: FastifyReply, given: string, view: ViewName) {
    const caseId = await idOrNotAvailable(this.exchange, request, given, `${view}.read`);
    const consultation = await this.exchange.consult({
      peer: request.peer,
      caseId,
      view,
      purpose: header(request, 'purpose-of-use'),
      userReference: await userReferenceOf(this.exchange, request, `${view}.read`, { caseId }),
      trace: request.trace,
    });
    void reply.header('access-record', consultation.accessRecord.id);
    return consultation;
  }
}
