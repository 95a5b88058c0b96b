import { leafHash } from '#ledger/hash.js';
import { inclusionProof } from '#ledger/proofs.js';
import { formatTlogProof } from '#ledger/tlog-proof.js';
import type { ReadTile } from '#ledger/tree-reader.js';
import { cosignedCheckpoint, newestCheckpoint, withCosignatures } from './checkpoints.js';
import { tileReader } from './read-tiles.js';
import type { SqlReader } from './sql-reader.js';
import { headOfEpoch } from './tree-head.js';

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
  /** All of it as one file in the format of C2SP tlog-proof. */
  readonly tlogProof: string;
}

const LEAF = 'SELECT epoch, position, entry FROM ketenpoort.leaf WHERE record_id = $1';

/**
 * Proof under the newest checkpoint with a quorum that covers the leaf, else under the newest at all. Null while the
 * record is no leaf yet. `quorum`: cosignatures that are enough; null for a majority of the active witnesses.
 */
export async function proveInclusion(
  client: SqlReader,
  recordId: string,
  quorum: number | null,
): Promise<InclusionProof | null> {
  const { rows } = await client.query<{ epoch: number; position: string; entry: Buffer }>(LEAF, [recordId]);
  const [leaf] = rows;
  const head = leaf && (await headOfEpoch(client, leaf.epoch));
  if (!head) return null;
  const index = Number(leaf.position);
  const cosigned = await cosignedCheckpoint(client, head.epoch, { quorum, minSize: index + 1 });
  const checkpoint = cosigned ?? (await withCosignatures(client, await newestCheckpoint(client, head.epoch)));
  if (!checkpoint) return null;
  const { size, root, note } = checkpoint;
  const proof = await inclusionProof(index, size, oneAtATime(tileReader(client, head)));
  return {
    recordId,
    epoch: head.epoch,
    origin: head.origin,
    index,
    entry: leaf.entry.toString('base64'),
    leafHash: leafHash(leaf.entry).toString('base64'),
    checkpoint: { size, root: root.toString('base64'), note, quorum: cosigned !== null },
    proof: proof.map((hash) => hash.toString('base64')),
    tlogProof: formatTlogProof({ index, proof, note }),
  };
}

/** A transaction has one connection, and a connection one question at a time. */
function oneAtATime(readTile: ReadTile): ReadTile {
  let last: Promise<unknown> = Promise.resolve();
  return (id) => {
    const next = last.then(() => readTile(id));
    last = next.catch(() => undefined);
    return next;
  };
}
