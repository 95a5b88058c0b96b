import type { Pool } from 'pg';
import { originOfEpoch } from '#ledger/epoch-origin.js';
import { GatewayStartError } from '../../start-error.js';
import { ADVISORY_LOCKS } from '../../storage/advisory-locks.js';
import { inTransaction } from '../../storage/transaction.js';
import { insertCheckpoint } from './grow-tree.js';
import type { LogKey } from './log-key.js';
import { insertHead, newestHead, type TreeHead } from './tree-head.js';

const LOCK = 'SELECT pg_advisory_xact_lock($1)';

/**
 * The newest epoch of the log; on the very first start there is none, and it is made with the checkpoint of an empty
 * tree: whoever asks for a checkpoint always gets one. @throws GatewayStartError when the log of this database is
 * another one than the configuration says, or is signed by another key.
 */
export async function openEpoch(pool: Pool, origin: string, key: LogKey): Promise<TreeHead> {
  const head = (await newestHead(pool)) ?? (await firstEpoch(pool, origin, key));
  const expected = originOfEpoch(origin, head.epoch);
  if (head.origin !== expected) {
    const nextStep = `Set LOG_ORIGIN to the origin without its epoch: others know this log by it, so it stays.`;
    throw new GatewayStartError([{ cause: `LOG_ORIGIN is ${origin}, the log is ${head.origin}`, nextStep }]);
  }
  if (head.vkey !== key.verifierKeyOf(head.origin)) {
    const cause = 'LOG_KEY_FILE is not the key that signs this log';
    const nextStep =
      'Put the right one back. Is it lost: npm run log -- restart --force begins a new epoch with this one.';
    throw new GatewayStartError([{ cause, nextStep }]);
  }
  return head;
}

async function firstEpoch(pool: Pool, origin: string, key: LogKey): Promise<TreeHead> {
  return inTransaction(pool, async (client) => {
    await client.query(LOCK, [ADVISORY_LOCKS.log]);
    const known = await newestHead(client);
    if (known) return known;
    const head = await insertHead(client, { epoch: 1, origin, vkey: key.verifierKeyOf(origin) });
    await insertCheckpoint(client, head, key);
    return head;
  });
}
