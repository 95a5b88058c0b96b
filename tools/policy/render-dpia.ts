import { KINDS_NL, LEVELS_NL, ROLES_NL, wordsOf } from '../../apps/gateway/src/policy/dutch-words.js';
import type { Policy, PurposeRole } from '../../apps/gateway/src/policy/policy.js';
import { termInDutch } from '../../apps/gateway/src/policy/retention.js';
import type { Role } from '#contracts/domain.js';
import type { RouteRelease } from './release-tables.js';
import { GENERATED } from './render-register.js';

const SENSITIVE = ['SC', 'CR', 'PD', 'BIO'];
const CLASS_NL: Readonly<Record<string, string>> = {
  O: 'gewoon',
  S: 'gevoelig',
  SC: 'bijzonder (AVG art. 9)',
  CR: 'strafrechtelijk (AVG art. 10)',
  PD: 'politiegegevens (Wpg)',
  BIO: 'biometrisch',
};

/** Input for the DPIA (AVG art. 35) in Dutch: what the policy says, so that the assessment starts from what is built. */
export function renderDpia(policy: Policy, tables: readonly RouteRelease[]): string {
  return [
    GENERATED,
    '',
    '# Invoer voor de DPIA',
    '',
    `Gemaakt uit beleid ${policy.version}, geldig vanaf ${policy.validFrom} (sha256 ${policy.digest}). Dit is de feitelijke`,
    'beschrijving van AVG art. 35 lid 7 onder a; de weging van noodzaak, evenredigheid en risico is aan de verantwoordelijken.',
    'Een DPIA is verplicht: grote schaal, kwetsbare mensen, bijzondere en strafrechtelijke gegevens.',
    ...chapter('Doelen', [
      '| doel | | eindigt | volgende doelen |\n| --- | --- | --- | --- |',
      ...Object.values(policy.purposes).map(
        ({ code, nl, ends, successors }) =>
          `| ${code} | ${nl} | ${ends} | ${successors.map((next) => `${next.code}: ${next.nl}`).join(' ') || 'geen'} |`,
      ),
    ]),
    ...chapter('Grondslagen', [
      '| code | grondslag | let op |\n| --- | --- | --- |',
      ...Object.values(policy.legalBases).map(({ code, nl, note }) => `| ${code} | ${nl} | ${note ?? ''} |`),
    ]),
    ...chapter('Gegevens', [
      '| groep | | gevoeligheid | rollen die er iets van krijgen |\n| --- | --- | --- | --- |',
      ...Object.values(policy.fieldGroups).map(
        ({ code, nl, classes }) =>
          `| ${code} | ${nl} | ${classes.map((one) => CLASS_NL[one]).join(', ')} | ${rolesWith(policy, code).join(', ') || 'niemand'} |`,
      ),
    ]),
    ...chapter('Wie krijgt wat waarvoor', [
      `Vormen: ${Object.entries(LEVELS_NL).map(([code, words]) => `${code} ${words}`).join('; ')}.`,
      '',
      '| doel | rol | gegevens |\n| --- | --- | --- |',
      ...Object.entries(policy.releases).map(([key, row = []]) => {
        const [purpose = '', role = ''] = key.split(';');
        const cells = row.map((release) => `${release.group}: ${wordsOf(release)}`).join('; ');
        return `| ${purpose} | ${ROLES_NL[role as Role]} | ${cells} |`;
      }),
    ]),
    ...chapter('Voorwaarden', [
      'Wat een rol hoogstens van een groep mag krijgen, staat in de matrix (`matrix.csv`); deze voorwaarden horen bij cellen daarvan.',
      '',
      '| nr | voorwaarde | groep: rollen |\n| --- | --- | --- |',
      ...policy.conditions.map(({ number, nl }) => `| ${number} | ${nl} | ${cellsWith(policy, number)} |`),
    ]),
    ...chapter('Bijzondere, strafrechtelijke en politiegegevens, per bericht', [
      '| bericht | ontvanger | doel | gegevens |\n| --- | --- | --- | --- |',
      ...tables.flatMap((table) => sensitiveRow(policy, table)),
    ]),
    ...chapter('Bewaren', [
      '| soort | termijn | bron |\n| --- | --- | --- |',
      ...Object.values(policy.retention).map((term) => `| ${term.nl} | ${termInDutch(term)} | ${term.source} |`),
    ]),
    ...chapter('Verwerkingen', [
      'Zie [register-of-processing-activities.md](register-of-processing-activities.md). Vertrouwelijk:',
      ...Object.values(policy.activities)
        .filter(({ confidential }) => confidential)
        .map(({ nl, controllers }) => `- ${nl} (${controllers.map((kind) => KINDS_NL[kind]).join(', ')})`),
    ]),
    ...chapter('Wat te wegen blijft', [
      'Waar de grondslag zwak of niet bevestigd is, staat dat hierboven onder "let op". Termijnen die een voorstel zijn, zijn niet',
      'vastgesteld. Maatregelen en wat zichtbaar blijft: [threat-model.md](threat-model.md).',
    ]),
    '',
  ].join('\n'); // prettier-ignore
}

const chapter = (title: string, lines: readonly string[]): readonly string[] => ['', `## ${title}`, '', ...lines];

/** `FG16: DT, MC; FG28: AV`. */
function cellsWith({ matrix }: Policy, condition: number): string {
  return Object.entries(matrix)
    .map(([group, cells]) => {
      const roles = Object.entries(cells).filter(([, cell]) => cell?.condition === condition);
      return roles.length === 0 ? '' : `${group}: ${roles.map(([role]) => role).join(', ')}`;
    })
    .filter((cell) => cell !== '')
    .join('; ');
}

function rolesWith(policy: Policy, group: string): string[] {
  const keys = Object.keys(policy.releases) as PurposeRole[];
  const roles = keys
    .filter((key) => policy.releases[key]?.some((release) => release.group === group))
    .map((key) => key.split(';')[1] ?? '');
  return [...new Set(roles)].sort();
}

function sensitiveRow(policy: Policy, { contract, route, released }: RouteRelease): string[] {
  const groups = released.filter(({ group }) =>
    policy.fieldGroups[group]?.classes.some((one) => SENSITIVE.includes(one)),
  );
  if (groups.length === 0) return [];
  const cells = groups.map(
    (release) => `${release.group} ${policy.fieldGroups[release.group]?.nl}: ${wordsOf(release)}`,
  );
  return [`| ${contract.id} ${contract.dutch} | ${KINDS_NL[route.to]} | ${route.purpose} | ${cells.join('; ')} |`];
}
