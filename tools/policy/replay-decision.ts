import { contractById } from '#contracts/catalogue.js';
import type { ContractId, LevelAction } from '#contracts/contract.js';
import type { FieldGroup, PeerKind, PurposeCode, Role } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent, decideView } from '../../apps/gateway/src/policy/decide.js';
import type { Decision } from '../../apps/gateway/src/policy/decision.js';
import { GRANT_ROLES } from '../../apps/gateway/src/policy/grant-releases.js';
import type { Policy } from '../../apps/gateway/src/policy/policy.js';
import { formsReleased } from '../../apps/gateway/src/policy/reach.js';
import { VIEW_RULES, type ViewName } from '../../apps/gateway/src/policy/view-rules.js';
import { compareForms } from './compare-forms.js';

/** What of an access record is needed to make its decision again: codes alone, no case and no person. */
export interface RecordedDecision {
  readonly id: string;
  readonly action: string;
  readonly peerKind?: PeerKind;
  readonly purpose?: PurposeCode;
  readonly contract?: ContractId;
  readonly outcome: 'permit' | 'refuse';
  readonly code?: string;
  readonly policyVersion?: string;
  readonly role?: Role;
  readonly messagePurpose?: PurposeCode;
  readonly endedPurposes?: readonly PurposeCode[];
  /** View of an evaluation that names one. */
  readonly view?: ViewName;
  readonly released: readonly FieldGroup[];
}

export const VERDICTS = [
  'SAME',
  'NOW_REFUSED',
  'NOW_PERMITTED',
  'RELEASES_MORE',
  'RELEASES_LESS',
  'RELEASES_OTHER',
  'OUTSIDE_POLICY',
  'INCOMPLETE',
] as const;
/** `OUTSIDE_POLICY`: refused for want of a relation or of content, whatever the policy. `INCOMPLETE`: inputs are missing. */
export type Verdict = (typeof VERDICTS)[number];

const OF_THE_POLICY: readonly (string | undefined)[] = ['PURPOSE_NOT_ALLOWED', 'PURPOSE_REQUIRED', 'PURPOSE_ENDED'];
const VIEW_OF: Readonly<Record<string, ViewName>> = {
  'case.read': 'case',
  'dossier.read': 'dossier',
  'timeline.read': 'timeline',
};

/**
 * What would have become of a recorded decision under another policy. Pure. With the version under which it was taken,
 * properties and their forms are compared; without, the field groups that the record names.
 */
export function replayDecision(record: RecordedDecision, proposed: Policy, own?: Policy): Verdict {
  if (record.outcome === 'refuse' && !OF_THE_POLICY.includes(record.code)) return 'OUTSIDE_POLICY';
  const after = decideAgain(record, proposed);
  if (after === null) return 'INCOMPLETE';
  if (record.outcome === 'refuse') return after.permit ? 'NOW_PERMITTED' : 'SAME';
  if (!after.permit) return 'NOW_REFUSED';
  const before = own && decideAgain(record, own);
  const { more, less } = before?.permit
    ? compareForms(formsOf(record, before), formsOf(record, after))
    : compareGroups(record.released, after.released);
  if (more.length > 0) return less.length > 0 ? 'RELEASES_OTHER' : 'RELEASES_MORE';
  return less.length > 0 ? 'RELEASES_LESS' : 'SAME';
}

function decideAgain(record: RecordedDecision, policy: Policy): Decision | null {
  const { peerKind, purpose, contract: id, messagePurpose, endedPurposes = [] } = record;
  if (peerKind === undefined) return null;
  const grant = GRANT_ROLES.find((role) => role === record.role);
  const asking = { readerKind: peerKind, purpose, ...(grant ? { grant } : {}), endedPurposes };
  const view = viewOf(record);
  if (view) return decideView(policy, { ...asking, rules: VIEW_RULES[view] });
  if (id === undefined) return null;
  const from = messagePurpose ?? purpose;
  if (from === undefined) return null;
  return decideContent(policy, {
    ...asking,
    contract: contractById(id),
    rules: propertyRules(id),
    messagePurpose: from,
  });
}

const viewOf = ({ action, view }: RecordedDecision): ViewName | undefined => VIEW_OF[action] ?? view;

function formsOf(record: RecordedDecision, decision: Decision): ReadonlyMap<string, LevelAction> {
  if (!decision.permit) return new Map();
  const view = viewOf(record);
  if (view) return formsReleased(VIEW_RULES[view], decision.releases, null);
  const id = record.contract as ContractId;
  return formsReleased(propertyRules(id), decision.releases, contractById(id));
}

function compareGroups(before: readonly FieldGroup[], after: readonly FieldGroup[]) {
  return {
    more: after.filter((group) => !before.includes(group)),
    less: before.filter((group) => !after.includes(group)),
  };
}
