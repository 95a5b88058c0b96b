import type pg from 'pg';
import { headOfEpoch, type TreeHead } from '../../apps/gateway/src/access-log/log/tree-head.js';
import { MEMBER_COLUMNS } from '../../apps/verify/src/record-columns.js';
import type { OutsideLine } from '../../apps/verify/src/outside-check.js';
import type { ExportedLeaf } from './export-writer.js';

/** Enough to see what happened; a database with more of them has no log any more. */
const OUTSIDE_MAX = 10_000;

const ABSENT_LEAF: ExportedLeaf = { recordId: '', entry: Buffer.alloc(0), record: null };
const PLAIN_COLUMNS = Object.keys(MEMBER_COLUMNS).filter((column) => column !== 'at');
const EPOCHS = 'SELECT epoch FROM ketenpoort.tree_head ORDER BY epoch';
const LEAVES = `SELECT l.position, l.record_id, l.entry, r.canonical, r.salt,
    to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS at,
    ${PLAIN_COLUMNS.map((column) => `r.${column}`).join(', ')}, r.concerns, r.retention_class, r.expires_month,
    encode(r.entry_digest, 'hex') AS entry_digest
  FROM ketenpoort.leaf l
  LEFT JOIN ketenpoort.access_record r ON r.id = l.record_id AND r.at = l.record_at
  WHERE l.epoch = $1 AND l.position >= $2 AND l.position < $3 ORDER BY l.position`;
const ENTRIES = `SELECT position, record_id, entry, NULL::bytea AS canonical FROM ketenpoort.leaf
  WHERE epoch = $1 AND position >= $2 AND position < $3 ORDER BY position`;
const TILES = `SELECT level, n, hashes FROM ketenpoort.tile WHERE epoch = $1 AND (level, n) > ($2, $3)
  ORDER BY level, n LIMIT 256`;
const LEAVES_BEHIND = `SELECT position, record_id FROM ketenpoort.leaf WHERE epoch = $1 AND position >= $2
  ORDER BY position LIMIT ${OUTSIDE_MAX}`;
const RECORDS_OUTSIDE = `SELECT r.id FROM ketenpoort.access_record r
  WHERE NOT EXISTS (SELECT FROM ketenpoort.leaf l WHERE l.record_id = r.id AND l.record_at = r.at)
    AND NOT EXISTS (SELECT FROM ketenpoort.pending_leaf p WHERE p.record_id = r.id AND p.record_at = r.at)
  ORDER BY r.id LIMIT ${OUTSIDE_MAX}`;
/** In canonical bytes these stand nowhere but before the first subject: a quote inside a text is escaped. */
const NAMES_SOMEONE = `position('"subjects":[{'::bytea IN r.canonical) > 0`;
const INDEX_ROWS = `SELECT record_id, at, count(*)::int AS rows FROM ketenpoort.access_record_subject
  GROUP BY record_id, at`;
const UNLIKE_INDEX = `SELECT coalesce(r.id, s.record_id) AS id, coalesce(s.rows, 0) AS rows, r.id IS NULL AS gone
  FROM ketenpoort.access_record r FULL JOIN (${INDEX_ROWS}) AS s ON s.record_id = r.id AND s.at = r.at
  WHERE r.id IS NULL OR (${NAMES_SOMEONE}) <> (s.rows IS NOT NULL) ORDER BY id LIMIT ${OUTSIDE_MAX}`;
/** Read some at a time, in one pass over the index: a record that names several is rare, but there may be many. */
const BY_SEVERAL = `DECLARE by_several NO SCROLL CURSOR FOR SELECT r.id, s.rows, r.canonical
  FROM (${INDEX_ROWS} HAVING count(*) > 1) AS s
  JOIN ketenpoort.access_record r ON r.id = s.record_id AND r.at = s.at WHERE ${NAMES_SOMEONE}`;
const NEXT_BY_SEVERAL = 'FETCH 1000 FROM by_several';
const PENDING = `SELECT count(*)::int AS pending, (count(*) FILTER (WHERE r.kind = 'ERASURE'))::int AS erasures
  FROM ketenpoort.pending_leaf p LEFT JOIN ketenpoort.access_record r ON r.id = p.record_id AND r.at = p.record_at`;
const WITNESSES = 'SELECT name, vkey, oin FROM ketenpoort.witness WHERE active ORDER BY name';

interface LeafRow {
  readonly position: string;
  readonly record_id: string;
  readonly entry: Buffer;
  readonly canonical: Buffer | null;
  readonly salt: Buffer;
  readonly at: string;
  readonly [column: string]: unknown;
}

export async function readHeads(client: pg.Client): Promise<TreeHead[]> {
  const { rows } = await client.query<{ epoch: number }>(EPOCHS);
  const heads: (TreeHead | null)[] = [];
  for (const { epoch } of rows) heads.push(await headOfEpoch(client, epoch));
  return heads.filter((head) => head !== null);
}

/** The leaves from `first` up to but not including `end`, one for each index, also where a row is missing. */
export async function readLeaves(
  client: pg.Client,
  { epoch, first, end, withRecords }: { epoch: number; first: number; end: number; withRecords: boolean },
): Promise<ExportedLeaf[]> {
  const { rows } = await client.query<LeafRow>(withRecords ? LEAVES : ENTRIES, [epoch, first, end]);
  const leaves = new Map(rows.map((row) => [Number(row.position), leafOf(row)]));
  return Array.from({ length: end - first }, (_, offset) => leaves.get(first + offset) ?? ABSENT_LEAF);
}

/** Every finished tile that the database has, some at a time. */
export async function* readTiles(
  client: pg.Client,
  epoch: number,
): AsyncGenerator<{ readonly level: number; readonly n: number; readonly hashes: Buffer }> {
  for (let [level, n] = [0, -1]; ;) {
    const { rows } = await client.query<{ level: number; n: string; hashes: Buffer }>(TILES, [epoch, level, n]);
    for (const row of rows) yield { ...row, n: Number(row.n) };
    const last = rows.at(-1);
    if (!last) return;
    [level, n] = [last.level, Number(last.n)];
  }
}

/** What the database has and the log has not. */
export async function readOutside(
  client: pg.Client,
  ends: readonly { readonly epoch: number; readonly size: number; readonly checkpointSize: number }[],
): Promise<OutsideLine[]> {
  const lines: OutsideLine[] = [];
  for (const { epoch, size, checkpointSize } of ends) {
    if (size !== checkpointSize) lines.push({ what: 'head', epoch, size, checkpointSize });
    const behind = await client.query<{ position: string; record_id: string }>(LEAVES_BEHIND, [epoch, checkpointSize]);
    for (const { position, record_id: recordId } of behind.rows) {
      lines.push({ what: 'leaf', epoch, index: Number(position), recordId });
    }
  }
  const records = await client.query<{ id: string }>(RECORDS_OUTSIDE);
  lines.push(...records.rows.map(({ id }) => ({ what: 'record', recordId: id }) as const));
  const unlike = await client.query<{ id: string; rows: number; gone: boolean }>(UNLIKE_INDEX);
  for (const { id, rows, gone } of unlike.rows) lines.push({ what: 'subject', recordId: id, rows, gone });
  for await (const line of foundByTooMany(client)) lines.push(line);
  return lines;
}

/** Records that more persons find than they name. One that names a person twice is found by fewer, and rightly so. */
async function* foundByTooMany(client: pg.Client): AsyncGenerator<OutsideLine> {
  await client.query(BY_SEVERAL);
  for (;;) {
    const { rows: some } = await client.query<{ id: string; rows: number; canonical: Buffer }>(NEXT_BY_SEVERAL);
    for (const { id, rows, canonical } of some)
      if (rows > subjectsOf(canonical)) yield { what: 'subject', recordId: id, rows, gone: false };
    if (some.length === 0) break;
  }
  await client.query('CLOSE by_several');
}

/** How many the record names; bytes that are no record any more are found by the verifier itself. */
function subjectsOf(canonical: Buffer): number {
  try {
    const { subjects } = JSON.parse(canonical.toString('utf8')) as { readonly subjects?: readonly unknown[] };
    return subjects?.length ?? 0;
  } catch {
    return Infinity;
  }
}

/** Records on their way into the log, and how many of them are ERASURE records. */
export async function readPending(client: pg.Client): Promise<{ readonly pending: number; readonly erasures: number }> {
  const { rows } = await client.query<{ pending: number; erasures: number }>(PENDING);
  return rows[0] ?? { pending: 0, erasures: 0 };
}

export async function readWitnesses(client: pg.Client): Promise<object[]> {
  return (await client.query<{ name: string; vkey: string; oin: string | null }>(WITNESSES)).rows;
}

function leafOf({ record_id: recordId, entry, canonical, salt, at, ...columns }: LeafRow): ExportedLeaf {
  if (!canonical) return { recordId, entry, record: null };
  // The record says milliseconds; what the column has beyond them would be a difference and must show.
  return { recordId, entry, record: { canonical, salt, columns: { ...columns, at: `${at.replace(/000$/, '')}Z` } } };
}
