import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PurposeCode } from '#contracts/domain.js';
import { header } from '../../http/agency-server.js';
import { untilBandEnds } from '../../http/not-available-band.js';
import { readBody } from '../../http/validate-request.js';
import type { ViewName } from '../../policy/view-rules.js';
import { Exchange, refusal } from '../exchange.js';
import { userReferenceOf } from '../user-reference.js';
import { contractOfType } from './contract-of-type.js';

const ACTION = 'policy.evaluate';

interface Body {
  readonly purpose: PurposeCode;
  /** CloudEvents type. */
  readonly contract?: string;
  readonly view?: ViewName;
  readonly messagePurpose?: PurposeCode;
  readonly caseId?: string;
}

/** A dry run of the policy for the caller itself: nobody evaluates for another. */
@Controller('v1/policy-evaluations')
export class PolicyEvaluationsController {
  constructor(@Inject(Exchange) private readonly exchange: Exchange) {}

  @Post()
  @HttpCode(200)
  async evaluate(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const { peer, trace } = request;
    const { contract, ...asked } = await this.exchange.orRefuse(
      () => {
        const body = readBody<Body>('policyEvaluation', request.body, header(request, 'content-type'));
        return { ...body, contract: contractOfType(body.contract) };
      },
      (error) => refusal(peer, ACTION, error, trace),
    );
    const userReference = await userReferenceOf(this.exchange, request, ACTION);
    const named = contract ? { contract: contract.id } : {};
    const evaluation = await this.exchange.evaluate({ peer, trace, action: ACTION, userReference, ...asked, ...named });
    // Whether there is such a case must not show in the time either.
    if (asked.caseId !== undefined) await untilBandEnds(request.arrivedAtMs);
    void reply.header('access-record', evaluation.accessRecord.id);
    return evaluation;
  }
}
