import type { ClientBase, Pool } from 'pg';
import { GatewayStartError, type StartProblem } from '../start-error.js';
import { mergeRanges, type Erasure, type LeafRange } from './erasure.js';
import { readJournal } from './erasure-journal.js';
import { monthOf } from './expired-records.js';
import { lostErasures, readErasures } from './read-erasures.js';

/** Records that are past their term and still here are few: only of those is asked whether an erasure names them. */
const BACK_AGAIN = `SELECT count(*)::int AS count FROM ketenpoort.access_record r JOIN ketenpoort.leaf l ON l.record_id = r.id
  WHERE r.expires_month < $1 AND EXISTS (SELECT 1 FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS e(epoch, first, last)
    WHERE l.epoch = e.epoch AND l.position BETWEEN e.first AND e.last)`;
const REPLAY = 'Before anything is served, run: npm run retention -- replay (docs/operations.md, section 13).';

/**
 * Whether what was erased is still gone. After a restore from an older backup it may not be: then the gateway must not
 * serve before the erasures have been done again. @throws GatewayStartError with cause and next step.
 */
export async function checkErasures(database: Pool | ClientBase, journalFile: string | null): Promise<string> {
  const known = await readErasures(database);
  const named = journalFile === null ? [] : await journalOf(journalFile);
  const problems: StartProblem[] = [];
  const back = await recordsBackAgain(database, known);
  if (back > 0)
    problems.push({ cause: `${back} access records are here that an ERASURE record says are gone`, nextStep: REPLAY });
  const lost = lostErasures(known, named);
  if (lost.length > 0) {
    const cause = `The database lacks ${lost.length} erasures that the journal names: it is older than they are`;
    problems.push({ cause, nextStep: REPLAY });
  }
  if (problems.length > 0) throw new GatewayStartError(problems);
  return `${known.length} erasures stand`;
}

async function journalOf(path: string): Promise<readonly Erasure[]> {
  return readJournal(path).catch((error: NodeJS.ErrnoException) => {
    const cause = `The journal of erasures ${path} cannot be read (${error.code ?? 'unknown error'})`;
    throw new GatewayStartError([{ cause, nextStep: 'Let the account of the gateway read ERASURE_JOURNAL_FILE.' }]);
  });
}

/** How many records are here that an erasure names. */
async function recordsBackAgain(database: Pool | ClientBase, known: readonly Erasure[]): Promise<number> {
  const ofRecords = known.filter(({ what }) => what === 'RECORDS');
  const epochs = [...new Set(ofRecords.map(({ epoch }) => epoch))];
  const named = epochs.flatMap((epoch) =>
    mergeRanges(
      ofRecords.filter((one) => one.epoch === epoch).flatMap(({ ranges }): readonly LeafRange[] => ranges),
    ).map(([first, last]) => ({ epoch, first, last })),
  );
  if (named.length === 0) return 0;
  const { rows } = await database.query<{ count: number }>(BACK_AGAIN, [
    monthOf(new Date()),
    named.map(({ epoch }) => epoch),
    named.map(({ first }) => first),
    named.map(({ last }) => last),
  ]);
  return rows[0]?.count ?? 0;
}
