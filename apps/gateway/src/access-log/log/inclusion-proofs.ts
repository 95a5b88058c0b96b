import { leafHash } from '#ledger/hash.js';
import { inclusionProof } from '#ledger/proofs.js';
import { tilePath } from '#ledger/tiles.js';
import { formatTlogProof } from '#ledger/tlog-proof.js';
import type { ReadTile } from '#ledger/tree-reader.js';
import type { StoredCheckpoint } from './checkpoints.js';
import { standingOf } from './epoch-standing.js';
import { tileReader } from './read-tiles.js';
import type { SqlReader } from './sql-reader.js';

/** 8 kB each: the tiles near one proof are those of the next. */
const MAX_CACHED_TILES = 128;
const LEAVES =
  'SELECT record_id AS id, epoch, position::text, entry FROM ketenpoort.leaf WHERE record_id = ANY ($1::uuid[])';

/** That the entry of a record is a leaf of the log, for whoever trusts the log's key and its witnesses. */
export interface InclusionProof {
  readonly recordId: string;
  readonly epoch: number;
  readonly origin: string;
  readonly index: number;
  /** Base64, as all bytes here: the 36 bytes of the entry, and SHA-256(0x00 || entry). */
  readonly entry: string;
  readonly leafHash: string;
  readonly checkpoint: {
    readonly size: number;
    readonly root: string;
    readonly note: string;
    /** Whether enough witnesses cosigned it; without, only the log itself vouches for it. */
    readonly quorum: boolean;
  };
  /** The sibling of the leaf first (RFC 6962, section 2.1.1). */
  readonly proof: readonly string[];
  /** All of it as one file in the format of C2SP tlog-proof, with the entry as its extra data. */
  readonly tlogProof: string;
}

/** Where the log of one epoch stands while proofs are made. */
interface Epoch {
  readonly origin: string;
  readonly key: string;
  readonly readTile: ReadTile;
  /** Newest with a quorum of cosignatures, and newest of all. */
  readonly cosigned: StoredCheckpoint | null;
  readonly newest: StoredCheckpoint | null;
}

/** The place of a record in the log. */
export interface Leaf {
  readonly id: string;
  readonly epoch: number;
  /** bigint, as text. */
  readonly position: string;
  /** 36 bytes. */
  readonly entry: Buffer;
}

/**
 * Inclusion proofs against as few checkpoints as there can be: one an epoch, or two. A leaf is proven under the newest
 * checkpoint with a quorum that covers it, else under the newest at all.
 */
export class InclusionProofs {
  private readonly epochs = new Map<number, Epoch | null>();

  constructor(
    private readonly client: SqlReader,
    /** Cosignatures that are enough; null for a majority of the active witnesses. */
    private readonly quorum: number | null,
  ) {}

  /** Verifier keys of the epochs that were used. */
  get keys(): readonly string[] {
    return [...new Set([...this.epochs.values()].flatMap((epoch) => epoch?.key ?? []))];
  }

  /** Signed notes that the proofs lead to. */
  get checkpoints(): readonly string[] {
    return [...this.epochs.values()].flatMap((epoch) => (epoch?.cosigned ?? epoch?.newest)?.note ?? []);
  }

  /** Proofs by record; a record that is not in a checkpoint yet has none. */
  async of(recordIds: readonly string[]): Promise<ReadonlyMap<string, InclusionProof>> {
    const { rows } = await this.client.query<Leaf & Record<string, unknown>>({
      name: 'log-leaves-of-records',
      text: LEAVES,
      values: [recordIds],
    });
    const found = new Map<string, InclusionProof>();
    for (const leaf of rows) {
      const proof = await this.proofOf(leaf);
      if (proof) found.set(leaf.id, proof);
    }
    return found;
  }

  /** Null when no checkpoint covers the leaf yet. */
  async proofOf({ id, epoch: number, position, entry }: Leaf): Promise<InclusionProof | null> {
    const epoch = await this.epoch(number);
    const index = Number(position);
    const covers = (checkpoint: StoredCheckpoint | null | undefined): checkpoint is StoredCheckpoint =>
      checkpoint !== null && checkpoint !== undefined && index < checkpoint.size;
    const checkpoint = [epoch?.cosigned, epoch?.newest].find(covers);
    if (!epoch || !checkpoint) return null;
    const { size, root, note } = checkpoint;
    const hashes = await inclusionProof(index, size, epoch.readTile);
    return {
      recordId: id,
      epoch: number,
      origin: epoch.origin,
      index,
      entry: entry.toString('base64'),
      leafHash: leafHash(entry).toString('base64'),
      checkpoint: { size, root: root.toString('base64'), note, quorum: checkpoint === epoch.cosigned },
      proof: hashes.map((hash) => hash.toString('base64')),
      tlogProof: formatTlogProof({ index, proof: hashes, note, extra: entry }),
    };
  }

  private async epoch(number: number): Promise<Epoch | null> {
    const known = this.epochs.get(number);
    if (known !== undefined) return known;
    const standing = await standingOf(this.client, number, this.quorum);
    const epoch = standing && {
      ...{ origin: standing.head.origin, key: standing.head.vkey },
      readTile: cached(tileReader(this.client, standing.head)),
      ...{ cosigned: standing.cosigned, newest: standing.newest },
    };
    this.epochs.set(number, epoch);
    return epoch;
  }
}

/** The proof of one leaf; null while it is none, or no checkpoint covers it. */
export async function proveInclusion(
  client: SqlReader,
  leaf: Leaf | null,
  quorum: number | null,
): Promise<InclusionProof | null> {
  return leaf && (await new InclusionProofs(client, quorum).proofOf(leaf));
}

function cached(readTile: ReadTile): ReadTile {
  const tiles = new Map<string, Buffer>();
  return async (id) => {
    const path = tilePath(id);
    const known = tiles.get(path);
    if (known) return known;
    const read = await readTile(id);
    const [oldest] = tiles.keys();
    if (tiles.size >= MAX_CACHED_TILES && oldest !== undefined) tiles.delete(oldest);
    tiles.set(path, read);
    return read;
  };
}
