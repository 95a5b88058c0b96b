import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { TILE_WIDTH, tilePath } from '#ledger/tiles.js';
import { epochFolder } from '../../apps/verify/src/export-layout.js';

/** Lies in the folder from the first moment on: what the export is of, and since when. */
const STARTED = 'export-started.json';
const ERASED_SINCE = `SELECT convert_from(canonical, 'UTF8')::jsonb -> 'details' AS details
  FROM ketenpoort.access_record WHERE kind = 'ERASURE' AND at >= $1::timestamptz - interval '1 day'
    AND convert_from(canonical, 'UTF8')::jsonb -> 'details' -> 'ranges' IS NOT NULL`;

interface Started {
  readonly at: string;
  readonly withRecords: boolean;
}

interface ErasedRanges {
  readonly epoch: number;
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

/** What an earlier run left that still holds: whole bundles of which nothing was erased since. */
export class ExportResume {
  private constructor(
    private readonly folder: string,
    private readonly erased: readonly ErasedRanges[] | null,
  ) {}

  /** Nothing is left: all is written. */
  static none(folder: string): ExportResume {
    return new ExportResume(folder, null);
  }

  /** Asks the database what was erased since the earlier run began, and drops what a larger tree replaces. */
  static async after(folder: string, started: Started, client: pg.Client): Promise<ExportResume> {
    const { rows } = await client.query<{ details: ErasedRanges }>(ERASED_SINCE, [started.at]);
    for (const top of ['tile', 'records', 'columns', 'epochs']) removePartial(join(folder, top));
    return new ExportResume(
      folder,
      rows.map(({ details }) => details),
    );
  }

  /** True when the bundles of these leaves need not be written again. */
  has(epoch: number, first: number, end: number): boolean {
    if (!this.erased) return false;
    const touched = this.erased
      .filter((erased) => erased.epoch === epoch)
      .some(({ ranges }) => ranges.some(([from, to]) => from < end && to >= first));
    if (touched || end % TILE_WIDTH !== 0) return false;
    for (let n = first / TILE_WIDTH; n < end / TILE_WIDTH; n += 1) {
      const path = epochFolder(epoch) + tilePath({ level: 'entries', n, width: TILE_WIDTH });
      if (!existsSync(join(this.folder, path))) return false;
    }
    return true;
  }
}

export function readStarted(folder: string): Started | null {
  const file = join(folder, STARTED);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Started) : null;
}

/** A resumed run keeps the moment of the first: what was erased since then is what it has to look for. */
export async function writeStarted(folder: string, started: Started): Promise<void> {
  await writeFile(join(folder, STARTED), `${JSON.stringify(started)}\n`, { mode: 0o600 });
}

export function isEmpty(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0;
}

function removePartial(folder: string): void {
  if (!existsSync(folder)) return;
  for (const one of readdirSync(folder, { withFileTypes: true })) {
    if (!one.isDirectory()) continue;
    const path = join(folder, one.name);
    if (one.name.endsWith('.p')) rmSync(path, { recursive: true });
    else removePartial(path);
  }
}
