import type { SqlReader } from './sql-reader.js';

/** A signed checkpoint as it is served. */
export interface StoredCheckpoint {
  readonly epoch: number;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  /** The signed note; with the cosignatures of active witnesses below the log's own line where it says so. */
  readonly note: string;
}

interface Row {
  readonly epoch: number;
  readonly size: string;
  readonly root: Buffer;
  readonly note: string;
}

const COLUMNS = 'epoch, size, root, note';
const NEWEST = `SELECT ${COLUMNS} FROM ketenpoort.checkpoint WHERE epoch = $1 ORDER BY size DESC LIMIT 1`;
/** How long one checkpoint stands as the one to cosign: witnesses look more often than that. */
const COSIGN_WINDOW_SECONDS = 3;
const CANDIDATE = `SELECT ${COLUMNS} FROM ketenpoort.checkpoint WHERE epoch = $1
    AND at <= to_timestamp(floor(extract(epoch FROM clock_timestamp()) / $2) * $2) ORDER BY size DESC LIMIT 1`;
const OF_SIZE = `SELECT ${COLUMNS} FROM ketenpoort.checkpoint WHERE epoch = $1 AND size = $2`;
/**
 * Size of the newest checkpoint of epoch $1 that at least $2 active witnesses cosigned; null is more than half of them,
 * and at least one: no witness is no quorum. Walks from the newest size down and stops at the first.
 */
export const COSIGNED_SIZE = `SELECT size FROM ketenpoort.cosignature
  WHERE epoch = $1 AND witness IN (SELECT name FROM ketenpoort.witness WHERE active)
  GROUP BY size HAVING count(*) >= coalesce($2, (SELECT count(*) / 2 + 1 FROM ketenpoort.witness WHERE active))
  ORDER BY size DESC LIMIT 1`;
/** SQL for the signatures below the log's own line, of the checkpoint that these two expressions name. */
export function linesOfCheckpoint(epoch: string, size: string): string {
  return `SELECT line FROM ketenpoort.cosignature WHERE epoch = ${epoch} AND size = ${size}
    AND witness IN (SELECT name FROM ketenpoort.witness WHERE active) ORDER BY witness`;
}
const COSIGNED = `SELECT ${COLUMNS} FROM ketenpoort.checkpoint WHERE epoch = $1 AND size = (${COSIGNED_SIZE})`;
const COSIGNATURES = linesOfCheckpoint('$1', '$2');

/** The newest checkpoint of an epoch, signed by the log alone. */
export async function newestCheckpoint(client: SqlReader, epoch: number): Promise<StoredCheckpoint | null> {
  return first(await client.query<Row & Record<string, unknown>>(NEWEST, [epoch]));
}

/**
 * The checkpoint that all witnesses should cosign now. Under steady work there are two new ones a second, and witnesses
 * that each took the newest would never meet on one: so this one stays for some seconds.
 */
export async function candidateCheckpoint(client: SqlReader, epoch: number): Promise<StoredCheckpoint | null> {
  const window = [epoch, COSIGN_WINDOW_SECONDS];
  const candidate = first(await client.query<Row & Record<string, unknown>>(CANDIDATE, window));
  return candidate ?? newestCheckpoint(client, epoch);
}

export async function checkpointOfSize(
  client: SqlReader,
  epoch: number,
  size: number,
): Promise<StoredCheckpoint | null> {
  return first(await client.query<Row & Record<string, unknown>>(OF_SIZE, [epoch, size]));
}

/**
 * The newest checkpoint of an epoch that a quorum of the active witnesses cosigned, with their signatures; null while
 * there is none. `quorum`: cosignatures that are enough; by default more than half of the active witnesses.
 */
export async function cosignedCheckpoint(
  client: SqlReader,
  epoch: number,
  { quorum = null }: { readonly quorum?: number | null } = {},
): Promise<StoredCheckpoint | null> {
  return withCosignatures(client, first(await client.query<Row & Record<string, unknown>>(COSIGNED, [epoch, quorum])));
}

/** The same checkpoint with the signatures of the active witnesses that cosigned it. */
export async function withCosignatures<Found extends StoredCheckpoint | null>(
  client: SqlReader,
  checkpoint: Found,
): Promise<Found> {
  if (!checkpoint) return checkpoint;
  const { rows } = await client.query<{ line: string }>(COSIGNATURES, [checkpoint.epoch, checkpoint.size]);
  return { ...checkpoint, note: checkpoint.note + rows.map(({ line }) => `${line}\n`).join('') };
}

function first({ rows: [row] }: { readonly rows: readonly Row[] }): StoredCheckpoint | null {
  return row ? { epoch: row.epoch, size: Number(row.size), root: row.root, note: row.note } : null;
}
