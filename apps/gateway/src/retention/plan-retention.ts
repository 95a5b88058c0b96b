import { ENDED_CASES, endedBefore } from './expired-cases.js';
import { DONE_CONTENTS, doneBefore } from './expired-contents.js';
import { EXPIRED_RECORDS, monthOf } from './expired-records.js';
import type { ErasedKind } from './erasure.js';
import type { RetentionSession } from './retention-session.js';

/** What a run would remove now. */
export interface PlannedErasure {
  readonly what: ErasedKind;
  /** Kind of the records, state of the cases, contract of the messages. */
  readonly kind: string;
  /** `YYYY-MM`, UTC: when they were recorded, accepted or opened. */
  readonly month: string;
  readonly count: number;
}

const MONTH = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM')`;
const counts = (kind: string, at: string, from: string): string =>
  `SELECT ${kind} AS kind, ${MONTH(at)} AS month, count(*)::int AS count FROM ${from} GROUP BY 1, 2 ORDER BY 2, 1`;
const RECORDS = counts('r.kind', 'r.at', EXPIRED_RECORDS);
const CONTENTS = counts('m.contract', 'm.accepted_at', DONE_CONTENTS);
const CASES = counts('k.state', 'k.opened_at', ENDED_CASES);

/** Counts by kind and month. Changes nothing and takes no lock. */
export async function planRetention(
  session: Pick<RetentionSession, 'client' | 'policy' | 'now'>,
): Promise<readonly PlannedErasure[]> {
  const { client, now } = session;
  const read = async (what: ErasedKind, sql: string, values: unknown[]): Promise<PlannedErasure[]> => {
    const { rows } = await client.query<Omit<PlannedErasure, 'what'>>(sql, values);
    return rows.map((row) => ({ what, ...row }));
  };
  return [
    ...(await read('CASES', CASES, endedBefore(session))),
    ...(await read('NOTIFICATIONS', CONTENTS, doneBefore(session))),
    ...(await read('RECORDS', RECORDS, [monthOf(now), now])),
  ];
}
