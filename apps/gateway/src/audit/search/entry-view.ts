import { contractById } from '#contracts/catalogue.js';
import type { FieldGroup } from '#contracts/domain.js';
import { ERRORS } from '../../errors.js';
import type { PeerRegister } from '../../peers/peer-register.js';
import type { Policy } from '../../policy/policy.js';
import { entrySentence } from './entry-sentence.js';
import { shownTo, type PlainRecord } from './plain-record.js';

/** One record in words, as an officer reads it in a list. */
export type EntryView = ReturnType<typeof entryView>;

export interface Names {
  readonly peers: Pick<PeerRegister, 'byOin'>;
  readonly policy: Policy;
}

/** Members that a record does not have are absent; employees' references only for `oin`'s own record. */
export function entryView({ peers, policy }: Names, oin: string, given: PlainRecord) {
  const { record } = shownTo(oin, given);
  const { peer, purpose, contract, decision, fieldGroups } = record;
  const named = (one: string) => ({ oin: one, name: peers.byOin(one)?.name ?? null });
  const title = titleOf(decision.code);
  const nl = entrySentence({
    name: peer?.oin === undefined ? null : named(peer.oin).name,
    byGateway: peer?.kind === 'GATEWAY',
    action: record.action,
    contract: contract === undefined ? null : contractById(contract.id).dutch,
    permitted: decision.outcome === 'permit',
    title: title ?? null,
  });
  const group = (code: FieldGroup) => ({ code, nl: policy.fieldGroups[code]?.nl ?? code });
  return {
    id: record.id,
    at: record.at,
    nl,
    kind: record.kind,
    action: record.action,
    ...(peer?.oin === undefined
      ? {}
      : { peer: { ...named(peer.oin), ...optional('kind', peer.kind), ...optional('officer', peer.officer) } }),
    ...optional('userReference', record.userReference),
    ...(purpose === undefined ? {} : { purpose: { code: purpose, nl: policy.purposes[purpose].nl } }),
    decision: {
      outcome: decision.outcome,
      ...optional('code', decision.code),
      ...optional('title', title),
      ...optional('role', decision.role),
      ...optional('policyVersion', decision.policyVersion),
      reasons: decision.reasons,
    },
    ...optional('caseId', record.caseId),
    ...optional('messageId', record.messageId),
    ...(contract === undefined ? {} : { contract: { ...contract, nl: contractById(contract.id).dutch } }),
    ...optional('processingActivity', record.processingActivity),
    legalBases: record.legalBases,
    fieldGroups: { released: fieldGroups.released.map(group), withheld: fieldGroups.withheld.map(group) },
    ...(record.source === undefined ? {} : { source: named(record.source) }),
    ...(record.municipality === undefined ? {} : { municipality: named(record.municipality) }),
    recipients: (record.recipients ?? []).map(named),
    ...optional('traceId', record.traceId),
  };
}

/** The words of the error catalogue; a handshake was refused with a code of its own. */
function titleOf(code: string | undefined): string | undefined {
  return code === undefined ? undefined : (ERRORS as Partial<Record<string, { title: string }>>)[code]?.title;
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [K in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [K in Name]: Value });
}
