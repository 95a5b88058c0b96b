import { Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { header } from '../../http/agency-server.js';
import { readBody } from '../../http/validate-request.js';
import { Exchange, refusal } from '../exchange.js';
import { idOrNotAvailable } from '../path-id.js';
import { userReferenceOf } from '../user-reference.js';
import type { EndGrantRequest, GiveGrantRequest } from './case-grants.js';

type GiveBody = Pick<GiveGrantRequest, 'kind' | 'member' | 'person' | 'validUntil' | 'basis'>;
type EndBody = Pick<EndGrantRequest, 'reason'>;

/** Access of MRT members and of the national escalation, given and ended by the municipality of the case. */
@Controller('v1/cases/:caseId/grants')
export class GrantsController {
  constructor(@Inject(Exchange) private readonly exchange: Exchange) {}

  @Post()
  @HttpCode(201)
  async give(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('caseId') given: string,
  ) {
    const asked = await this.asked(request, given, 'grant.give');
    const body = await this.body<GiveBody>(request, 'grant', 'grant.give', asked.caseId);
    const grant = await this.exchange.giveGrant({ ...asked, ...body });
    void reply.header('access-record', grant.accessRecord.id);
    return grant;
  }

  @Post(':grantId/end')
  @HttpCode(200)
  async end(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('caseId') given: string,
    @Param('grantId') givenGrant: string,
  ) {
    const asked = await this.asked(request, given, 'grant.end');
    const grantId = await idOrNotAvailable(this.exchange, request, givenGrant, 'grant.end');
    const body = await this.body<EndBody>(request, 'grantEnd', 'grant.end', asked.caseId);
    const grant = await this.exchange.endGrant({ ...asked, grantId, ...body });
    void reply.header('access-record', grant.accessRecord.id);
    return grant;
  }

  private async asked(request: FastifyRequest, given: string, action: string) {
    const { peer, trace } = request;
    const caseId = await idOrNotAvailable(this.exchange, request, given, action);
    return { peer, trace, caseId, userReference: await userReferenceOf(this.exchange, request, action, { caseId }) };
  }

  private body<T>(request: FastifyRequest, name: 'grant' | 'grantEnd', action: string, caseId: string): Promise<T> {
    return this.exchange.orRefuse(
      () => readBody<T>(name, request.body, header(request, 'content-type')),
      (error) => ({ ...refusal(request.peer, action, error, request.trace), caseId }),
    );
  }
}
