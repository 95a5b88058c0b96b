import type pg from 'pg';
import { TILE_WIDTH, tileOfTree } from '#ledger/tiles.js';
import {
  cosignedCheckpoint,
  newestCheckpoint,
  withCosignatures,
} from '../../apps/gateway/src/access-log/log/checkpoints.js';
import type { TreeHead } from '../../apps/gateway/src/access-log/log/tree-head.js';
import {
  ABOUT,
  CHECKPOINT,
  COSIGNED,
  epochFolder,
  FORMAT,
  KEY,
  OUTSIDE,
  WITNESSES,
  type AboutExport,
} from '../../apps/verify/src/export-layout.js';
import type { ExportResume } from './export-resume.js';
import { readHeads, readLeaves, readOutside, readPending, readTiles, readWitnesses } from './export-rows.js';
import type { ExportWriter } from './export-writer.js';

/** Whole bundles at a time: some megabytes of records. */
const LEAVES_OF_A_BATCH = 16 * TILE_WIDTH;
/** A record is read by its key, whatever the planner thinks of a batch: a hash join would read all partitions. */
const BY_KEY = 'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off';
const BY_ANY = 'SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on';

export interface ExportJob {
  readonly writer: ExportWriter;
  readonly resume: ExportResume;
  readonly withRecords: boolean;
  readonly onStart: (leaves: number) => void;
  readonly onLeaves: (count: number) => void;
}

/** Writes the log as it stands in the snapshot of the client's transaction (REPEATABLE READ). `export.json` comes last. */
export async function exportLog(client: pg.Client, job: ExportJob): Promise<AboutExport> {
  const { writer, withRecords } = job;
  const { rows } = await client.query<{ at: Date }>('SELECT now() AS at');
  const heads = await readHeads(client);
  const ends: { head: TreeHead; note: string; checkpointSize: number }[] = [];
  for (const head of heads) {
    const newest = await withCosignatures(client, await newestCheckpoint(client, head.epoch));
    if (newest) ends.push({ head, note: newest.note, checkpointSize: newest.size });
  }
  job.onStart(ends.reduce((sum, { checkpointSize }) => sum + checkpointSize, 0));
  for (const { head, note, checkpointSize } of ends) {
    const folder = epochFolder(head.epoch);
    await exportLeaves(client, job, head.epoch, checkpointSize);
    await exportTiles(client, writer, head, checkpointSize);
    await writer.text(folder + KEY, `${head.vkey}\n`);
    await writer.text(folder + CHECKPOINT, note);
    const cosigned =
      (await cosignedCheckpoint(client, head.epoch)) ?? (await cosignedCheckpoint(client, head.epoch, { quorum: 1 }));
    if (cosigned) await writer.text(folder + COSIGNED, cosigned.note);
  }
  await writer.text(WITNESSES, `${JSON.stringify(await readWitnesses(client), null, 2)}\n`);
  const outside = ends.map(({ head, checkpointSize }) => ({ epoch: head.epoch, size: head.edge.size, checkpointSize }));
  if (withRecords) await writer.list(OUTSIDE, await readOutside(client, outside));
  const { pending } = await readPending(client);
  const epochs = ends.map(({ head, checkpointSize }) => ({
    epoch: head.epoch,
    origin: head.origin,
    size: checkpointSize,
  }));
  const about = { format: FORMAT, at: rows[0]?.at.toISOString() ?? '', epochs, withRecords, pending } as const;
  await writer.text(ABOUT, `${JSON.stringify(about, null, 2)}\n`);
  return about;
}

async function exportLeaves(client: pg.Client, job: ExportJob, epoch: number, size: number): Promise<void> {
  await client.query(BY_KEY);
  for (let first = 0; first < size; first += LEAVES_OF_A_BATCH) {
    const end = Math.min(first + LEAVES_OF_A_BATCH, size);
    if (!job.resume.has(epoch, first, end)) {
      const leaves = await readLeaves(client, { epoch, first, end, withRecords: job.withRecords });
      for (let start = 0; start < leaves.length; start += TILE_WIDTH) {
        await job.writer.bundle(
          epochFolder(epoch),
          (first + start) / TILE_WIDTH,
          leaves.slice(start, start + TILE_WIDTH),
        );
      }
    }
    job.onLeaves(end - first);
  }
  await client.query(BY_ANY);
}

/** Finished tiles from their table, all that it has; the unfinished ones from the head. */
async function exportTiles(client: pg.Client, writer: ExportWriter, head: TreeHead, size: number): Promise<void> {
  const folder = epochFolder(head.epoch);
  for await (const { level, n, hashes } of readTiles(client, head.epoch)) {
    await writer.tile(folder, { level, n, width: TILE_WIDTH }, hashes);
  }
  for (const [level, hashes] of head.edge.levels.entries()) {
    const id = tileOfTree(size, level, Math.floor(size / TILE_WIDTH ** (level + 1)));
    if (id && hashes.length > 0) await writer.tile(folder, id, hashes);
  }
}
