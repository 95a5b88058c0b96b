import { PURPOSES, type PeerKind } from '#contracts/domain.js';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import { GatewayError } from '../../errors.js';
import type { Decision } from '../../policy/decision.js';
import { decideView } from '../../policy/decide.js';
import type { Policy } from '../../policy/policy.js';
import { project } from '../../policy/project.js';
import { VIEW_RULES } from '../../policy/view-rules.js';
import { caseView } from './views.js';

export interface FoundCase {
  readonly caseId: string;
  readonly pilot: string;
  readonly state: string;
}

export interface SearchQuestion {
  readonly peer: { readonly kind: PeerKind };
  readonly purpose: string | undefined;
  readonly userReference: string | undefined;
}

export type Permitted = Extract<Decision, { permit: true }>;

/** Search is by exact number only, and never for NGO, AVIM, COA or the programme bureau (design 5). */
const MAY_SEARCH: readonly PeerKind[] = ['MUNICIPALITY', 'IND', 'DTV'];
const SHOWN = ['/caseId', '/pilot', '/state'];
/** A search shows a part of the view of a case, by the same rules: it is no way round them. */
const FOUND_RULES = VIEW_RULES.case.filter(({ pointer }) => SHOWN.includes(pointer));

/**
 * Whether this caller searches for this purpose at all, and what a found case would show. Decided before anything is
 * looked up, so that a refusal tells nothing. Whether the purpose has ended is a matter of each case that is found.
 */
export function decideSearch(policy: Policy, question: SearchQuestion): Permitted | GatewayError {
  const { peer, userReference } = question;
  if (!MAY_SEARCH.includes(peer.kind)) return new GatewayError('SEARCH_NOT_ALLOWED', `${peer.kind} does not search`);
  if (!userReference) return new GatewayError('USER_REFERENCE_REQUIRED', 'a consultation is made by a person');
  const purpose = PURPOSES.find((code) => code === question.purpose);
  if (question.purpose !== undefined && !purpose)
    return new GatewayError('PURPOSE_NOT_ALLOWED', 'Purpose-Of-Use names no purpose');
  const decision = decideView(policy, { readerKind: peer.kind, purpose, rules: FOUND_RULES, endedPurposes: [] });
  if (!decision.permit) return new GatewayError(decision.code, decision.reasons.join('; '));
  // Figures, capacity, security: a purpose of the caller's, but none for which it may know of one case.
  if (!decision.released.includes('FG01'))
    return new GatewayError('PURPOSE_NOT_ALLOWED', `${decision.role} gets no case for ${decision.purpose}`);
  return decision;
}

/** What the decision lets through of one found case. */
export function foundCase(snapshot: CaseSnapshot, { releases }: Permitted, readerOin: string): FoundCase {
  const shown = project(caseView(snapshot), FOUND_RULES, releases, { contract: null, sender: null, readerOin });
  return shown as unknown as FoundCase;
}
