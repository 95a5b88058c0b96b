import { afterAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signCheckpoint } from '#ledger/checkpoint.js';
import { leafHash } from '#ledger/hash.js';
import { NoteSigner } from '#ledger/signed-note.js';
import { TILE_WIDTH, tileOfTree } from '#ledger/tiles.js';
import { appendToTree, EMPTY_EDGE, rootOfEdge } from '#ledger/tree-edge.js';
import { formatVerifierKey } from '#ledger/verifier-key.js';
import { ExportWriter } from '../tools/log/export-writer.js';
import { readAsStranger } from './support/foreign-log-reader.js';

const root = mkdtempSync(join(tmpdir(), 'ketenpoort-foreign-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const signer = NoteSigner.from('foreign.example/log', generateKeyPairSync('ed25519').privateKey);
const vkey = formatVerifierKey(signer.verifier);

/** The public part of an export, with this many entries. */
async function publicExport(size: number): Promise<string> {
  const folder = join(root, `log-${size}`);
  const writer = new ExportWriter(folder, false);
  await writer.open();
  const entries = Array.from({ length: size }, () => randomBytes(36));
  for (let n = 0; n * TILE_WIDTH < size; n += 1) {
    const leaves = entries.slice(n * TILE_WIDTH, (n + 1) * TILE_WIDTH);
    await writer.bundle(
      '',
      n,
      leaves.map((entry) => ({ recordId: '', entry, record: null })),
    );
  }
  const { edge, tiles } = appendToTree(
    EMPTY_EDGE,
    entries.map((entry) => leafHash(entry)),
  );
  for (const tile of tiles) await writer.tile('', { ...tile, width: TILE_WIDTH }, tile.hashes);
  for (const [level, hashes] of edge.levels.entries()) {
    const id = tileOfTree(size, level, Math.floor(size / TILE_WIDTH ** (level + 1)));
    if (id && hashes.length > 0) await writer.tile('', id, hashes);
  }
  await writer.text('checkpoint', signCheckpoint({ origin: signer.name, size, root: rootOfEdge(edge) }, signer));
  return folder;
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

describe('a reader that knows C2SP tlog-tiles and nothing of ours', () => {
  // Up to and over the edge of a tile, and so large that there are tiles of tiles of tiles.
  it.each([0, 1, 255, 256, 257, 1000, 66_000])('finds the signed root in a log of %i entries', async (size) => {
    const read = readAsStranger(await publicExport(size), vkey);
    expect(read).toMatchObject({ origin: signer.name, size });
    expect([read.rootOfTiles, read.rootOfEntries]).toEqual([read.signedRoot, read.signedRoot]);
  });

  it('finds another root when a tile or an entry was changed, and no signature under another checkpoint', () => {
    const folder = join(root, 'changed');
    cpSync(join(root, 'log-1000'), folder, { recursive: true });
    flip(join(folder, 'tile/entries/001'), 20);
    flip(join(folder, 'tile/0/003.p/232'), 0);
    const read = readAsStranger(folder, vkey);
    expect(read.rootOfTiles).not.toBe(read.signedRoot);
    expect(read.rootOfEntries).not.toBe(read.signedRoot);
    flip(join(folder, 'checkpoint'), signer.name.length + 1);
    expect(() => readAsStranger(folder, vkey)).toThrow('signature');
    const stranger = NoteSigner.from(signer.name, generateKeyPairSync('ed25519').privateKey);
    expect(() => readAsStranger(folder, formatVerifierKey(stranger.verifier))).toThrow('another key');
  });
});
