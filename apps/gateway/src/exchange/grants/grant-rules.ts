import type { PurposeCode } from '#contracts/domain.js';
import { localDateAt } from '../../cases/calendar.js';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import { GatewayError } from '../../errors.js';
import { CASE_GRANTS, MAX_GRANT_DAYS, type CaseGrantKind } from '../../policy/grant.js';
import type { Policy } from '../../policy/policy.js';
import { purposeEnded } from '../../policy/purpose-ended.js';
import { isParty } from '../../policy/relation.js';

const DAY_MS = 86_400_000;

/** What someone wants to give: access for one person of one organisation, until a moment. */
export interface WantedGrant {
  readonly kind: CaseGrantKind;
  /** OIN. */
  readonly member: string;
  readonly validUntil: Date;
}

/**
 * Why the caller may not speak of the grants of this case: no relation (looks like no case at all), or a party that does
 * not lead the LSO. Null when it may. Pure.
 */
export function callerRefusal(snapshot: CaseSnapshot, callerOin: string, now: Date): GatewayError | null {
  const { parties } = snapshot;
  if (!isParty(parties, callerOin, localDateAt(now))) {
    return new GatewayError('CASE_NOT_AVAILABLE', 'not available', { reason: 'no party of the case' });
  }
  if (parties.some(({ kind, oin }) => kind === 'MUNICIPALITY' && oin === callerOin)) return null;
  return new GatewayError('NOT_ENTITLED_IN_CASE', 'only the municipality of the case gives and ends access');
}

/** Why this grant cannot be given in this case now; null when it can. Pure. */
export function grantRefusal(
  policy: Policy,
  snapshot: CaseSnapshot,
  wanted: WantedGrant,
  now: Date,
): GatewayError | null {
  const { purpose, members } = CASE_GRANTS[wanted.kind];
  if (purposeEnded(policy, purpose, snapshot)) {
    return new GatewayError('PURPOSE_ENDED', `${purpose} has ended in this case`);
  }
  const ofKind = snapshot.parties.filter(({ kind }) => members.includes(kind));
  if (!isParty(ofKind, wanted.member, localDateAt(now))) {
    return new GatewayError('GRANT_MEMBER_REFUSED', 'the organisation is no party of a kind that sits in this review');
  }
  const termMs = wanted.validUntil.getTime() - now.getTime();
  if (termMs > 0 && termMs <= MAX_GRANT_DAYS * DAY_MS) return null;
  return new GatewayError('GRANT_TERM_REFUSED', `a grant ends in the future, within ${MAX_GRANT_DAYS} days`);
}

export const purposeOfGrant = (kind: CaseGrantKind): PurposeCode => CASE_GRANTS[kind].purpose;
