import { COSIGNED_SIZE, linesOfCheckpoint, type StoredCheckpoint } from './checkpoints.js';
import type { SqlReader } from './sql-reader.js';
import { HEAD_COLUMNS, headOf, type HeadRow, type TreeHead } from './tree-head.js';

/** Where the log of one epoch stands at one moment: what a proof leads to, and the tree that it is made of. */
export interface EpochStanding {
  readonly head: TreeHead;
  /** Newest with a quorum of cosignatures, and newest of all; each with those of the active witnesses. */
  readonly cosigned: StoredCheckpoint | null;
  readonly newest: StoredCheckpoint | null;
}

interface Row extends HeadRow, Record<string, unknown> {
  readonly checkpoints: readonly {
    readonly kind: keyof Omit<EpochStanding, 'head'>;
    readonly size: number;
    /** Hexadecimal. */
    readonly root: string;
    readonly note: string;
    readonly lines: readonly string[];
  }[];
}

/**
 * One statement and so one moment: the head covers the checkpoints, however fast the log grows. Each statement more is
 * a way to the database and back, and those were most of the time of a proof.
 */
const STANDING = `SELECT ${HEAD_COLUMNS}, (
    SELECT coalesce(json_agg(json_build_object('kind', wanted.kind, 'size', c.size, 'root', encode(c.root, 'hex'),
      'note', c.note, 'lines', ARRAY(${linesOfCheckpoint('c.epoch', 'c.size')}))), '[]')
    FROM (VALUES
      ('newest', (SELECT max(size) FROM ketenpoort.checkpoint WHERE epoch = $1)),
      ('cosigned', (${COSIGNED_SIZE}))
    ) AS wanted (kind, size) JOIN ketenpoort.checkpoint c ON c.epoch = $1 AND c.size = wanted.size
  ) AS checkpoints FROM ketenpoort.tree_head WHERE epoch = $1`;

/** Null when there is no such epoch. `quorum`: cosignatures that are enough; null for a majority of active witnesses. */
export async function standingOf(
  client: SqlReader,
  epoch: number,
  quorum: number | null,
): Promise<EpochStanding | null> {
  const { rows } = await client.query<Row>({ name: 'log-standing', text: STANDING, values: [epoch, quorum] });
  const [row] = rows;
  if (!row) return null;
  const found = (wanted: string): StoredCheckpoint | null => {
    const checkpoint = row.checkpoints.find(({ kind }) => kind === wanted);
    if (!checkpoint) return null;
    const { size, root, note, lines } = checkpoint;
    return { epoch, size, root: Buffer.from(root, 'hex'), note: note + lines.map((line) => `${line}\n`).join('') };
  };
  return { head: headOf(row), cosigned: found('cosigned'), newest: found('newest') };
}
