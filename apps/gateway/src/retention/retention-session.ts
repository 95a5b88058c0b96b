import type { ClientBase } from 'pg';
import { insertRecords } from '../access-log/insert-records.js';
import type { RecordMaker } from '../access-log/record-maker.js';
import type { Policy } from '../policy/policy.js';
import { ADVISORY_LOCKS } from '../storage/advisory-locks.js';
import { detailsOf, type ErasedLeaves, type Erasure } from './erasure.js';

/** What every step of a run needs: one connection, which holds the lock, and the time and policy it goes by. */
export interface RetentionSession {
  readonly client: ClientBase;
  readonly policy: Policy;
  readonly makeRecord: RecordMaker;
  /** System clock; a demo may set another time. */
  readonly now: Date;
}

/** Runs `work` while no other run is under way in this database; null when one is. */
export async function alone<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result | null> {
  const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [
    ADVISORY_LOCKS.retention,
  ]);
  if (rows[0]?.got !== true) return null;
  // Not released on failure: the connection ends, and the lock with it.
  const result = await work();
  await client.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCKS.retention]);
  return result;
}

/** One transaction on the connection that holds the lock: a lost connection ends the run, it does not double it. */
export async function transaction<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * Appends the ERASURE record, in the transaction that removed what it names. It is kept for ever, so it names no person:
 * not who ran the command either, which is for the log of the machine.
 */
export async function recordErasure(session: RetentionSession, done: ErasedLeaves): Promise<Erasure> {
  const { client, policy, makeRecord, now } = session;
  const record = makeRecord(
    {
      kind: 'ERASURE',
      action: 'record.erase',
      peer: { kind: 'GATEWAY' },
      legalBases: [],
      subjects: [],
      decision: { outcome: 'permit', policyVersion: policy.version, reasons: [`term ended: ${done.what}`] },
      fieldGroups: { released: [], withheld: [] },
      details: detailsOf(done, policy.version),
    },
    now,
  );
  await insertRecords(client, [record]);
  return { ...done, recordId: record.id, at: record.at };
}
