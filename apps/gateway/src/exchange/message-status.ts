import type { Pool } from 'pg';
import { insertRecords } from '../access-log/insert-records.js';
import type { RecordMaker } from '../access-log/record-maker.js';
import { traceFields } from '../access-log/trace-fields.js';
import { GatewayError } from '../errors.js';
import type { TraceContext } from '../trace-context.js';
import type { Peer } from '../peers/peer.js';
import { inTransaction } from '../storage/transaction.js';

export interface MessageStatus {
  readonly messageId: string;
  readonly contract: string;
  readonly caseId: string | null;
  readonly acceptedAt: string;
  readonly recipients: readonly RecipientStatus[];
}

export interface RecipientStatus {
  readonly oin: string;
  readonly name: string | null;
  readonly state: string;
  readonly acceptedAt: string;
  readonly publishedAt?: string;
  readonly fetchedAt?: string;
  readonly takenAt?: string;
  readonly confirmedAt?: string;
  readonly parkedAt?: string;
  readonly deadLetteredAt?: string;
}

interface Row {
  readonly type: string;
  readonly caseId: string | null;
  readonly acceptedAt: Date;
  readonly oin: string | null;
  readonly name: string | null;
  readonly state: string;
  readonly publishedAt: Date | null;
  readonly fetchedAt: Date | null;
  readonly takenAt: Date | null;
  readonly confirmedAt: Date | null;
  readonly parkedAt: Date | null;
  readonly deadAt: Date | null;
}

const READ = `SELECT m.type, m.case_id AS "caseId", m.accepted_at AS "acceptedAt", d.recipient_oin AS oin, p.name, d.state,
    d.published_at AS "publishedAt", d.fetched_at AS "fetchedAt", d.taken_at AS "takenAt", d.confirmed_at AS "confirmedAt",
    d.parked_at AS "parkedAt", d.dead_at AS "deadAt"
  FROM message m LEFT JOIN delivery d ON d.message_id = m.id AND d.accepted_at = m.accepted_at LEFT JOIN peer p ON p.oin = d.recipient_oin
  WHERE m.id = $1 AND m.sender_oin = $2 ORDER BY d.insert_order`;

/** How far a message has come at each recipient; for its sender alone. */
export async function messageStatus(
  pool: Pool,
  makeRecord: RecordMaker,
  peer: Peer,
  messageId: string,
  trace: TraceContext,
): Promise<MessageStatus> {
  const rows = await inTransaction(pool, async (client) => {
    const found = await client.query<Row>({ name: 'message-status', text: READ, values: [messageId, peer.oin] });
    const first = found.rows[0];
    const record = {
      kind: first ? ('CONSULTATION' as const) : ('REFUSAL' as const),
      action: 'message.status',
      peer: { oin: peer.oin, kind: peer.kind, thumbprint: peer.thumbprint },
      legalBases: [],
      ...(first?.caseId ? { caseId: first.caseId } : {}),
      subjects: [],
      decision: first
        ? { outcome: 'permit' as const, reasons: ['own message'] }
        : { outcome: 'refuse' as const, code: 'CASE_NOT_AVAILABLE', reasons: ['no message of this sender'] },
      fieldGroups: { released: first ? (['FG00'] as const) : [], withheld: [] },
      messageId,
      ...traceFields(trace),
    };
    await insertRecords(client, [makeRecord(record)]);
    return found.rows;
  });
  const [first] = rows;
  if (!first) throw new GatewayError('CASE_NOT_AVAILABLE', 'not available');
  const recipients = rows.flatMap((row) => (row.oin === null ? [] : [recipient(row, row.oin)]));
  return {
    messageId,
    contract: first.type,
    caseId: first.caseId,
    acceptedAt: first.acceptedAt.toISOString(),
    recipients,
  };
}

function recipient(row: Row, oin: string): RecipientStatus {
  const times = {
    publishedAt: row.publishedAt,
    fetchedAt: row.fetchedAt,
    takenAt: row.takenAt,
    confirmedAt: row.confirmedAt,
    parkedAt: row.parkedAt,
    deadLetteredAt: row.deadAt,
  };
  const known = Object.entries(times).flatMap(([name, at]) => (at ? [[name, at.toISOString()] as const] : []));
  return {
    oin,
    name: row.name,
    state: row.state,
    acceptedAt: row.acceptedAt.toISOString(),
    ...Object.fromEntries(known),
  };
}
