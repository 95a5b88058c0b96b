import pg from 'pg';
import { ROSTER } from '../../demo/roster.js';
import type { ClaimedRecord } from '../books/books.js';
import type { DeliveryRow, Stored } from '../books/count.js';

const DELIVERIES = `SELECT m.source, m.event_id AS id, m.contract, m.id AS "messageId", d.case_id AS "caseId",
    d.recipient_oin AS recipient, d.insert_order::float8 AS "insertOrder"
  FROM ketenpoort.delivery d JOIN ketenpoort.message m ON m.id = d.message_id`;
/** The text first: parsing each record of a long run would take minutes. */
const CONTENT_READS = `SELECT DISTINCT peer_oin AS oin, message_id AS "messageId" FROM ketenpoort.access_record
  WHERE decision = 'permit' AND message_id IS NOT NULL
    AND position('"action":"content.read"' IN convert_from(canonical, 'UTF8')) > 0`;
const DIGESTS = `SELECT id, entry_digest AS digest FROM ketenpoort.access_record WHERE id = ANY($1::uuid[])`;
const STAYS = `SELECT id AS "stayId", dtv_notification_id AS "notificationId" FROM ketenpoort.stay`;
const DIGESTS_AT_ONCE = 5_000;

const nameOf = new Map<string, string>(ROSTER.map(({ oin, name }) => [oin, name]));

/** Reads what the gateway's tables have at the end, as the owner sees them. */
export async function readStored(ownerUrl: string, claimed: readonly ClaimedRecord[]): Promise<Stored> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const deliveries = await client.query<DeliveryRow>(DELIVERIES);
    const reads = await client.query<{ oin: string; messageId: string }>(CONTENT_READS);
    const stays = await client.query<Stored['stays'][number]>(STAYS);
    return {
      deliveries: deliveries.rows.map((row) => ({ ...row, recipient: nameOf.get(row.recipient) ?? row.recipient })),
      contentReads: new Set(reads.rows.map(({ oin, messageId }) => `${nameOf.get(oin)} ${messageId}`)),
      digests: await digestsOf(client, [...new Set(claimed.map(({ recordId }) => recordId))]),
      stays: stays.rows,
    };
  } finally {
    await client.end();
  }
}

async function digestsOf(client: pg.Client, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (let at = 0; at < ids.length; at += DIGESTS_AT_ONCE) {
    const some = [ids.slice(at, at + DIGESTS_AT_ONCE)];
    const { rows } = await client.query<{ id: string; digest: Buffer }>(DIGESTS, some);
    for (const { id, digest } of rows) digests.set(id, digest.toString('base64url'));
  }
  return digests;
}

/** Records that are no leaf of the log yet, and what the gateway itself holds against its log. */
export async function readLogTrouble(
  ownerUrl: string,
): Promise<{ readonly pending: number; readonly alarms: string[] }> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows: pending } = await client.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM ketenpoort.pending_leaf',
    );
    const { rows } = await client.query<{ kind: string }>('SELECT kind FROM ketenpoort.log_alarm ORDER BY id');
    return { pending: pending[0]?.n ?? 0, alarms: rows.map(({ kind }) => `the gateway: ${kind}`) };
  } finally {
    await client.end();
  }
}
