import { CONTRACTS } from '#contracts/catalogue.js';
import type { Contract } from '#contracts/contract.js';
import {
  PEER_KINDS,
  PURPOSES,
  type FieldGroup,
  type PeerKind,
  type PurposeCode,
  type Role,
} from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent } from '../../apps/gateway/src/policy/decide.js';
import type { Release } from '../../apps/gateway/src/policy/decision.js';
import { allowsLevel } from '../../apps/gateway/src/policy/matrix-bound.js';
import type { KindPurpose, Policy, PurposeRole } from '../../apps/gateway/src/policy/policy.js';
import { formsReleased } from '../../apps/gateway/src/policy/reach.js';
import { compareForms } from './compare-forms.js';

export interface ReleaseChange {
  readonly purpose: PurposeCode;
  readonly role: Role;
  readonly group: FieldGroup;
  readonly effect: 'GAINS' | 'LOSES' | 'CHANGES';
  readonly before?: Release;
  readonly after?: Release;
}

/** In effect: what a receiver of a message sees of it for a purpose. */
export interface MessageChange {
  readonly contract: string;
  readonly receiver: PeerKind;
  readonly purpose: PurposeCode;
  readonly effect: 'NOW_PERMITTED' | 'NOW_REFUSED' | 'CHANGES';
  /** Properties (JSON pointers) that are shown, or shown in a wider form; and the other way round. */
  readonly appear: readonly string[];
  readonly disappear: readonly string[];
}

/** Something of the policy that is not a release: a successor, an end, a role, a term, an activity. */
export interface OtherChange {
  readonly what: 'SUCCESSOR' | 'END' | 'ROLE' | 'RETENTION' | 'ACTIVITY' | 'LEGAL_BASIS' | 'MATRIX' | 'FIELD_GROUP';
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface PolicyDiff {
  readonly versions: readonly [string, string];
  readonly same: boolean;
  readonly releases: readonly ReleaseChange[];
  readonly messages: readonly MessageChange[];
  readonly others: readonly OtherChange[];
}

/** Who gains and who loses what, from one version to another. Pure; version, first day and digest do not count. */
export function diffPolicies(before: Policy, after: Policy): PolicyDiff {
  const releases = releaseChanges(before, after);
  const messages = CONTRACTS.flatMap((contract) => messageChanges(before, after, contract));
  const others = otherChanges(before, after);
  const same = releases.length + messages.length + others.length === 0;
  return { versions: [before.version, after.version], same, releases, messages, others };
}

function releaseChanges(before: Policy, after: Policy): ReleaseChange[] {
  const keys = [...new Set([...Object.keys(before.releases), ...Object.keys(after.releases)])].sort();
  return keys.flatMap((key) => {
    const [purpose, role] = key.split(';') as [PurposeCode, Role];
    const [old, now] = [before.releases[key as PurposeRole] ?? [], after.releases[key as PurposeRole] ?? []];
    const groups = [...new Set([...old, ...now].map(({ group }) => group))].sort();
    return groups.flatMap((group) => {
      const [was, is] = [old, now].map((row) => row.find((release) => release.group === group));
      const effect = effectOf(was, is);
      return effect
        ? [{ purpose, role, group, effect, ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) }]
        : [];
    });
  });
}

/** A condition narrows; a level that the other allows is narrower. What is neither wider nor narrower changes. */
function effectOf(was: Release | undefined, is: Release | undefined): ReleaseChange['effect'] | null {
  if (was === undefined || is === undefined) return was === is ? null : was === undefined ? 'GAINS' : 'LOSES';
  if (was.level === is.level && was.condition === is.condition) return null;
  const within = (narrow: Release, wide: Release): boolean =>
    allowsLevel(wide.level, narrow.level) && (wide.condition === undefined || wide.condition === narrow.condition);
  if (within(is, was)) return 'LOSES';
  return within(was, is) ? 'GAINS' : 'CHANGES';
}

function messageChanges(before: Policy, after: Policy, contract: Contract): MessageChange[] {
  const rules = propertyRules(contract.id);
  return contract.routes.flatMap(({ to, purpose: messagePurpose }) =>
    PURPOSES.flatMap((purpose) => {
      const [old, now] = [before, after].map((policy) =>
        decideContent(policy, { readerKind: to, purpose, messagePurpose, contract, rules }),
      );
      const forms = [old, now].map((decision) =>
        decision?.permit ? formsReleased(rules, decision.releases, contract) : new Map<string, never>(),
      ) as [ReadonlyMap<string, never>, ReadonlyMap<string, never>];
      const { more, less } = compareForms(...forms);
      const effect = old?.permit === now?.permit ? 'CHANGES' : now?.permit ? 'NOW_PERMITTED' : 'NOW_REFUSED';
      if (effect === 'CHANGES' && more.length + less.length === 0) return [];
      return [{ contract: contract.id, receiver: to, purpose, effect, appear: more, disappear: less } as const];
    }),
  );
}

function otherChanges(before: Policy, after: Policy): OtherChange[] {
  const compare = (what: OtherChange['what'], tell: (policy: Policy) => Readonly<Record<string, string>>) => {
    const [old, now] = [tell(before), tell(after)];
    return [...new Set([...Object.keys(old), ...Object.keys(now)])]
      .sort()
      .filter((key) => old[key] !== now[key])
      .map((key) => ({ what, key, before: old[key] ?? null, after: now[key] ?? null }));
  };
  const told = (entries: Readonly<Record<string, unknown>>): Record<string, string> =>
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, JSON.stringify(value)]));
  return [
    ...compare('SUCCESSOR', (policy) =>
      Object.fromEntries(
        PURPOSES.flatMap((from) => policy.purposes[from].successors.map(({ code, nl }) => [`${from} -> ${code}`, nl])),
      ),
    ),
    ...compare('END', (policy) => Object.fromEntries(PURPOSES.map((code) => [code, policy.purposes[code].ends]))),
    ...compare('ROLE', (policy) =>
      Object.fromEntries(
        PEER_KINDS.flatMap((kind) =>
          PURPOSES.flatMap((purpose) => {
            const key: KindPurpose = `${kind};${purpose}`;
            return policy.roles[key] ? [[key, policy.roles[key]]] : [];
          }),
        ),
      ),
    ),
    ...compare('RETENTION', ({ retention }) => told(retention)),
    ...compare('ACTIVITY', ({ activities }) => told(activities)),
    ...compare('LEGAL_BASIS', ({ legalBases }) => told(legalBases)),
    ...compare('MATRIX', ({ matrix }) => told(matrix)),
    ...compare('FIELD_GROUP', ({ fieldGroups }) => told(fieldGroups)),
  ];
}
