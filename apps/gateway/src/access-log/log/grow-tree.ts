import { signCheckpoint } from '#ledger/checkpoint.js';
import { leafHash } from '#ledger/hash.js';
import { appendToTree, rootOfEdge, type FullTile } from '#ledger/tree-edge.js';
import type { LogKey } from './log-key.js';
import type { SqlReader } from './sql-reader.js';
import type { TreeHead } from './tree-head.js';

const INSERT_TILES = `INSERT INTO ketenpoort.tile (epoch, level, n, hashes)
  SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])`;
/** Compare and set: a head that is not the one which was read is not overwritten. */
const SET_HEAD = `UPDATE ketenpoort.tree_head SET size = $3, root = $4, levels = $5, updated_at = clock_timestamp()
  WHERE epoch = $1 AND size = $2 AND halted IS NULL`;
const INSERT_CHECKPOINT = `INSERT INTO ketenpoort.checkpoint (epoch, size, root, note, at)
  VALUES ($1, $2, $3, $4, clock_timestamp())`;

/**
 * Extends the tree with entries whose leaves the caller has placed in this transaction, and signs its checkpoint. The
 * signature is nobody's before the commit. @throws when the head changed meanwhile, or this key is not of this epoch
 */
export async function growTree(
  client: SqlReader,
  head: TreeHead,
  entries: readonly Buffer[],
  key: LogKey,
): Promise<TreeHead> {
  const { edge, tiles } = appendToTree(
    head.edge,
    entries.map((entry) => leafHash(entry)),
  );
  const root = rootOfEdge(edge);
  await insertTiles(client, head.epoch, tiles);
  const set = [head.epoch, head.edge.size, edge.size, root, edge.levels];
  const { rowCount } = await client.query(SET_HEAD, set);
  if (rowCount !== 1) throw new Error('the head of the log is not the one that was read');
  const grown = { ...head, edge, root };
  await insertCheckpoint(client, grown, key);
  return grown;
}

/** Signs the tree as it stands. @throws when this key is not of this epoch, or the size has its checkpoint already */
export async function insertCheckpoint(client: SqlReader, head: TreeHead, key: LogKey): Promise<void> {
  const { epoch, origin, vkey, edge, root } = head;
  if (key.verifierKeyOf(origin) !== vkey) throw new Error('LOG_KEY_FILE is not the key of this epoch');
  const note = signCheckpoint({ origin, size: edge.size, root }, key.signerOf(origin));
  await client.query(INSERT_CHECKPOINT, [epoch, edge.size, root, note]);
}

async function insertTiles(client: SqlReader, epoch: number, tiles: readonly FullTile[]): Promise<void> {
  if (tiles.length === 0) return;
  const columns = [tiles.map((tile) => tile.level), tiles.map((tile) => tile.n), tiles.map((tile) => tile.hashes)];
  await client.query(INSERT_TILES, [epoch, ...columns]);
}
