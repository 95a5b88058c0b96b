import { generateKeyPairSync } from 'node:crypto';
import { signCheckpoint } from '#ledger/checkpoint.js';
import { encodeBundle } from '#ledger/entry-bundle.js';
import { entryBytes } from '#ledger/entry.js';
import { HASH_BYTES, leafHash, leafRow, reduceRow, sha256 } from '#ledger/hash.js';
import { NoteSigner } from '#ledger/signed-note.js';
import { isTileWithin, parseTilePath, TILE_WIDTH, type TileId } from '#ledger/tiles.js';
import { appendToTree, EMPTY_EDGE, rootOfEdge } from '#ledger/tree-edge.js';
import type { LogSource } from '../log-source.js';

const ORIGIN = 'growing.example/log';

/** A live log without records, which takes up a leaf after each file that is read: nothing ever stands still there. */
export class GrowingLog implements LogSource {
  readonly signer = NoteSigner.from(ORIGIN, generateKeyPairSync('ed25519').privateKey);
  /** What was read, in order. */
  readonly reads: string[] = [];

  /** `cosigned`: whether there is a note that witnesses have cosigned; it is then as new as the newest. */
  constructor(
    private size: number,
    private readonly cosigned: boolean,
  ) {}

  read(path: string): Promise<Buffer | null> {
    const answer = this.fileAt(path);
    this.reads.push(path);
    this.size += 1;
    return Promise.resolve(answer);
  }

  list(): null {
    return null;
  }

  private fileAt(path: string): Buffer | null {
    if (path === 'checkpoint' || (path === 'checkpoint/cosigned' && this.cosigned)) return this.checkpoint();
    const id = parseTilePath(path);
    return id && isTileWithin(id, this.size) ? tileBytes(id) : null;
  }

  private checkpoint(): Buffer {
    const { edge } = appendToTree(EMPTY_EDGE, entries(0, this.size).map(leafHash));
    return Buffer.from(signCheckpoint({ origin: ORIGIN, size: this.size, root: rootOfEdge(edge) }, this.signer));
  }
}

function entries(first: number, end: number): Buffer[] {
  return Array.from({ length: end - first }, (_, offset) =>
    entryBytes({
      retentionClass: 'RELEASE',
      expiresMonth: '2031-01',
      commitment: sha256(Buffer.from(`${first + offset}`)),
    }),
  );
}

function tileBytes({ level, n, width }: TileId): Buffer {
  if (level === 'entries') return encodeBundle(entries(n * TILE_WIDTH, n * TILE_WIDTH + width));
  const leaves = TILE_WIDTH ** level;
  const hashes = Array.from({ length: width }, (_, position) => {
    const first = (n * TILE_WIDTH + position) * leaves;
    return Buffer.from(reduceRow(leafRow(entries(first, first + leaves))).subarray(0, HASH_BYTES));
  });
  return Buffer.concat(hashes);
}
