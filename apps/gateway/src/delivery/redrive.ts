import type { Pool, PoolClient } from 'pg';
import type { AccessRecordInput } from '../access-log/access-record.js';
import { insertRecords } from '../access-log/insert-records.js';
import type { RecordMaker } from '../access-log/record-maker.js';
import { withKeys } from './delivery-keys.js';
import { releaseAfter, type CaseDelivery } from './parking.js';
import { publishedAgain } from './publish-position.js';

/** Cases of one run: what is wrong with more than these is wrong with the recipient, and is better looked at first. */
export const MAX_CASES = 100;

export interface RedriveRequest {
  readonly recipientOin: string;
  /** Only this case. */
  readonly caseId?: string;
  /** Go on without the message that failed, instead of delivering it again. */
  readonly skip: boolean;
  /** False: everything is done and taken back, so that the answer is what would happen. */
  readonly apply: boolean;
  /** Reference of the person who decides; kept in the record. */
  readonly operator: string;
}

export interface FailedDelivery {
  readonly messageId: string;
  readonly contract: string;
  readonly failureCode: string;
  readonly failures: number;
}

/** A case, or a message without a case, that was held up for this recipient. */
export interface Redriven {
  readonly caseId: string | null;
  /** Those that failed themselves; with `skip` the first of them alone, which is skipped. */
  readonly failed: readonly FailedDelivery[];
  /** Deliveries that are outstanding again, the failed ones included when they are delivered again. */
  readonly released: number;
}

export interface RedriveResult {
  readonly held: readonly Redriven[];
  /** True when there is more than one run takes. */
  readonly more: boolean;
}

interface Held {
  readonly caseId: string | null;
  readonly messageId: string | null;
}

interface Row extends CaseDelivery {
  readonly at: Date;
  readonly messageId: string;
  readonly contract: string;
  readonly failureCode: string | null;
  readonly failures: number;
}

/** Longest parked first. */
const HELD = `SELECT case_id AS "caseId", CASE WHEN case_id IS NULL THEN message_id END AS "messageId" FROM delivery
  WHERE recipient_oin = $1 AND parked_at IS NOT NULL AND state IN ('PARKED', 'DEAD') AND skipped_at IS NULL AND ($2::uuid IS NULL OR case_id = $2)
  GROUP BY 1, 2 ORDER BY min(parked_at) LIMIT ${MAX_CASES + 1}`;
const ROWS = `SELECT d.id, d.accepted_at AS at, d.recipient_oin AS "recipientOin", d.case_id AS "caseId",
    d.case_sequence AS "caseSequence", d.message_id AS "messageId", m.contract, d.failure_code AS "failureCode", d.failures
  FROM delivery d JOIN message m ON m.id = d.message_id
  WHERE d.recipient_oin = $1 AND d.parked_at IS NOT NULL AND d.state IN ('PARKED', 'DEAD') AND d.skipped_at IS NULL
    AND ($2::uuid IS NOT NULL AND d.case_id = $2 OR $3::uuid IS NOT NULL AND d.message_id = $3)
  ORDER BY d.case_sequence FOR UPDATE OF d`;
const AGAIN = `UPDATE delivery d
  SET state = 'OUTSTANDING', parked_at = NULL, dead_at = NULL, published_at = NULL, failure_code = NULL
  WHERE ${withKeys(1, 2)} RETURNING d.sequence`;
const SKIP = `UPDATE delivery d SET state = 'DEAD', dead_at = coalesce(d.dead_at, now()), skipped_at = now()
  WHERE d.id = $1 AND d.accepted_at = $2`;

/**
 * An operator's decision about what a recipient could not take: deliver it again, or go on without it. Each case is one
 * transaction with its own ADMIN record; what was held up behind it becomes outstanding again, in its old order.
 */
export async function redrive(pool: Pool, makeRecord: RecordMaker, request: RedriveRequest): Promise<RedriveResult> {
  const { rows } = await pool.query<Held>(HELD, [request.recipientOin, request.caseId ?? null]);
  const held: Redriven[] = [];
  for (const one of rows.slice(0, MAX_CASES)) held.push(await release(pool, makeRecord, request, one));
  return { held: held.filter((one) => one.failed.length + one.released > 0), more: rows.length > MAX_CASES };
}

async function release(pool: Pool, makeRecord: RecordMaker, request: RedriveRequest, held: Held): Promise<Redriven> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const { rows, result } = await decide(client, request, held);
    if (rows > 0) await insertRecords(client, [makeRecord(recordOf(request, result))]);
    await client.query(request.apply ? 'COMMIT' : 'ROLLBACK');
    return result;
  } catch (error) {
    broken = error instanceof Error ? error : new Error('redrive failed');
    throw error;
  } finally {
    // After a failure the connection goes, and with it whatever the transaction had done.
    client.release(broken);
  }
}

async function decide(client: PoolClient, request: RedriveRequest, held: Held) {
  // The lock under which deliveries of the case are made and parked.
  if (held.caseId) await client.query('SELECT 1 FROM lvv_case WHERE id = $1 FOR UPDATE', [held.caseId]);
  const { rows } = await client.query<Row>(ROWS, [request.recipientOin, held.caseId, held.messageId]);
  const failed = rows.filter((row) => row.failureCode !== null);
  const chosen = request.skip ? failed.slice(0, 1) : failed;
  const released = request.skip ? await skip(client, rows, chosen[0]) : await again(client, rows);
  return { rows: rows.length, result: { caseId: held.caseId, failed: chosen.map(shown), released } };
}

async function again(client: PoolClient, rows: readonly Row[]): Promise<number> {
  const [first] = rows;
  if (!first) return 0;
  const values = [rows.map((row) => row.id), rows.map((row) => row.at)];
  const { rows: released } = await client.query<{ sequence: string }>(AGAIN, values);
  await publishedAgain(client, first.recipientOin, released);
  return released.length;
}

/** Without a failed one the case only has to be released: its head was withdrawn. */
async function skip(client: PoolClient, rows: readonly Row[], failed: Row | undefined): Promise<number> {
  const [first] = rows;
  if (!first) return 0;
  if (!failed) return again(client, rows);
  await client.query(SKIP, [failed.id, failed.at]);
  return releaseAfter(client, failed);
}

function shown({ messageId, contract, failureCode, failures }: Row): FailedDelivery {
  return { messageId, contract, failureCode: failureCode ?? '', failures };
}

function recordOf(request: RedriveRequest, { caseId, failed, released }: Redriven): AccessRecordInput {
  const codes = [...new Set(failed.map((one) => `failure:${one.failureCode}`))];
  return {
    kind: 'ADMIN',
    action: request.skip ? 'delivery.skip' : 'delivery.redrive',
    peer: { kind: 'GATEWAY' },
    userReference: request.operator,
    legalBases: [],
    ...(caseId ? { caseId } : {}),
    subjects: [],
    decision: { outcome: 'permit', reasons: [...codes, `released:${released}`] },
    fieldGroups: { released: [], withheld: [] },
    recipients: [request.recipientOin],
    messageIds: failed.map((one) => one.messageId),
  };
}
