import { parseArgs } from 'node:util';
import { CONTRACTS } from '#contracts/catalogue.js';
import { PEER_KINDS, PURPOSES } from '#contracts/domain.js';
import { explain, type Explanation } from '../../apps/gateway/src/policy/explain.js';
import { GRANT_ROLES } from '../../apps/gateway/src/policy/grant-releases.js';
import { loadPolicyBook } from '../../apps/gateway/src/policy/load-policy-book.js';
import type { PolicyQuestion } from '../../apps/gateway/src/policy/policy-question.js';
import { UsageError, type Command } from './command.js';
import { POLICY_DIR, policyOf } from './policy-argument.js';

const VIEWS = ['case', 'dossier', 'timeline'] as const;
const OPTIONS = {
  kind: { type: 'string' },
  purpose: { type: 'string' },
  contract: { type: 'string' },
  'message-purpose': { type: 'string' },
  view: { type: 'string' },
  grant: { type: 'string' },
  ended: { type: 'string', multiple: true },
  policy: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const EXPLAIN: Command = {
  help: `explain --kind <kind> --purpose <P..> [--contract <M..> [--message-purpose <P..>] | --view case|dossier|timeline]
        [--grant MR|NE] [--ended <P..>]... [--policy <version or folder>] [--json]

Whether the policy permits it, by which line, and what is released and withheld, in Dutch. Without --contract and --view:
the whole row. Default: the version in force today. Example:
  npm run policy -- explain --kind MUNICIPALITY --purpose P04 --contract M08
Exit code: 0 permitted, 1 refused.`,
  run: (args, print) => {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const policy = values.policy === undefined ? loadPolicyBook(POLICY_DIR).at(today()) : policyOf(values.policy);
    const explanation = explain(policy, questionOf(values));
    print(values.json === true ? JSON.stringify(explanation, null, 2) : render(explanation));
    return explanation.permit ? 0 : 1;
  },
};

const today = (): string => new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Amsterdam' });

type Values = { readonly [K in keyof typeof OPTIONS]?: string | boolean | readonly string[] | undefined };

function questionOf(values: Values): PolicyQuestion {
  const one = <T extends string>(name: keyof typeof OPTIONS, known: readonly T[]): T | undefined => {
    const given = values[name];
    const found = known.find((code) => code === given);
    if (given !== undefined && !found) throw new UsageError(`--${name} must be one of ${known.join(', ')}`);
    return found;
  };
  const readerKind = one('kind', PEER_KINDS);
  const purpose = one('purpose', PURPOSES);
  if (!readerKind || !purpose) throw new UsageError('explain needs --kind and --purpose');
  const contract = one(
    'contract',
    CONTRACTS.map(({ id }) => id),
  );
  const [messagePurpose, view, role] = [
    one('message-purpose', PURPOSES),
    one('view', VIEWS),
    one('grant', GRANT_ROLES),
  ];
  if (contract && view) throw new UsageError('ask for a contract or for a view, not for both');
  const ended = (values.ended ?? []) as readonly string[];
  const endedPurposes = PURPOSES.filter((code) => ended.includes(code));
  if (endedPurposes.length !== new Set(ended).size) throw new UsageError('--ended must be a purpose');
  return {
    readerKind,
    purpose,
    endedPurposes,
    ...(contract ? { contract } : {}),
    ...(messagePurpose ? { messagePurpose } : {}),
    ...(view ? { view } : {}),
    ...(role ? { role } : {}),
  };
}

function render({ permit, code, rule, reasons, released, withheld, policyVersion }: Explanation): string {
  const where = rule.line > 0 ? `${rule.file}:${rule.line}` : `${rule.file}, waar die regel ontbreekt`;
  return [
    `${permit ? 'Toegestaan' : `Geweigerd (${code})`}, volgens versie ${policyVersion}.`,
    ...reasons.map((reason) => `  ${reason}`),
    `Regel: ${rule.text}`,
    `       (${where})`,
    ...(released.length > 0 ? ['Verstrekt:'] : []),
    ...released.map(({ group, nl, level, words }) => `  ${group} ${nl} (${level}): ${words}`),
    ...(withheld.length > 0 ? ['Niet verstrekt:'] : []),
    ...withheld.map(({ group, nl, words }) => `  ${group} ${nl}: ${words.replace('niet verstrekt: ', '')}`),
  ].join('\n');
}
