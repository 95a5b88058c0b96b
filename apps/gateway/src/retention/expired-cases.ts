import { toRanges, type Erasure } from './erasure.js';
import { isHeld } from './held.js';
import { recordErasure, transaction, type RetentionSession } from './retention-session.js';
import { startOrNever } from './term-start.js';

/** Cases of one transaction: their locks keep the gateway waiting. */
export const CASES_A_BATCH = 20;

interface Ended {
  readonly id: string;
  readonly epoch: number;
  readonly position: string;
}

const OPENING = `lvv_case k JOIN case_event o ON o.case_id = k.id AND o.n = 1 JOIN message m ON m.id = o.message_id
  JOIN leaf l ON l.record_id = m.record_id`;
/**
 * Cases that ended before their term, counted from the step that ended them: `$1` before which an exit must lie, `$2` a
 * refusal, or the finding that the case was registered in error. `$3` now.
 */
export const ENDED_CASES = `${OPENING}
  WHERE k.person_id IS NOT NULL AND k.state IN ('EXITED', 'REFUSED', 'VOIDED')
    AND (SELECT max(e.at) FROM case_event e WHERE e.case_id = k.id AND e.to_state = k.state)
      < CASE k.state WHEN 'EXITED' THEN $1::timestamptz ELSE $2::timestamptz END
    AND NOT EXISTS (SELECT 1 FROM stay s WHERE s.case_id = k.id AND s.ended_on IS NULL)
    AND NOT ${isHeld('k.id', '$3::timestamptz')}`;
const PICK = `SELECT k.id, l.epoch, l.position FROM ${ENDED_CASES} ORDER BY k.id LIMIT $4 FOR UPDATE OF k`;

const REPORTS_OF = 'SELECT id FROM data_subject_report WHERE case_id = ANY ($1::uuid[])';
/** In this order: the person goes when no case, and so no stay, points to it any more. */
const CLOSE = [
  ...['_withheld', '_step', '_part'].map(
    (rows) => `DELETE FROM data_subject_report${rows} WHERE report_id IN (${REPORTS_OF})`,
  ),
  'DELETE FROM data_subject_report WHERE case_id = ANY ($1::uuid[])',
  'DELETE FROM access_grant WHERE case_id = ANY ($1::uuid[])',
  'DELETE FROM content WHERE case_id = ANY ($1::uuid[])',
  `UPDATE delivery SET state = 'PURGED' WHERE case_id = ANY ($1::uuid[]) AND state <> 'PURGED'`,
  'DELETE FROM timer WHERE case_id = ANY ($1::uuid[])',
  `INSERT INTO case_event (case_id, n, at, transition, from_state, to_state)
    SELECT k.id, (SELECT max(n) + 1 FROM case_event e WHERE e.case_id = k.id), $2::timestamptz, 'T48', k.state, 'CLOSED'
    FROM lvv_case k WHERE k.id = ANY ($1::uuid[])`,
  'UPDATE stay SET person_id = NULL WHERE case_id = ANY ($1::uuid[])',
];
const LOSE_PERSON = `WITH closed AS (
    UPDATE lvv_case k SET state = 'CLOSED', number = NULL, identity = NULL, wrapped_case_key = NULL, person_id = NULL,
      version = k.version + 1, updated_at = $2::timestamptz, snapshot = jsonb_build_object('id', k.id, 'pilot', k.pilot, 'state', 'CLOSED')
    FROM lvv_case before WHERE before.id = k.id AND k.id = ANY ($1::uuid[]) RETURNING before.person_id)
  SELECT DISTINCT person_id AS id FROM closed WHERE person_id IS NOT NULL`;
const REMOVE_PERSONS = `DELETE FROM person p WHERE p.id = ANY ($1::uuid[])
  AND NOT EXISTS (SELECT 1 FROM lvv_case k WHERE k.person_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM stay s WHERE s.person_id = p.id)`;

/** The values of `$1` to `$3` of ENDED_CASES. */
export function endedBefore({ policy, now }: Pick<RetentionSession, 'policy' | 'now'>): unknown[] {
  const before = (code: 'DOSSIER_PART' | 'REFUSED_CASE') => startOrNever(policy, code, now);
  return [before('DOSSIER_PART'), before('REFUSED_CASE'), now];
}

/**
 * T48: closes one batch of cases. Their contents, number, identity and keys go, what was answered to the resident and who
 * had a grant, and the person when it was the last case; what stays is what can be counted. Null when there are none.
 */
export function eraseEndedCases(session: RetentionSession, limit: number): Promise<Erasure | null> {
  const { client } = session;
  return transaction(client, async () => {
    const { rows } = await client.query<Ended>(PICK, [...endedBefore(session), Math.min(limit, CASES_A_BATCH)]);
    const [first] = rows;
    if (!first) return null;
    const batch = rows.filter(({ epoch }) => epoch === first.epoch);
    await closeCases(
      session,
      batch.map(({ id }) => id),
    );
    return recordErasure(session, {
      what: 'CASES',
      epoch: first.epoch,
      ranges: toRanges(batch.map(({ position }) => Number(position))),
      count: batch.length,
      replays: [],
    });
  });
}

export async function closeCases({ client, now }: RetentionSession, caseIds: readonly string[]): Promise<void> {
  for (const sql of CLOSE) await client.query(sql, sql.includes('$2') ? [caseIds, now] : [caseIds]);
  const { rows } = await client.query<{ id: string }>(LOSE_PERSON, [caseIds, now]);
  await client.query(REMOVE_PERSONS, [rows.map(({ id }) => id)]);
}
