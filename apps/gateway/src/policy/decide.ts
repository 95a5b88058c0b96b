import type { Contract, PropertyRule } from '#contracts/contract.js';
import type { PeerKind, PurposeCode, Role } from '#contracts/domain.js';
import type { Decision, RefusalGround, Release } from './decision.js';
import { grantReleases, type GrantRole } from './grant-releases.js';
import type { Policy } from './policy.js';
import { purposeEnded, type PurposeFacts } from './purpose-ended.js';
import { reachOf } from './reach.js';
import { roleOf } from './role.js';

interface Asking {
  readonly readerKind: PeerKind;
  /** Header `Purpose-Of-Use`. */
  readonly purpose: PurposeCode | undefined;
  /** Role of a running grant of this reader in this case, for the purpose of the grant. Never from a request. */
  readonly grant?: GrantRole;
}

export interface ContentRequest extends Asking {
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

export interface ViewRequest extends Asking {
  /** Rules of the view: which group each of its properties belongs to. */
  readonly rules: readonly PropertyRule[];
  /** Purposes whose end has passed in the case. */
  readonly endedPurposes: readonly PurposeCode[];
}

export interface CaseRequest extends Asking {
  readonly rules: readonly PropertyRule[];
  readonly facts: PurposeFacts;
}

/**
 * Whether a reader may have the content of a message for a purpose, and what of it. The reader's relation to the case
 * has been established before (isParty). Pure; the same answer whether or not the content exists.
 */
export function decideContent(policy: Policy, request: ContentRequest): Decision {
  const { purpose, messagePurpose, grant } = request;
  if (purpose === undefined) return refuse(policy, 'NO_PURPOSE', 'no purpose was named');
  // A grant is itself the decision that its purpose may use what the case holds.
  if (purpose !== messagePurpose && grant === undefined && !follows(policy, messagePurpose, purpose)) {
    return refuse(policy, 'NO_SUCCESSOR', `${purpose} does not follow from ${messagePurpose}`);
  }
  const granted = rowOf(policy, request, purpose);
  if ('ground' in granted) return refuse(policy, granted.ground, noRelease(request, purpose));
  if (purpose !== messagePurpose && (request.endedPurposes ?? []).includes(purpose)) {
    return refuse(policy, 'ENDED', `${purpose} had ended before the message was accepted`);
  }
  const releases = [...everyReceiver(policy, granted.releases), ...granted.releases];
  return {
    permit: true,
    role: granted.role,
    purpose,
    policyVersion: policy.version,
    releases,
    ...reachOf(request.rules, releases, request.contract),
    reasons: [originOf(request, purpose), `${request.readerKind} is ${granted.role} for ${purpose}`],
  };
}

/**
 * Whether a party may consult the case, its dossier frame or its timeline for a purpose, and what of it. A purpose
 * whose end has passed in the case closes consultations; messages already received stay readable (decideContent).
 */
export function decideCase(policy: Policy, { facts, ...request }: CaseRequest): Decision {
  const { purpose } = request;
  const ended = purpose !== undefined && purposeEnded(policy, purpose, facts);
  return decideView(policy, { ...request, endedPurposes: ended ? [purpose] : [] });
}

/** The same of a case of which only the ended purposes are known. */
export function decideView(policy: Policy, request: ViewRequest): Decision {
  const { purpose, readerKind } = request;
  if (purpose === undefined) return refuse(policy, 'NO_PURPOSE', 'no purpose was named');
  const granted = rowOf(policy, request, purpose);
  if ('ground' in granted) return refuse(policy, granted.ground, noRelease(request, purpose));
  if (request.endedPurposes.includes(purpose)) {
    return refuse(policy, 'ENDED', `${purpose} has ended in this case`);
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

type Row = { readonly role: Role; readonly releases: readonly Release[] };

/** The one row of the release table that is asked; with a grant, that of the grant within the reader's own column. */
function rowOf(policy: Policy, asking: Asking, purpose: PurposeCode): Row | { readonly ground: RefusalGround } {
  const own = roleOf(policy, asking.readerKind, purpose);
  if (own === null) return { ground: 'NO_ROLE' };
  const role = asking.grant ?? own;
  const row = policy.releases[`${purpose};${role}`];
  if (row === undefined) return { ground: 'NO_ROW' };
  return { role, releases: asking.grant === undefined ? row : grantReleases(policy, row, own) };
}

const noRelease = ({ readerKind, grant }: Asking, purpose: PurposeCode): string =>
  `${grant === undefined ? readerKind : `the grant ${grant} of ${readerKind}`} has no release for ${purpose}`;

function originOf({ messagePurpose, grant }: ContentRequest, purpose: PurposeCode): string {
  if (purpose === messagePurpose) return `${purpose} is the purpose of the message`;
  return grant === undefined ? `${purpose} follows from ${messagePurpose}` : `${purpose} was granted`;
}

/** FG00 belongs to the message and not to its subject: whoever receives the message gets it. */
function everyReceiver(policy: Policy, row: readonly Release[]): Release[] {
  return Object.values(policy.fieldGroups)
    .filter((entry) => entry.everyReceiver === true && !row.some(({ group }) => group === entry.code))
    .map((entry) => ({ group: entry.code, level: 'F' }));
}

const CODES = {
  NO_PURPOSE: 'PURPOSE_REQUIRED',
  NO_SUCCESSOR: 'PURPOSE_NOT_ALLOWED',
  NO_ROLE: 'PURPOSE_NOT_ALLOWED',
  NO_ROW: 'PURPOSE_NOT_ALLOWED',
  ENDED: 'PURPOSE_ENDED',
} as const satisfies Record<RefusalGround, string>;

function refuse(policy: Policy, ground: RefusalGround, reason: string): Decision {
  return { permit: false, code: CODES[ground], ground, policyVersion: policy.version, reasons: [reason] };
}
