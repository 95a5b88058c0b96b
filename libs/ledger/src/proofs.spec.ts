import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_ROOT } from './hash.js';
import { numberedLeaves, plainLeaf, plainRoot, PlainTree } from './fakes.js';
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from './proofs.js';

// Entries, and proofs in base64, of transparency-dev/merkle: testonly/constants.go and testdata/*/happy-path.json.
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const INCLUSION: [index: number, size: number, proof: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      'lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=',
      'Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=',
      'a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=',
    ],
  ],
  [
    5,
    8,
    [
      'vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=',
      'yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=',
      '037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=',
    ],
  ],
];
const CONSISTENCY: [oldSize: number, size: number, proof: string[]][] = [
  [1, 1, []],
  [
    6,
    8,
    [
      'DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=',
      'yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=',
      '037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=',
    ],
  ],
  [2, 5, ['Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=', 'vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=']],
  [
    6,
    7,
    [
      'DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=',
      'sIaT7C5yFZcTBkHoIR5+7cy0wmQTlj7ubB4u0W/7Gl8=',
      '037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=',
    ],
  ],
];
const SMALL = 70;
const LARGE = 70_000;
const tree = new PlainTree(numberedLeaves(LARGE));
const leafAt = (index: number): Buffer => tree.leaves[index] as Buffer;
const base64 = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('base64'));

/**
 * Proves that the leaf is in the tree of this size, and that this tree goes on where the leaf was the last. The tree gives
 * out no tile twice and none that this size has not.
 */
async function proveBothAt(index: number, size: number): Promise<void> {
  const root = tree.root(size);
  const proof = await inclusionProof(index, size, tree.tiles(size));
  expect(base64(proof)).toEqual(base64(tree.inclusion(index, size)));
  expect(verifyInclusion({ index, size, leaf: leafAt(index), proof, root })).toBe(true);
  const oldSize = index + 1;
  const growth = await consistencyProof(oldSize, size, tree.tiles(size));
  expect(base64(growth)).toEqual(base64(tree.consistency(oldSize, size)));
  expect(verifyConsistency({ oldSize, oldRoot: tree.root(oldSize), size, root, proof: growth })).toBe(true);
}

/** Each copy of `bytes` with one bit of one byte turned. */
function* flips(bytes: Uint8Array): Generator<Buffer> {
  for (let index = 0; index < bytes.length; index += 1) {
    const flipped = Buffer.from(bytes);
    flipped[index] = (flipped[index] ?? 0) ^ (1 << (index % 8));
    yield flipped;
  }
}

describe('proofs from tiles', () => {
  it('are those that transparency-dev/merkle publishes for the tree of eight leaves', async () => {
    const published = new PlainTree(ENTRIES.map((entry) => plainLeaf(Buffer.from(entry, 'hex'))));
    for (const [index, size, proof] of INCLUSION) {
      expect(base64(await inclusionProof(index, size, published.tiles(size)))).toEqual(proof);
    }
    for (const [oldSize, size, proof] of CONSISTENCY) {
      expect(base64(await consistencyProof(oldSize, size, published.tiles(size)))).toEqual(proof);
    }
  });

  it('are those of RFC 6962 for every leaf and every earlier size of small trees, and hold', async () => {
    for (let size = 1; size <= SMALL; size += 1) {
      for (let index = 0; index < size; index += 1) await proveBothAt(index, size);
    }
  });

  it('are so around the bounds of tiles, at every size from 250 to 520', async () => {
    const bounds = [0, 127, 128, 249, 254, 255, 256, 257, 510, 511, 512];
    for (let size = 250; size <= 520; size += 1) {
      for (const index of [...bounds, size - 2, size - 1].filter((known) => known < size))
        await proveBothAt(index, size);
    }
  });

  it('are so in large trees', async () => {
    const places = fc.tuple(fc.integer({ min: 1, max: LARGE }), fc.nat());
    await fc.assert(
      fc.asyncProperty(places, ([size, seed]) => proveBothAt(seed % size, size)),
      { numRuns: 200 },
    );
    for (const size of [65_535, 65_536, 65_537, LARGE]) {
      for (const index of [0, 65_279, 65_280, 65_534, 65_535, 65_536].filter((known) => known < size)) {
        await proveBothAt(index, size);
      }
    }
  });

  it('refuse an index or size that the tree has not, and a tile of another width', async () => {
    for (const index of [-1, 0.5, 8, 9]) {
      await expect(inclusionProof(index, 8, tree.tiles(8))).rejects.toThrow('INDEX_INVALID');
    }
    await expect(inclusionProof(0, 0, tree.tiles(0))).rejects.toThrow('INDEX_INVALID');
    await expect(consistencyProof(9, 8, tree.tiles(8))).rejects.toThrow('SIZE_INVALID');
    await expect(inclusionProof(3, 8, () => Promise.resolve(Buffer.alloc(7 * 32)))).rejects.toThrow('TILE_MALFORMED');
  });
});

describe('inclusion', () => {
  it('fails with any byte of leaf, root or proof turned, a hash more or less, or another place', async () => {
    for (const [index, size] of [
      [0, 1],
      [4, 7],
      [6, 7],
      [300, 519],
    ] as const) {
      const root = tree.root(size);
      const leaf = leafAt(index);
      const proof = await inclusionProof(index, size, tree.tiles(size));
      const claim = { index, size, leaf, proof, root };
      expect(verifyInclusion(claim)).toBe(true);
      for (const other of flips(leaf)) expect(verifyInclusion({ ...claim, leaf: other })).toBe(false);
      for (const other of flips(root)) expect(verifyInclusion({ ...claim, root: other })).toBe(false);
      for (const [at, hash] of proof.entries()) {
        for (const other of flips(hash))
          expect(verifyInclusion({ ...claim, proof: proof.with(at, other) })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: proof.toSpliced(at, 1) })).toBe(false);
      }
      expect(verifyInclusion({ ...claim, proof: [...proof, root] })).toBe(false);
      expect(verifyInclusion({ ...claim, proof: [leaf, ...proof] })).toBe(false);
      for (const other of [-1, index + 1, index + size, Number.NaN]) {
        expect(verifyInclusion({ ...claim, index: other })).toBe(false);
      }
      for (const other of [0, index, size * 2, size * 2 + 1]) {
        expect(verifyInclusion({ ...claim, size: other })).toBe(false);
      }
      expect(verifyInclusion({ ...claim, leaf: leaf.subarray(1) })).toBe(false);
    }
  });
});

describe('consistency', () => {
  it('fails with any byte of a root or the proof turned, a hash more or less, or other sizes', async () => {
    for (const [oldSize, size] of [
      [1, 2],
      [4, 7],
      [6, 7],
      [300, 519],
    ] as const) {
      const [oldRoot, root] = [tree.root(oldSize), tree.root(size)];
      const proof = await consistencyProof(oldSize, size, tree.tiles(size));
      const claim = { oldSize, oldRoot, size, root, proof };
      expect(verifyConsistency(claim)).toBe(true);
      for (const other of flips(oldRoot)) expect(verifyConsistency({ ...claim, oldRoot: other })).toBe(false);
      for (const other of flips(root)) expect(verifyConsistency({ ...claim, root: other })).toBe(false);
      for (const [at, hash] of proof.entries()) {
        for (const other of flips(hash)) {
          expect(verifyConsistency({ ...claim, proof: proof.with(at, other) })).toBe(false);
        }
        expect(verifyConsistency({ ...claim, proof: proof.toSpliced(at, 1) })).toBe(false);
      }
      expect(verifyConsistency({ ...claim, proof: [...proof, root] })).toBe(false);
      for (const other of [size * 2, size * 4]) expect(verifyConsistency({ ...claim, size: other })).toBe(false);
      expect(verifyConsistency({ ...claim, oldSize: 0 })).toBe(false);
      expect(verifyConsistency({ ...claim, oldSize: size + 1 })).toBe(false);
      expect(verifyConsistency({ ...claim, oldSize: size, size: oldSize })).toBe(false);
    }
  });

  it('of one size holds for one root only; the empty tree begins every tree', () => {
    const [root, other] = [tree.root(70), plainRoot(tree.leaves.slice(1, 71))];
    expect(verifyConsistency({ oldSize: 70, oldRoot: root, size: 70, root, proof: [] })).toBe(true);
    expect(verifyConsistency({ oldSize: 70, oldRoot: other, size: 70, root, proof: [] })).toBe(false);
    expect(verifyConsistency({ oldSize: 70, oldRoot: root, size: 70, root, proof: [root] })).toBe(false);
    expect(verifyConsistency({ oldSize: 0, oldRoot: EMPTY_ROOT, size: 70, root, proof: [] })).toBe(true);
    expect(verifyConsistency({ oldSize: 0, oldRoot: EMPTY_ROOT, size: 70, root, proof: [root] })).toBe(false);
    expect(verifyConsistency({ oldSize: 0, oldRoot: root, size: 70, root, proof: [] })).toBe(false);
    expect(verifyConsistency({ oldSize: 0, oldRoot: EMPTY_ROOT, size: 0, root, proof: [] })).toBe(false);
  });
});
