import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBundle, encodeBundle } from './entry-bundle.js';
import { LedgerError } from './ledger-error.js';
import { numberedLeaves, PlainTree } from './fakes.js';
import { isTileWithin, parseTilePath, tileOfTree, tilePath, tilesOfTree } from './tiles.js';

const count = <T>(list: readonly T[], of: (one: T) => boolean): number => list.filter(of).length;

function readOrRefused<T>(read: () => T): T | 'refused' {
  try {
    return read();
  } catch (error) {
    if (error instanceof LedgerError) return 'refused';
    throw error;
  }
}

describe('tile paths', () => {
  it('are those of C2SP tlog-tiles and of golang.org/x/mod/sumdb/tlog', () => {
    const examples: [string, Parameters<typeof tilePath>[0]][] = [
      ['tile/0/x001/x234/067', { level: 0, n: 1_234_067, width: 256 }],
      ['tile/0/001', { level: 0, n: 1, width: 256 }],
      ['tile/0/001.p/5', { level: 0, n: 1, width: 5 }],
      ['tile/5/x123/x456/078', { level: 5, n: 123_456_078, width: 256 }],
      ['tile/5/x123/x456/078.p/2', { level: 5, n: 123_456_078, width: 2 }],
      ['tile/entries/x003/x057/500', { level: 'entries', n: 3_057_500, width: 256 }],
      ['tile/63/000', { level: 63, n: 0, width: 256 }],
    ];
    for (const [path, id] of examples) {
      expect(tilePath(id)).toBe(path);
      expect(parseTilePath(path)).toEqual(id);
    }
  });

  it('lead back to the tile for every level, index and width', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
    const id = fc.record({ level, n: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(fc.property(id, (tile) => expect(parseTilePath(tilePath(tile))).toEqual(tile)));
  });

  it.each([
    'tile/0/1',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/x000/001',
    'tile/00/001',
    'tile/64/001',
    'tile/-1/001',
    'tile/data/001',
    'tile/0/001.p/0',
    'tile/0/001.p/05',
    'tile/0/001.p/256',
    'tile/0/001.p/5/',
    'tile/0/001\n',
    '/tile/0/001',
    'tile/0/../001',
    'tile/0/x009/x007/x199/x254/x740/992',
    `tile/0/${'x001/'.repeat(500)}001`,
    '',
  ])('do not come in another spelling: %j', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });

  it('exist only for levels, indexes and widths within bounds', () => {
    const id = { level: 0, n: 0, width: 1 };
    for (const wrong of [{ level: 64 }, { level: 0.5 }, { n: -1 }, { n: 2 ** 53 }, { width: 0 }, { width: 257 }]) {
      expect(() => tilePath({ ...id, ...wrong })).toThrow('SIZE_INVALID');
    }
  });
});

describe('tiles of a tree', () => {
  it('are those that C2SP tlog-tiles counts for 70,000 and for 256 leaves', () => {
    const tiles = tilesOfTree(70_000);
    expect(count(tiles, ({ level, width }) => level === 0 && width === 256)).toBe(273);
    expect(tiles.slice(273)).toEqual([
      { level: 1, n: 0, width: 256 },
      { level: 0, n: 273, width: 112 },
      { level: 1, n: 1, width: 17 },
      { level: 2, n: 0, width: 1 },
    ]);
    expect(tilesOfTree(256)).toEqual([
      { level: 0, n: 0, width: 256 },
      { level: 1, n: 0, width: 1 },
    ]);
    expect(tilesOfTree(0)).toEqual([]);
  });

  it('are found by level and index, and all others are not there', () => {
    for (const size of [0, 1, 255, 256, 257, 65_536, 70_000]) {
      const tiles = tilesOfTree(size);
      const bundles = tiles.filter(({ level }) => level === 0).map((id) => ({ ...id, level: 'entries' as const }));
      for (const id of [...tiles, ...bundles]) {
        expect(tileOfTree(size, id.level, id.n)).toEqual(id);
        expect(isTileWithin(id, size)).toBe(true);
        const next = { ...id, n: id.n + 1, width: 1 };
        expect(isTileWithin(next, size)).toBe(tileOfTree(size, next.level, next.n) !== null);
        if (id.width < 256) expect(isTileWithin({ ...id, width: id.width + 1 }, size)).toBe(false);
      }
    }
    expect(isTileWithin({ level: 0, n: 0, width: 0 }, 10)).toBe(false);
    for (const size of [-1, 0.5, 2 ** 53]) expect(() => tilesOfTree(size)).toThrow('SIZE_INVALID');
  });

  it('are the beginning of the same tiles in every larger tree', () => {
    const tree = new PlainTree(numberedLeaves(1500));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1500 }), fc.integer({ min: 1, max: 1500 }), (a, b) => {
        const [size, later] = a < b ? [a, b] : [b, a];
        for (const id of tilesOfTree(size)) {
          const grown = tileOfTree(later, id.level, id.n);
          expect(grown && tree.tile(grown).indexOf(tree.tile(id))).toBe(0);
        }
      }),
    );
  });
});

describe('entry bundle', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 });

  it('puts the length of each entry before it, in two bytes', () => {
    expect(
      encodeBundle([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(258, 1)])
        .subarray(0, 9)
        .toString('hex'),
    ).toBe('00026162000001' + '0201');
  });

  it('gives back the entries, and others or none with any byte turned or cut off', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (list, seed) => {
        const bundle = encodeBundle(list);
        const read = (bytes: Uint8Array): string[] =>
          decodeBundle(bytes, list.length).map((entry) => entry.toString('hex'));
        const written = list.map((entry) => Buffer.from(entry).toString('hex'));
        expect(read(bundle)).toEqual(written);
        expect(() => decodeBundle(bundle, list.length + 1)).toThrow('BUNDLE_MALFORMED');
        const at = seed % bundle.length;
        expect(() => read(bundle.subarray(0, at))).toThrow('BUNDLE_MALFORMED');
        const flipped = Buffer.from(bundle);
        flipped[at] = (flipped[at] ?? 0) ^ 1;
        expect(readOrRefused(() => read(flipped))).not.toEqual(written);
      }),
    );
  });

  it('holds 1 to 256 entries of at most 65535 bytes', () => {
    const one = Buffer.of(7);
    expect(decodeBundle(encodeBundle([Buffer.alloc(65_535)]))).toHaveLength(1);
    expect(() => encodeBundle([Buffer.alloc(65_536)])).toThrow('BUNDLE_MALFORMED');
    expect(() => encodeBundle([])).toThrow('BUNDLE_MALFORMED');
    expect(() => encodeBundle(Array.from({ length: 257 }, () => one))).toThrow('BUNDLE_MALFORMED');
    const full = encodeBundle(Array.from({ length: 256 }, () => one));
    expect(() => decodeBundle(Buffer.concat([full, full.subarray(0, 3)]))).toThrow('BUNDLE_MALFORMED');
    expect(() => decodeBundle(Buffer.alloc(0))).toThrow('BUNDLE_MALFORMED');
  });
});
