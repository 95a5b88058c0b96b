import type { Pool, PoolClient } from 'pg';
import type { AccessRecordInput } from '../access-log/access-record.js';
import { insertRecords } from '../access-log/insert-records.js';
import type { RecordMaker } from '../access-log/record-maker.js';
import { traceFields } from '../access-log/trace-fields.js';
import { withKeys } from '../delivery/delivery-keys.js';
import { parkFrom, releaseAfter, type CaseDelivery } from '../delivery/parking.js';
import type { ErrorCode } from '../errors.js';
import type { TraceContext } from '../trace-context.js';
import type { Peer } from '../peers/peer.js';
import { inHotTransaction, type Writer } from '../storage/transaction.js';
import type { Settled } from './group-commit.js';

export interface Acknowledgement {
  readonly messageId: string;
  readonly status: 'taken' | 'failed';
  /** Why it failed: a code of the adapter, never text of the agency's system. */
  readonly code?: string;
}

export interface AcknowledgementRequest {
  readonly peer: Peer;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly trace: TraceContext;
}

export interface AcknowledgementResult {
  readonly messageId: string;
  readonly status: 'recorded' | 'refused';
  readonly code?: ErrorCode;
}

interface Row extends CaseDelivery {
  readonly n: number;
  readonly at: Date;
  readonly contract: string;
  readonly state: string;
  readonly fetched: boolean;
}

const READ = `
  SELECT q.n::int, d.id, d.accepted_at AS at, d.recipient_oin AS "recipientOin", d.case_id AS "caseId", d.case_sequence AS "caseSequence",
    d.state, d.fetched_at IS NOT NULL AS fetched, m.contract
  FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS q(message_id, oin, n)
  JOIN message m ON m.id = q.message_id
  JOIN delivery d ON d.message_id = m.id AND d.accepted_at = m.accepted_at AND d.recipient_oin = q.oin`;

/**
 * Step 13 of docs/lifecycle.md: records what recipients' systems have taken, and parks what they cannot take. One record
 * a request.
 */
export function acknowledger(pool: Pool, makeRecord: RecordMaker) {
  return (requests: readonly AcknowledgementRequest[]): Promise<readonly Settled<readonly AcknowledgementResult[]>[]> =>
    inHotTransaction(pool, async (client, writer) => {
      const asked = requests.flatMap(({ peer, acknowledgements }) =>
        acknowledgements.map((one) => ({ ...one, oin: peer.oin })),
      );
      const { rows } = await client.query<Row>({
        name: 'acknowledge-read',
        text: READ,
        values: [asked.map((one) => one.messageId), asked.map((one) => one.oin)],
      });
      const byPosition = new Map(rows.map((row) => [row.n - 1, row]));
      const judged = asked.map((one, index) => ({
        one,
        row: byPosition.get(index),
        refused: refusal(one, byPosition.get(index)),
      }));
      const good = judged.flatMap(({ one, row, refused }) => (row && !refused ? [{ one, row }] : []));
      await lockCases(
        client,
        good.filter(({ one, row }) => one.status === 'failed' || isHeldUp(row)).map(({ row }) => row),
      );
      await take(
        client,
        writer,
        good.filter(({ one }) => one.status === 'taken').map(({ row }) => row),
      );
      for (const { one, row } of good)
        if (one.status === 'failed') await parkFrom(client, row, one.code ?? 'UNSPECIFIED');
      let position = 0;
      const parts = requests.map(({ acknowledgements }) =>
        judged.slice(position, (position += acknowledgements.length)),
      );
      await insertRecords(
        writer,
        requests.map((request, index) => makeRecord(recordOf(request, parts[index] ?? []))),
      );
      return parts.map((part) => ({
        ok: true,
        value: part.map(({ one, refused }) => resultOf(one.messageId, refused)),
      }));
    });
}

function refusal(one: Acknowledgement, row: Row | undefined): ErrorCode | null {
  if (!row) return 'CASE_NOT_AVAILABLE';
  if (row.state === 'PURGED') return 'WITHDRAWN';
  // DT&V must have read who it is about: a notification that nobody fetched is not delivered (G4).
  if (one.status === 'taken' && row.contract === 'M05' && !row.fetched) return 'ACKNOWLEDGEMENT_REFUSED';
  return one.status === 'failed' && row.state === 'TAKEN' ? 'ACKNOWLEDGEMENT_REFUSED' : null;
}

function resultOf(messageId: string, refused: ErrorCode | null): AcknowledgementResult {
  return refused ? { messageId, status: 'refused', code: refused } : { messageId, status: 'recorded' };
}

/** The lock that also guards the giving of casesequence: a message accepted meanwhile is parked with the rest. */
async function lockCases(client: PoolClient, rows: readonly Row[]): Promise<void> {
  const cases = [...new Set(rows.flatMap((row) => (row.caseId ? [row.caseId] : [])))];
  if (cases.length > 0)
    await client.query('SELECT 1 FROM lvv_case WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [cases]);
}

async function take(client: PoolClient, writer: Writer, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await writer.query({
    name: 'acknowledge-taken',
    text: `UPDATE delivery d SET state = 'TAKEN', taken_at = coalesce(d.taken_at, now())
      WHERE ${withKeys(1, 2)} AND d.state <> 'TAKEN'`,
    values: [rows.map((row) => row.id), rows.map((row) => row.at)],
  });
  for (const row of rows) if (isHeldUp(row)) await releaseAfter(client, row);
}

const isHeldUp = ({ state }: Row): boolean => state === 'PARKED' || state === 'DEAD';

interface Judged {
  readonly one: Acknowledgement;
  readonly refused: ErrorCode | null;
}

/** A refusal when nothing of it was recorded; else what was refused stands among the reasons (G2). */
function recordOf(
  { peer, acknowledgements, trace }: AcknowledgementRequest,
  judged: readonly Judged[],
): AccessRecordInput {
  const recorded = (status: string) => judged.filter(({ one, refused }) => !refused && one.status === status).length;
  const codes = [...new Set(judged.flatMap(({ refused }) => (refused ? [refused] : [])))];
  const reasons = [
    `taken:${recorded('taken')}`,
    `failed:${recorded('failed')}`,
    ...codes.map((code) => `refused:${judged.filter(({ refused }) => refused === code).length} ${code}`),
  ];
  const [code] = judged.every(({ refused }) => refused !== null) ? codes : [];
  return {
    kind: code ? 'REFUSAL' : 'DELIVERY',
    action: 'delivery.acknowledge',
    peer: { oin: peer.oin, kind: peer.kind, thumbprint: peer.thumbprint },
    legalBases: [],
    subjects: [],
    decision: code ? { outcome: 'refuse', code, reasons } : { outcome: 'permit', reasons },
    fieldGroups: { released: [], withheld: [] },
    messageIds: acknowledgements.map((one) => one.messageId),
    ...traceFields(trace),
  };
}
