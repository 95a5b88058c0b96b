import type { Contract, PropertyRule } from '#contracts/contract.js';
import type { PeerKind, PurposeCode, Role } from '#contracts/domain.js';
import type { Decision, Release } from './decision.js';
import type { Policy } from './policy.js';
import { purposeEnded, type PurposeFacts } from './purpose-ended.js';
import { reachOf } from './reach.js';
import { roleOf } from './role.js';

export interface ContentRequest {
  readonly readerKind: PeerKind;
  /** Header `Purpose-Of-Use`. */
  readonly purpose: PurposeCode | undefined;
  /** Purpose of the route by which this reader received the message. */
  readonly messagePurpose: PurposeCode;
  readonly contract: Contract;
  readonly rules: readonly PropertyRule[];
  /**
   * Purposes that had ended in the case before this message was accepted. The message's own purpose is never refused on
   * this ground: acceptance has decided on it, and what was accepted stays readable until the content's term ends.
   */
  readonly endedPurposes?: readonly PurposeCode[];
}

export interface CaseRequest {
  readonly readerKind: PeerKind;
  readonly purpose: PurposeCode | undefined;
  /** Rules of the view: which group each of its properties belongs to. */
  readonly rules: readonly PropertyRule[];
  readonly facts: PurposeFacts;
}

/**
 * Whether a reader may have the content of a message for a purpose, and what of it. The reader's relation to the case
 * has been established before (isParty). Pure; the same answer whether or not the content exists.
 */
export function decideContent(policy: Policy, request: ContentRequest): Decision {
  const { purpose, messagePurpose } = request;
  if (purpose === undefined) return refuse(policy, 'PURPOSE_REQUIRED', 'no purpose was named');
  if (purpose !== messagePurpose && !follows(policy, messagePurpose, purpose)) {
    return refuse(policy, 'PURPOSE_NOT_ALLOWED', `${purpose} does not follow from ${messagePurpose}`);
  }
  const granted = rowOf(policy, request.readerKind, purpose);
  if (granted === null) {
    return refuse(policy, 'PURPOSE_NOT_ALLOWED', `${request.readerKind} has no release for ${purpose}`);
  }
  if (purpose !== messagePurpose && (request.endedPurposes ?? []).includes(purpose)) {
    return refuse(policy, 'PURPOSE_ENDED', `${purpose} had ended before the message was accepted`);
  }
  const origin = purpose === messagePurpose ? 'is the purpose of the message' : `follows from ${messagePurpose}`;
  const releases = [...everyReceiver(policy, granted.releases), ...granted.releases];
  return {
    permit: true,
    role: granted.role,
    purpose,
    policyVersion: policy.version,
    releases,
    ...reachOf(request.rules, releases, request.contract),
    reasons: [`${purpose} ${origin}`, `${request.readerKind} is ${granted.role} for ${purpose}`],
  };
}

/**
 * Whether a party may consult the case, its dossier frame or its timeline for a purpose, and what of it. A purpose
 * whose end has passed in the case closes consultations; messages already received stay readable (decideContent).
 */
export function decideCase(policy: Policy, request: CaseRequest): Decision {
  const { purpose, readerKind } = request;
  if (purpose === undefined) return refuse(policy, 'PURPOSE_REQUIRED', 'no purpose was named');
  const granted = rowOf(policy, readerKind, purpose);
  if (granted === null) return refuse(policy, 'PURPOSE_NOT_ALLOWED', `${readerKind} has no release for ${purpose}`);
  if (purposeEnded(policy, purpose, request.facts)) {
    return refuse(policy, 'PURPOSE_ENDED', `${purpose} has ended in this case`);
  }
  return {
    permit: true,
    role: granted.role,
    purpose,
    policyVersion: policy.version,
    releases: granted.releases,
    ...reachOf(request.rules, granted.releases, null),
    reasons: [`${purpose} is open in this case`, `${readerKind} is ${granted.role} for ${purpose}`],
  };
}

/** Whether the policy lists `to` as a successor of `from`, directly or through others. A purpose follows not itself. */
export function follows(policy: Policy, from: PurposeCode, to: PurposeCode): boolean {
  const reached = new Set<PurposeCode>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const next = policy.purposes[at].successors.map(({ code }) => code).filter((code) => !reached.has(code));
    next.forEach((code) => reached.add(code));
    open.push(...next);
  }
  return reached.has(to);
}

function rowOf(
  policy: Policy,
  kind: PeerKind,
  purpose: PurposeCode,
): { role: Role; releases: readonly Release[] } | null {
  const role = roleOf(policy, kind, purpose);
  const releases = role === null ? undefined : policy.releases[`${purpose};${role}`];
  return role === null || releases === undefined ? null : { role, releases };
}

/** FG00 belongs to the message and not to its subject: whoever receives the message gets it. */
function everyReceiver(policy: Policy, row: readonly Release[]): Release[] {
  return Object.values(policy.fieldGroups)
    .filter((entry) => entry.everyReceiver === true && !row.some(({ group }) => group === entry.code))
    .map((entry) => ({ group: entry.code, level: 'F' }));
}

function refuse(
  policy: Policy,
  code: 'PURPOSE_NOT_ALLOWED' | 'PURPOSE_REQUIRED' | 'PURPOSE_ENDED',
  reason: string,
): Decision {
  return { permit: false, code, policyVersion: policy.version, reasons: [reason] };
}
