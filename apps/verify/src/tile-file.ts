import { HASH_BYTES } from '#ledger/hash.js';
import { decodeBundle, encodeBundle } from '#ledger/entry-bundle.js';
import { TILE_WIDTH, tilePath, type TileId } from '#ledger/tiles.js';
import type { FileMemory } from './file-memory.js';
import type { LogSource } from './log-source.js';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/**
 * The bytes of a tile or bundle as wide as the id says; null when it is not there or a tile is of another length. A log
 * may have dropped a partial one whose full one exists: then its beginning is taken (C2SP tlog-tiles).
 */
export async function readTile(
  source: LogSource,
  folder: string,
  id: TileId,
  bytesMax = TILE_BYTES,
  memory?: FileMemory,
): Promise<Buffer | null> {
  const bytes = await source.read(folder + tilePath(id), bytesMax, memory);
  if (bytes) return id.level === 'entries' || bytes.length === id.width * HASH_BYTES ? bytes : null;
  if (id.width === TILE_WIDTH) return null;
  const full = await source.read(folder + tilePath({ ...id, width: TILE_WIDTH }), bytesMax, memory);
  if (!full) return null;
  if (id.level === 'entries') return encodeBundle(decodeBundle(full, TILE_WIDTH).slice(0, id.width));
  return full.length === TILE_BYTES ? full.subarray(0, id.width * HASH_BYTES) : null;
}
