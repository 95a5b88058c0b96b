import type { Release } from '../../apps/gateway/src/policy/decision.js';
import { KINDS_NL, ROLES_NL, wordsOf } from '../../apps/gateway/src/policy/dutch-words.js';
import type { Policy } from '../../apps/gateway/src/policy/policy.js';
import type { MessageChange, OtherChange, PolicyDiff, ReleaseChange } from './policy-diff.js';

const EFFECTS = { GAINS: 'krijgt meer', LOSES: 'krijgt minder', CHANGES: 'krijgt iets anders' } as const;
const IN_EFFECT = {
  NOW_PERMITTED: 'krijgt toegang',
  NOW_REFUSED: 'verliest toegang',
  CHANGES: 'ziet het anders',
} as const;
const WHAT: Readonly<Record<OtherChange['what'], string>> = {
  SUCCESSOR: 'opvolger van een doel',
  END: 'einde van een doel',
  ROLE: 'rol',
  RETENTION: 'bewaartermijn',
  ACTIVITY: 'verwerking',
  LEGAL_BASIS: 'grondslag',
  MATRIX: 'bovengrens',
  FIELD_GROUP: 'gegevensgroep',
};

/** The differences in Dutch, for who proposes a version and for who must agree. */
export function renderDiff(policy: Policy, { versions, same, releases, messages, others }: PolicyDiff): string {
  const title = `Van versie ${versions[0]} naar ${versions[1]}`;
  if (same) return `${title}: geen verschil in wat wordt verstrekt, hoe lang iets wordt bewaard en waarop het rust.\n`;
  return [
    title,
    ...section(
      'Wie krijgt meer of minder, per doel en rol',
      releases.map((change) => release(policy, change)),
    ),
    ...section('Wat dat doet met de berichten', messages.map(message)),
    ...section('Overige wijzigingen', others.map(other)),
    '',
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

function release(policy: Policy, { purpose, role, group, effect, before, after }: ReleaseChange): string {
  const words = (one: Release | undefined): string => (one === undefined ? 'niets' : wordsOf(one));
  const nl = policy.fieldGroups[group]?.nl ?? group;
  const who = `${role} (${ROLES_NL[role]})`;
  const what = `${group} ${nl}: ${words(before)} -> ${words(after)}`;
  return `  ${purpose} ${policy.purposes[purpose].nl}, ${who} ${EFFECTS[effect]}: ${what}`;
}

function message({ contract, receiver, purpose, effect, appear, disappear }: MessageChange): string {
  const names = (sign: string, pointers: readonly string[]): string[] =>
    pointers.map((pointer) => `${sign}${pointer.slice(1)}`);
  const properties = [...names('+', appear), ...names('-', disappear)].join(' ');
  return `  ${contract} voor ${purpose}: ${KINDS_NL[receiver]} ${IN_EFFECT[effect]}${properties === '' ? '' : `: ${properties}`}`;
}

function other({ what, key, before, after }: OtherChange): string {
  return `  ${WHAT[what]} ${key}: ${before ?? 'niet'} -> ${after ?? 'niet'}`;
}
