import {
  cosignedCheckpoint,
  newestCheckpoint,
  withCosignatures,
  type StoredCheckpoint,
} from '../../access-log/log/checkpoints.js';
import { tileReader } from '../../access-log/log/read-tiles.js';
import type { SqlReader } from '../../access-log/log/sql-reader.js';
import { headOfEpoch } from '../../access-log/log/tree-head.js';
import { leafHash } from '#ledger/hash.js';
import { inclusionProof } from '#ledger/proofs.js';
import { tilePath } from '#ledger/tiles.js';
import type { ReadTile } from '#ledger/tree-reader.js';

/** 8 kB each: the tiles near one proof are those of the next. */
const MAX_CACHED_TILES = 128;
const LEAVES =
  'SELECT record_id AS id, epoch, position::text, entry FROM ketenpoort.leaf WHERE record_id = ANY ($1::uuid[])';

/** Where the log of one epoch stands while a bundle is written. */
interface Epoch {
  readonly origin: string;
  readonly key: string;
  readonly readTile: ReadTile;
  /** Newest with a quorum of cosignatures, and newest of all. */
  readonly cosigned: StoredCheckpoint | null;
  readonly newest: StoredCheckpoint | null;
}

/** In the form of `GET /v1/access-log-entries/{id}/inclusion-proof`. */
export type LineProof = NonNullable<Awaited<ReturnType<LineProofs['proofOf']>>>;

interface Leaf {
  readonly id: string;
  readonly epoch: number;
  readonly position: string;
  readonly entry: Buffer;
}

/** Inclusion proofs of many records against as few checkpoints as there can be: one an epoch, or two. */
export class LineProofs {
  private readonly epochs = new Map<number, Epoch | null>();

  constructor(
    private readonly client: SqlReader,
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
  async of(recordIds: readonly string[]): Promise<ReadonlyMap<string, LineProof>> {
    const { rows } = await this.client.query<Leaf & Record<string, unknown>>(LEAVES, [recordIds]);
    const found = new Map<string, LineProof>();
    for (const leaf of rows) {
      const proof = await this.proofOf(leaf);
      if (proof) found.set(leaf.id, proof);
    }
    return found;
  }

  private async proofOf({ id, epoch: number, position, entry }: Leaf) {
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
    };
  }

  /** The checkpoints first and the head after them: the tiles then cover the checkpoints. */
  private async epoch(number: number): Promise<Epoch | null> {
    const known = this.epochs.get(number);
    if (known !== undefined) return known;
    const cosigned = await cosignedCheckpoint(this.client, number, { quorum: this.quorum });
    const newest = await withCosignatures(this.client, await newestCheckpoint(this.client, number));
    const head = await headOfEpoch(this.client, number);
    const epoch = head && {
      origin: head.origin,
      key: head.vkey,
      readTile: cached(tileReader(this.client, head)),
      cosigned,
      newest,
    };
    this.epochs.set(number, epoch);
    return epoch;
  }
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
