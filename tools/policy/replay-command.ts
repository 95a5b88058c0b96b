import { parseArgs } from 'node:util';
import pg from 'pg';
import { loadPolicyBook } from '../../apps/gateway/src/policy/load-policy-book.js';
import type { Policy } from '../../apps/gateway/src/policy/policy.js';
import type { PolicyBook } from '../../apps/gateway/src/policy/policy-book.js';
import { UsageError, type Command } from './command.js';
import { POLICY_DIR, policyOf } from './policy-argument.js';
import { readDecisions } from './read-decisions.js';
import { replayDecision } from './replay-decision.js';
import { ReplayTally } from './replay-tally.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const REPLAY: Command = {
  help: `replay --proposed <version or folder> --from <day> --to <day> [--json]

Makes the recorded decisions of a period (first and last local day, both included) again under a proposed version and
counts the differences, by kind of organisation, purpose and message, with ids of records to look at. Reads only codes.

Environment:
  DATABASE_URL  postgresql://ketenpoort_reader:<password>@<host>:<port>/<database>
Exit code: 0 nothing differs, 1 something does.`,
  run: async (args, print) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        proposed: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const { proposed, from, to } = values;
    if (!proposed || !from || !to) throw new UsageError('replay needs --proposed, --from and --to');
    if (!DAY.test(from) || !DAY.test(to)) throw new UsageError('a day is written as 2026-11-30');
    const url = process.env.DATABASE_URL;
    if (!url) throw new UsageError('DATABASE_URL is not set');
    const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'ketenpoort-policy' });
    try {
      const tally = await replay(
        pool,
        { proposed: policyOf(proposed), book: loadPolicyBook(POLICY_DIR), from, to },
        (done) => console.error(`${done} decisions`),
      );
      print(values.json === true ? JSON.stringify(summary(tally), null, 2) : render(tally));
      return tally.differences.length === 0 ? 0 : 1;
    } finally {
      await pool.end();
    }
  },
};

export interface ReplayRequest {
  readonly proposed: Policy;
  /** Versions under which the decisions were taken. */
  readonly book: PolicyBook;
  readonly from: string;
  readonly to: string;
}

/** Runs the recorded decisions of the period against the proposed version. */
export async function replay(
  pool: pg.Pool,
  { proposed, book, from, to }: ReplayRequest,
  progress: (done: number) => void,
): Promise<ReplayTally> {
  const tally = new ReplayTally();
  for await (const page of readDecisions(pool, from, to)) {
    for (const record of page) {
      const own = record.policyVersion === undefined ? undefined : book.named(record.policyVersion);
      tally.add(record, replayDecision(record, proposed, own));
    }
    progress(tally.records);
  }
  return tally;
}

const summary = ({ records, totals, differences }: ReplayTally) => ({ records, totals, differences });

const WORDS = {
  SAME: 'gelijk',
  NOW_REFUSED: 'zou nu geweigerd worden',
  NOW_PERMITTED: 'zou nu toegestaan worden',
  RELEASES_MORE: 'zou meer verstrekken',
  RELEASES_LESS: 'zou minder verstrekken',
  RELEASES_OTHER: 'zou deels meer, deels minder verstrekken',
  OUTSIDE_POLICY: 'geweigerd om een andere reden dan het beleid',
  INCOMPLETE: 'niet na te spelen: de registratie noemt niet alles',
} as const;

function render({ records, totals, differences }: ReplayTally): string {
  return [
    `${records} beslissingen nagespeeld`,
    ...Object.entries(totals).map(([verdict, count]) => `  ${count}  ${WORDS[verdict as keyof typeof WORDS]}`),
    ...(differences.length > 0 ? ['', 'Verschillen, naar organisatie, doel en bericht'] : []),
    ...differences.map(
      ({ verdict, peerKind, purpose, what, count, examples }) =>
        `  ${count}  ${peerKind} ${purpose} ${what}: ${WORDS[verdict]} (${examples.join(', ')})`,
    ),
  ].join('\n');
}
