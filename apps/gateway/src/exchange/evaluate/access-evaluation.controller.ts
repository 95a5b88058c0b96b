import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PurposeCode } from '#contracts/domain.js';
import { UUID_PATTERN } from '../../http/api-schemas.js';
import { header } from '../../http/agency-server.js';
import { untilBandEnds } from '../../http/not-available-band.js';
import { readBody } from '../../http/validate-request.js';
import type { ViewName } from '../../policy/view-rules.js';
import { traceOf } from '../../trace-context.js';
import { Exchange, refusal } from '../exchange.js';
import { contractOfType } from './contract-of-type.js';

const ACTION = 'access.evaluate';
const UUID = new RegExp(UUID_PATTERN);

interface Body {
  readonly subject: { readonly type: 'user' | 'organisation'; readonly id: string };
  readonly resource: { readonly type: ViewName | 'contract'; readonly id: string };
  readonly context?: { readonly traceparent?: string; readonly purpose?: PurposeCode };
}

/**
 * AuthZEN Authorization API, NL GOV profile: the same dry run in the standard's words. A denial is an answer, not an
 * error. `processing_activity_id` is taken and left alone: ours follows from the policy.
 */
@Controller('access/v1/evaluation')
export class AccessEvaluationController {
  constructor(@Inject(Exchange) private readonly exchange: Exchange) {}

  @Post()
  @HttpCode(200)
  async evaluate(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const { peer } = request;
    const { subject, resource, context, target } = await this.exchange.orRefuse(
      () => {
        const body = readBody<Body>('accessEvaluation', request.body, header(request, 'content-type'));
        return { ...body, target: targetOf(body, peer.oin) };
      },
      (error) => refusal(peer, ACTION, error, request.trace),
    );
    const evaluation = await this.exchange.evaluate({
      peer,
      trace: context?.traceparent === undefined ? request.trace : traceOf(context.traceparent),
      action: ACTION,
      userReference: subject.type === 'user' ? subject.id : undefined,
      purpose: context?.purpose,
      ...target,
    });
    if (resource.type !== 'contract') await untilBandEnds(request.arrivedAtMs);
    const { permit, code, reasons, policyVersion, basis, accessRecord } = evaluation;
    void reply.header('access-record', accessRecord.id);
    const why = { ...(code ? { code } : {}), reasons, policyVersion, basis, accessRecord };
    return { decision: permit, context: why };
  }
}

/** What is asked about. @throws GatewayError `CONTRACT_UNKNOWN` */
function targetOf({ subject, resource }: Body, callerOin: string) {
  // An organisation asks for itself and for its own people.
  if (subject.type === 'organisation' && subject.id !== callerOin) return { otherSubject: true } as const;
  if (resource.type === 'contract') {
    const contract = contractOfType(resource.id);
    return contract ? { contract: contract.id } : {};
  }
  // What is no id at all is answered as an id of no case.
  return { view: resource.type, ...(UUID.test(resource.id) ? { caseId: resource.id } : {}) };
}
