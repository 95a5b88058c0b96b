import { EMPTY_ROOT } from '#ledger/hash.js';
import type { TreeEdge } from '#ledger/tree-edge.js';
import type { SqlReader } from './sql-reader.js';

/** One epoch of the log: its tree as it stands. Only the newest epoch grows. */
export interface TreeHead {
  readonly epoch: number;
  readonly origin: string;
  /** Verifier key under which this epoch is signed. */
  readonly vkey: string;
  readonly edge: TreeEdge;
  readonly root: Buffer;
  /** Why it takes no more leaves, or null. */
  readonly halted: string | null;
}

/** The columns of `HEAD_COLUMNS`. */
export interface HeadRow {
  readonly epoch: number;
  readonly origin: string;
  readonly vkey: string;
  /** bigint, as text. */
  readonly size: string;
  readonly root: Buffer;
  /** Hexadecimal. */
  readonly levels: readonly string[];
  readonly halted: string | null;
}

/** The levels as JSON: an array of bytes takes the client a millisecond to read, and each proof and checkpoint reads it. */
export const HEAD_COLUMNS = `epoch, origin, vkey, size, root, halted,
  (SELECT coalesce(json_agg(encode(hashes, 'hex') ORDER BY level), '[]')
    FROM unnest(levels) WITH ORDINALITY AS kept (hashes, level)) AS levels`;
const NEWEST = `SELECT ${HEAD_COLUMNS} FROM ketenpoort.tree_head ORDER BY epoch DESC LIMIT 1`;
const LOCKED = `${NEWEST} FOR UPDATE`;
const OF_EPOCH = `SELECT ${HEAD_COLUMNS} FROM ketenpoort.tree_head WHERE epoch = $1`;
const OF_ORIGIN = `SELECT ${HEAD_COLUMNS} FROM ketenpoort.tree_head WHERE origin = $1`;
const INSERT = `INSERT INTO ketenpoort.tree_head (epoch, origin, vkey, size, root, levels, updated_at)
  VALUES ($1, $2, $3, 0, $4, '{}', clock_timestamp())`;

export async function newestHead(client: SqlReader): Promise<TreeHead | null> {
  return first(await client.query<HeadRow & Record<string, unknown>>(NEWEST));
}

/** The newest epoch, which nobody else changes until the transaction of this client ends. */
export async function lockNewestHead(client: SqlReader): Promise<TreeHead | null> {
  return first(await client.query<HeadRow & Record<string, unknown>>(LOCKED));
}

export async function headOfEpoch(client: SqlReader, epoch: number): Promise<TreeHead | null> {
  return first(await client.query<HeadRow & Record<string, unknown>>(OF_EPOCH, [epoch]));
}

export async function headOfOrigin(client: SqlReader, origin: string): Promise<TreeHead | null> {
  return first(await client.query<HeadRow & Record<string, unknown>>(OF_ORIGIN, [origin]));
}

/** Begins an epoch with an empty tree. */
export async function insertHead(
  client: SqlReader,
  { epoch, origin, vkey }: Pick<TreeHead, 'epoch' | 'origin' | 'vkey'>,
): Promise<TreeHead> {
  await client.query(INSERT, [epoch, origin, vkey, EMPTY_ROOT]);
  return { epoch, origin, vkey, edge: { size: 0, levels: [] }, root: EMPTY_ROOT, halted: null };
}

export function headOf({ epoch, origin, vkey, size, root, levels, halted }: HeadRow): TreeHead {
  const edge = { size: Number(size), levels: levels.map((hashes) => Buffer.from(hashes, 'hex')) };
  return { epoch, origin, vkey, edge, root, halted };
}

function first({ rows: [row] }: { readonly rows: readonly HeadRow[] }): TreeHead | null {
  return row ? headOf(row) : null;
}
