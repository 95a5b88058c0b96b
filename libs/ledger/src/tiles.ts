import { LedgerError } from './ledger-error.js';

/** C2SP tlog-tiles: a tile covers eight heights of the tree, so it is 256 hashes wide. */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;
const LEVEL_MAX = 63;
const PATH_MAX = 64;
const PATH_FORM = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** A tile of hashes (level 0 holds leaf hashes, level 1 the roots of full tiles of level 0) or a bundle of entries. */
export interface TileId {
  readonly level: number | 'entries';
  /** Index of the tile within its level. */
  readonly n: number;
  /** Hashes or entries in it: 1..256, and 256 is a full tile. */
  readonly width: number;
}

/** Path below the log's prefix: `tile/0/x001/234.p/5`. Throws SIZE_INVALID on an id out of bounds. */
export function tilePath(id: TileId): string {
  if (!isTileId(id)) throw new LedgerError('SIZE_INVALID', 'level, index or width of a tile is out of bounds');
  const groups = [String(id.n % 1000).padStart(3, '0')];
  for (let rest = Math.floor(id.n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return `tile/${id.level}/${groups.join('/')}${id.width === TILE_WIDTH ? '' : `.p/${id.width}`}`;
}

/** The tile that a path names, or null unless it is exactly the path that `tilePath` gives. */
export function parseTilePath(path: string): TileId | null {
  const match = path.length <= PATH_MAX ? PATH_FORM.exec(path) : null;
  if (!match?.[1] || !match[2]) return null;
  const id: TileId = {
    level: match[1] === 'entries' ? 'entries' : Number(match[1]),
    n: Number(match[2].replaceAll(/[x/]/g, '')),
    width: match[3] === undefined ? TILE_WIDTH : Number(match[3]),
  };
  return isTileId(id) && tilePath(id) === path ? id : null;
}

/** Every tile of hashes of a tree of this size: full ones first, level by level, then the partial one of each level. */
export function tilesOfTree(size: number): TileId[] {
  const full: TileId[] = [];
  const partial: TileId[] = [];
  for (let level = 0; hashesAtLevel(size, level) > 0; level += 1) {
    for (const id of tilesOfLevel(size, level)) (id.width === TILE_WIDTH ? full : partial).push(id);
  }
  return [...full, ...partial];
}

/** The tile with this index in a tree of this size, as wide as it is there; null when the tree has no such tile. */
export function tileOfTree(size: number, level: TileId['level'], n: number): TileId | null {
  const width = Math.min(hashesAtLevel(size, level) - n * TILE_WIDTH, TILE_WIDTH);
  return width > 0 ? { level, n, width } : null;
}

/**
 * True when a tree of this size, or a smaller one on the way to it, has this tile. A log may be asked for no other: a
 * partial tile is the beginning of the same tile in every larger tree.
 */
export function isTileWithin(id: TileId, size: number): boolean {
  return isTileId(id) && id.n * TILE_WIDTH + id.width <= hashesAtLevel(size, id.level);
}

/** floor(size / 256^level), for entries as for level 0. Throws SIZE_INVALID unless size is a safe integer from 0. */
export function hashesAtLevel(size: number, level: TileId['level']): number {
  return Math.floor(treeSize(size) / TILE_WIDTH ** (level === 'entries' ? 0 : level));
}

/** The size itself. Throws SIZE_INVALID unless it is a safe integer from 0. */
export function treeSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) throw new LedgerError('SIZE_INVALID', 'a tree size counts from 0');
  return size;
}

function tilesOfLevel(size: number, level: number): TileId[] {
  const hashes = hashesAtLevel(size, level);
  return Array.from({ length: Math.ceil(hashes / TILE_WIDTH) }, (_, n) => ({
    level,
    n,
    width: Math.min(hashes - n * TILE_WIDTH, TILE_WIDTH),
  }));
}

function isTileId({ level, n, width }: TileId): boolean {
  const levelExists = level === 'entries' || (Number.isInteger(level) && level >= 0 && level <= LEVEL_MAX);
  const widthExists = Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH;
  return levelExists && widthExists && Number.isSafeInteger(n) && n >= 0;
}
