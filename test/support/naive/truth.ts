import { readMasterKeys } from '../../../apps/gateway/src/storage/master-key.js';
import { ContentCipher } from '../../../apps/gateway/src/storage/content-crypto.js';
import type { World } from '../world.js';
import { naiveEnded, type GrantState } from './naive-policy.js';

/** What really happened, read from the rows as the owner of the database sees them. */
export interface Truth {
  readonly cases: readonly TrueCase[];
  readonly messages: readonly TrueMessage[];
  readonly grant: (caseId: string, oin: string, person: string | undefined, purpose: string | undefined) => GrantState;
}

export interface TrueCase {
  readonly id: string;
  /** OINs: who applied for it, and whoever was sent more than a receipt or a correction about it. */
  readonly parties: ReadonlySet<string>;
  readonly ended: readonly string[];
  /** Properties that not every case has and this one does. */
  readonly has: readonly string[];
}

export interface TrueMessage {
  readonly id: string;
  readonly contract: string;
  readonly senderKind: string;
  readonly caseId: string;
  readonly withdrawn: boolean;
  readonly data: unknown;
  /** OIN to the purpose for which it was sent. */
  readonly sentTo: ReadonlyMap<string, string>;
  /** Purposes that had ended when it was accepted. */
  readonly ended: readonly string[];
}

interface MessageRow {
  id: string; contract: string; senderOin: string; senderKind: string; caseId: string; at: Date; withdrawn: boolean;
  keyId: string; wrappedKey: Buffer; nonce: Buffer; ciphertext: Buffer; caseKey: Buffer; caseKeyId: string;
  deliveries: { oin: string; purpose: string; family: string }[];
} // prettier-ignore

const MESSAGES = `SELECT m.id, m.contract, m.sender_oin AS "senderOin", m.sender_kind AS "senderKind",
    m.case_id AS "caseId", m.accepted_at AS at, m.withdrawn_at IS NOT NULL AS withdrawn,
    c.key_id AS "keyId", c.wrapped_key AS "wrappedKey", c.nonce, c.ciphertext,
    k.wrapped_case_key AS "caseKey", k.key_id AS "caseKeyId",
    coalesce((SELECT json_agg(json_build_object('oin', recipient_oin, 'purpose', d.purpose, 'family', d.family))
      FROM delivery d WHERE d.message_id = m.id), '[]') AS deliveries
  FROM message m JOIN content c ON c.message_id = m.id JOIN lvv_case k ON k.id = m.case_id ORDER BY m.id`;

export async function readTruth(world: World): Promise<Truth> {
  const cipher = new ContentCipher(await readMasterKeys(world.secrets.masterKeyFile));
  const rows = (await world.rows<MessageRow>(MESSAGES)).map((row) => ({ ...row, data: opened(cipher, row) }));
  const snapshots = await world.rows<{ id: string; has: string[] }>(
    `SELECT id, array_remove(ARRAY[
       CASE WHEN jsonb_array_length(snapshot -> 'restPeriods') > 0 THEN 'restPeriod' END,
       CASE WHEN snapshot #>> '{dossier,id}' IS NOT NULL THEN 'dossierId' END,
       CASE WHEN snapshot #>> '{dossier,id}' IS NOT NULL THEN 'requestedAt' END,
       CASE WHEN snapshot #>> '{dossier,deliveredAt}' IS NOT NULL THEN 'deliveredAt' END], NULL) AS has
     FROM lvv_case`,
  );
  const cases = snapshots.map(({ id, has }) => {
    const own = rows.filter((row) => row.caseId === id);
    return { id, has, parties: partiesOf(own), ended: endedBefore(own, Infinity) };
  });
  const messages = rows.map((row) => ({
    ...row,
    sentTo: new Map(row.deliveries.map(({ oin, purpose }) => [oin, purpose])),
    ended: endedBefore(rows.filter(({ caseId }) => caseId === row.caseId), row.at.getTime()),
  })); // prettier-ignore
  return { cases, messages, grant: await grantsOf(world) };
}

type Opened = MessageRow & { readonly data: Record<string, unknown> };

function partiesOf(own: readonly Opened[]): ReadonlySet<string> {
  const sent = own.flatMap(({ deliveries }) => deliveries.filter(({ family }) => family !== 'control'));
  const applicants = own.filter(({ contract }) => contract === 'M01').map(({ senderOin }) => senderOin);
  return new Set([...applicants, ...sent.map(({ oin }) => oin)]);
}

function endedBefore(own: readonly Opened[], beforeMs: number): readonly string[] {
  const past = own.filter(({ at }) => at.getTime() < beforeMs);
  const outcome = past.find(({ contract }) => contract === 'M04')?.data.outcome;
  const delivered = past.some(({ contract }) => contract === 'M12');
  return naiveEnded({ decided: outcome !== undefined, delivered, left: outcome === 'REFUSED' });
}

function opened(cipher: ContentCipher, row: MessageRow): Record<string, unknown> {
  const { caseId, caseKeyId, caseKey, keyId, wrappedKey, nonce, ciphertext } = row;
  const key = cipher.unwrapCaseKey({ caseId, keyId: caseKeyId, wrapped: caseKey });
  const plain = cipher.decryptContent(key, row.id, { keyId, wrappedKey, nonce, ciphertext });
  return (JSON.parse(plain.toString('utf8')) as { data: Record<string, unknown> }).data;
}

async function grantsOf(world: World): Promise<Truth['grant']> {
  const rows = await world.rows<{ key: string; running: boolean }>(
    `SELECT concat_ws(' ', case_id, peer_oin, person, CASE kind WHEN 'MRT' THEN 'P07' ELSE 'P08' END) AS key,
       bool_or(ended_at IS NULL AND valid_until > now() + interval '1 hour') AS running
     FROM access_grant GROUP BY 1`,
  );
  const states = new Map(rows.map(({ key, running }) => [key, running ? ('running' as const) : ('over' as const)]));
  return (...parts) => states.get(parts.join(' ')) ?? 'none';
}
