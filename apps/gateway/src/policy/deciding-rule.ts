import { PURPOSES } from '#contracts/domain.js';
import { follows } from './decide.js';
import type { Decision } from './decision.js';
import type { Policy } from './policy.js';
import type { PolicyQuestion } from './policy-question.js';
import { roleOf } from './role.js';
import { releaseText } from './table-cells.js';

/** The line of the policy on which a decision rests. */
export interface DecidingRule {
  /** Below POLICY_DIR: `2026.1/release-table.csv`. */
  readonly file: string;
  /** From 1; 0 when the decision rests on a line that is not there (default deny). */
  readonly line: number;
  /** The line as it stands; for a missing one, in Dutch what is missing. */
  readonly text: string;
}

/** Which rule decided: the first that refused, or the row of the release table that permits. */
export function deciding(policy: Policy, question: PolicyQuestion, decision: Decision): DecidingRule {
  const { readerKind, purpose, messagePurpose = purpose } = question;
  const at = (file: string, line: number, text: string): DecidingRule => ({
    file: `${policy.version}/${file}`,
    line,
    text,
  });
  const role = question.role ?? roleOf(policy, readerKind, purpose);
  if (decision.permit) {
    const key = `${purpose};${decision.role}` as const;
    const row = policy.releases[key] ?? [];
    return at('release-table.csv', policy.lines.releases[key] ?? 0, `${key};${row.map(releaseText).join(',')}`);
  }
  switch (decision.ground) {
    case 'NO_PURPOSE':
      return at('purposes.json', 0, 'er is geen doel genoemd');
    case 'NO_SUCCESSOR': {
      const next = PURPOSES.filter((code) => follows(policy, messagePurpose, code)).join(', ') || 'niets';
      return at('purposes.json', policy.lines.purposes[messagePurpose], `uit ${messagePurpose} volgt: ${next}`);
    }
    case 'NO_ROLE':
      return at('roles.json', 0, `geen rol voor ${readerKind} bij ${purpose}`);
    case 'NO_ROW':
      return at('release-table.csv', 0, `geen regel ${purpose};${role}`);
    case 'ENDED': {
      const { ends, endsWhen } = policy.purposes[purpose];
      return at('purposes.json', policy.lines.purposes[purpose], `${purpose} eindigt: ${ends} (${endsWhen})`);
    }
  }
}
