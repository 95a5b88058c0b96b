import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leafHash } from './hash.js';
import { numberedLeaves, PlainTree } from './fakes.js';
import { TILE_WIDTH, tilesOfTree } from './tiles.js';
import { appendToTree, EMPTY_EDGE, rootOfEdge, type FullTile, type TreeEdge } from './tree-edge.js';
import { edgeFromTiles, rootFromTiles } from './tree-reader.js';

// The tree of transparency-dev/merkle, testonly/constants.go, which has it from certificate-transparency.
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const MANY = numberedLeaves(70_000);
const tree = new PlainTree(MANY);

function appendInBatches(leaves: readonly Buffer[], cuts: readonly number[]): { edge: TreeEdge; tiles: FullTile[] } {
  let edge = EMPTY_EDGE;
  const tiles: FullTile[] = [];
  const ends = [...cuts, leaves.length].sort((a, b) => a - b);
  for (const [index, end] of ends.entries()) {
    const appended = appendToTree(edge, leaves.slice(ends[index - 1] ?? 0, end));
    edge = appended.edge;
    tiles.push(...appended.tiles);
  }
  return { edge, tiles };
}

/** In one text, which compares faster than buffers do. */
const spelled = (edge: TreeEdge, tiles: readonly FullTile[]): string =>
  [edge.size, ...edge.levels, ...tiles.map(({ level, n, hashes }) => `${level}/${n} ${hashes.toString('base64')}`)]
    .map((part) => (part instanceof Buffer ? part.toString('base64') : part))
    .join('\n');
const byPlace = (a: FullTile, b: FullTile): number => a.level - b.level || a.n - b.n;

describe('tree edge', () => {
  it('grows through the published roots of the tree of eight leaves', () => {
    let edge = EMPTY_EDGE;
    expect(rootOfEdge(edge).toString('hex')).toBe(ROOTS[0]);
    for (const [index, entry] of ENTRIES.entries()) {
      edge = appendToTree(edge, [leafHash(Buffer.from(entry, 'hex'))]).edge;
      expect(rootOfEdge(edge).toString('hex')).toBe(ROOTS[index + 1]);
    }
  });

  it('has the root of RFC 6962 at every size up to 520, whether grown or read from tiles', async () => {
    const leaves = MANY.slice(0, 520);
    let edge = EMPTY_EDGE;
    for (let size = 0; size <= leaves.length; size += 1) {
      const root = tree.root(size);
      expect(rootOfEdge(edge).equals(root)).toBe(true);
      expect((await rootFromTiles(size, tree.tiles(size))).equals(root)).toBe(true);
      expect(spelled(await edgeFromTiles(size, tree.tiles(size)), [])).toBe(spelled(edge, []));
      edge = appendToTree(edge, leaves.slice(size, size + 1)).edge;
    }
  });

  it('has the root of RFC 6962 in trees of three levels of tiles', async () => {
    for (const size of [65_535, 65_536, 65_537, 65_792, 69_999]) {
      const { edge } = appendToTree(EMPTY_EDGE, MANY.slice(0, size));
      const root = tree.root(size);
      expect(rootOfEdge(edge)).toEqual(root);
      expect(await rootFromTiles(size, tree.tiles(size))).toEqual(root);
    }
  });

  it('gives the same edge, tiles and root however the leaves are cut into batches', () => {
    const sizes = fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 70_000 }));
    const cutting = sizes.chain((size) =>
      fc.tuple(fc.constant(size), fc.array(fc.nat({ max: size }), { maxLength: 9 })),
    );
    fc.assert(
      fc.property(cutting, ([size, cuts]) => {
        const leaves = MANY.slice(0, size);
        const whole = appendToTree(EMPTY_EDGE, leaves);
        const parts = appendInBatches(leaves, cuts);
        expect(spelled(parts.edge, parts.tiles.sort(byPlace))).toBe(spelled(whole.edge, whole.tiles));
      }),
      { numRuns: 40 },
    );
  });

  it('hands out every full tile of the tree once, with the bytes of its definition', () => {
    const { tiles } = appendInBatches(MANY, [1, 300, 65_536, 65_537]);
    const full = tilesOfTree(MANY.length).filter(({ width }) => width === TILE_WIDTH);
    expect(tiles.sort(byPlace).map(({ level, n }) => ({ level, n, width: TILE_WIDTH }))).toEqual(full);
    for (const { level, n, hashes } of tiles) expect(hashes.equals(tree.tile({ level, n, width: 256 }))).toBe(true);
  });

  it('never changes a tile that it handed out, nor the edge that it was given', () => {
    const first = appendToTree(EMPTY_EDGE, MANY.slice(0, 300));
    const before = spelled(first.edge, first.tiles);
    appendToTree(first.edge, MANY.slice(300, 1000));
    rootOfEdge(first.edge);
    expect(spelled(first.edge, first.tiles)).toBe(before);
  });

  it('refuses an edge that is not of its size, and a leaf hash of another length', () => {
    const { edge } = appendToTree(EMPTY_EDGE, MANY.slice(0, 300));
    const broken: TreeEdge[] = [
      { ...edge, size: 301 },
      { ...edge, size: 300 + 65_536 },
      { ...edge, levels: edge.levels.slice(1) },
      { ...edge, levels: [...edge.levels, Buffer.alloc(0)] },
    ];
    for (const wrong of broken) {
      expect(() => appendToTree(wrong, [])).toThrow('EDGE_MALFORMED');
      expect(() => rootOfEdge(wrong)).toThrow('EDGE_MALFORMED');
    }
    expect(() => appendToTree(edge, [Buffer.alloc(31)])).toThrow('EDGE_MALFORMED');
    for (const size of [-1, 1.5, 2 ** 53]) expect(() => rootOfEdge({ size, levels: [] })).toThrow('SIZE_INVALID');
  });
});
