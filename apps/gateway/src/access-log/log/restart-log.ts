import type { Pool, PoolClient } from 'pg';
import { originOfEpoch } from '#ledger/epoch-origin.js';
import { ADVISORY_LOCKS } from '../../storage/advisory-locks.js';
import { inTransaction } from '../../storage/transaction.js';
import type { AccessRecordInput } from '../access-record.js';
import { insertRecords } from '../insert-records.js';
import type { RecordMaker } from '../record-maker.js';
import { largestWitnessed } from './alarms.js';
import { cosignedCheckpoint, newestCheckpoint } from './checkpoints.js';
import { growTree } from './grow-tree.js';
import type { LogKey } from './log-key.js';
import { headOfEpoch, insertHead, lockNewestHead, type TreeHead } from './tree-head.js';

export interface RestartRequest {
  readonly key: LogKey;
  readonly makeRecord: RecordMaker;
  /** Reference of the person who decides; kept in the record. */
  readonly operator: string;
  /** Origin of the running epoch, typed by that person: an epoch that is not halted is closed for this alone. */
  readonly force: string | null;
}

/** Why an epoch was not restarted, for a person. */
export class RestartRefused extends Error {
  override readonly name = 'RestartRefused';
}

const LOCK = 'SELECT pg_advisory_xact_lock($1)';
const CLOSE = `UPDATE ketenpoort.tree_head SET halted = coalesce(halted, 'CLOSED: the log was restarted')
  WHERE epoch = $1`;
const PLACE_FIRST = `WITH taken AS (
    DELETE FROM ketenpoort.pending_leaf WHERE record_id = $2 RETURNING record_id, record_at, entry
  )
  INSERT INTO ketenpoort.leaf (epoch, position, record_id, record_at, entry)
  SELECT $1, 0, record_id, record_at, entry FROM taken`;

/**
 * Closes the epoch and begins the next under a new origin, in one transaction. Its first leaf is a record that says where
 * the old one stood, so that nobody who reads the new log can miss that there was another. @throws RestartRefused
 */
export async function restartLog(pool: Pool, request: RestartRequest): Promise<TreeHead> {
  return inTransaction(pool, async (client) => {
    await client.query(LOCK, [ADVISORY_LOCKS.log]);
    const old = await lockNewestHead(client);
    if (!old) throw new RestartRefused('There is no log yet: it begins when a gateway starts.');
    if (old.halted === null && request.force !== old.origin) {
      throw new RestartRefused(`The log ${old.origin} is not halted.`);
    }
    const record = request.makeRecord(await recordOf(client, old, request.operator));
    await insertRecords(client, [record]);
    await client.query(CLOSE, [old.epoch]);
    const epoch = old.epoch + 1;
    const origin = originOfEpoch((await headOfEpoch(client, 1))?.origin ?? old.origin, epoch);
    const head = await insertHead(client, { epoch, origin, vkey: request.key.verifierKeyOf(origin) });
    await client.query(PLACE_FIRST, [epoch, record.id]);
    return growTree(client, head, [record.entry], request.key);
  });
}

async function recordOf(client: PoolClient, old: TreeHead, operator: string): Promise<AccessRecordInput> {
  const { epoch, origin, vkey, edge, root, halted } = old;
  const last = (await cosignedCheckpoint(client, epoch)) ?? (await newestCheckpoint(client, epoch));
  const witnessed = await largestWitnessed(client, epoch);
  return {
    kind: 'ADMIN',
    action: 'log.restart',
    peer: { kind: 'GATEWAY' },
    userReference: operator,
    legalBases: [],
    subjects: [],
    decision: { outcome: 'permit', reasons: [halted?.split(':')[0] ?? 'FORCED'] },
    fieldGroups: { released: [], withheld: [] },
    details: {
      epoch,
      origin,
      vkey,
      size: edge.size,
      root: root.toString('base64'),
      checkpoint: last?.note ?? null,
      ...(witnessed > edge.size ? { witnessedSize: witnessed } : {}),
    },
  };
}
