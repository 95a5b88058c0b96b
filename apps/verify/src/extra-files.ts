import { isTileWithin, parseTilePath, TILE_WIDTH } from '#ledger/tiles.js';
import { columnsPath, recordsPath } from './export-layout.js';
import type { Findings } from './finding.js';
import type { LogSource } from './log-source.js';

const PARALLEL = /^(records|columns)\/(.+)\.(bin|jsonl)$/;

/** Names every file below the tiles and records that a tree of this size, or a smaller one before it, does not have. */
export function checkExtraFiles(
  source: LogSource,
  { epoch, folder }: { readonly epoch: number; readonly folder: string },
  size: number,
  findings: Findings,
): void {
  for (const top of ['tile', 'records', 'columns']) {
    for (const path of source.list(folder + top) ?? []) {
      const own = path.slice(folder.length);
      if (belongs(own, size)) continue;
      findings.add({ kind: 'TILE_EXTRA', epoch, cause: `${own} does not belong to a tree of ${size} leaves` });
    }
  }
}

function belongs(path: string, size: number): boolean {
  const [, kind, rest] = PARALLEL.exec(path) ?? [];
  const id = parseTilePath(kind === undefined ? path : `tile/entries/${rest}`);
  if (!id || !isTileWithin(id, size)) return false;
  if (kind === undefined) return true;
  // Records and columns stand beside the bundle that the checkpoint has, and are rewritten with it.
  const width = Math.min(TILE_WIDTH, size - id.n * TILE_WIDTH);
  return path === (kind === 'records' ? recordsPath(id.n, width) : columnsPath(id.n, width));
}
