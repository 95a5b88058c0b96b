import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import type { GrantRole } from './grant-releases.js';

/** Time-boxed access of one person of a party to one case. A national view of officers is another thing. */
export const CASE_GRANT_KINDS = ['MRT', 'NATIONAL_ESCALATION'] as const;
export type CaseGrantKind = (typeof CASE_GRANT_KINDS)[number];

/** What a grant opens, and whose people may have one. */
export interface CaseGrantRule {
  readonly purpose: PurposeCode;
  readonly role: GrantRole;
  /** AVIM and COA sit in neither: what they know reaches the table through others (domain E-02, AS-35). */
  readonly members: readonly PeerKind[];
}

export const CASE_GRANTS: Readonly<Record<CaseGrantKind, CaseGrantRule>> = {
  MRT: { purpose: 'P07', role: 'MR', members: ['MUNICIPALITY', 'NGO', 'IND', 'DTV'] },
  NATIONAL_ESCALATION: { purpose: 'P08', role: 'NE', members: ['IND', 'DTV'] },
};

/** A review takes six weeks at most with its preparation; who needs longer is given a new grant, on the record. */
export const MAX_GRANT_DAYS = 30;

/** One grant of a person in a case. */
export interface CaseGrant {
  readonly id: string;
  readonly validFrom: Date;
  /** Exclusive. */
  readonly validUntil: Date;
  /** The advice was given, or the grant was taken back. */
  readonly endedAt: Date | null;
}

/** `over`: this person had access and has it no more, which is not the same as never having had it. */
export type GrantStanding =
  | { readonly state: 'running'; readonly grantId: string; readonly role: GrantRole }
  | { readonly state: 'over'; readonly grantId: string }
  | { readonly state: 'none' };

/** The kind of grant that opens a purpose; undefined for a purpose that needs none. */
export function grantKindFor(purpose: PurposeCode | undefined): CaseGrantKind | undefined {
  return CASE_GRANT_KINDS.find((kind) => CASE_GRANTS[kind].purpose === purpose);
}

/**
 * How the grants of one kind that one person has had in one case stand at a moment. Of several that run the one that
 * runs longest counts; of several that are over the last.
 */
export function grantStanding(
  kind: CaseGrantKind,
  memberKind: PeerKind,
  grants: readonly CaseGrant[],
  at: Date,
): GrantStanding {
  const { role, members } = CASE_GRANTS[kind];
  const begun = grants.filter(({ validFrom }) => validFrom <= at);
  const latest = begun.toSorted((a, b) => endOf(a) - endOf(b)).at(-1);
  if (latest === undefined) return { state: 'none' };
  if (endOf(latest) <= at.getTime() || !members.includes(memberKind)) return { state: 'over', grantId: latest.id };
  return { state: 'running', grantId: latest.id, role };
}

function endOf({ validUntil, endedAt }: CaseGrant): number {
  return Math.min(validUntil.getTime(), endedAt?.getTime() ?? Infinity);
}
