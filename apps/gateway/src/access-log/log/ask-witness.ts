import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { formatAddCheckpoint, parseSizeAnswer } from '#ledger/add-checkpoint.js';
import { verifyCosignature } from '#ledger/cosignature.js';
import { consistencyProof } from '#ledger/proofs.js';
import { parseNote, parseSignatureLines } from '#ledger/signed-note.js';
import { raiseAlarm } from './alarms.js';
import { candidateCheckpoint, type StoredCheckpoint } from './checkpoints.js';
import { insertCosignatures, lastCosignedSize } from './cosignature-rows.js';
import { tileReader } from './read-tiles.js';
import { headOfEpoch, newestHead, type TreeHead } from './tree-head.js';
import type { Witness } from './witnesses.js';

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 16 * 1024;
/** The first with the size that is known here, the second with the size that the witness says. */
const MAX_TRIES = 2;

/** What a round came to. `retry`: the witness did not answer as it should; it is asked again later. */
export type Round = 'cosigned' | 'nothing-new' | 'halted' | 'retry';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * One round of C2SP tlog-witness, `add-checkpoint`: shows the checkpoint that all should cosign, with the proof that it
 * extends what the witness has seen, and keeps the cosignature. `always`: also when nothing is new, to hear what the
 * witness has seen. Rejects when the witness cannot be reached, or answers with something else.
 */
export async function askWitness(
  pool: Pool,
  log: Logger,
  witness: Witness & { readonly url: string },
  always: boolean,
): Promise<Round> {
  const epoch = (await newestHead(pool))?.epoch ?? 0;
  const checkpoint = await candidateCheckpoint(pool, epoch);
  // Read after the checkpoint, so that it has the tiles of the proof.
  const head = checkpoint && (await headOfEpoch(pool, epoch));
  if (!head) return 'nothing-new';
  let oldSize = await lastCosignedSize(pool, head.epoch, witness.name);
  if (oldSize >= checkpoint.size && !always) return 'nothing-new';
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const answer = await addCheckpoint(pool, head, witness.url, oldSize, checkpoint);
    if (answer.status === 200) {
      await keep(pool, witness, checkpoint, answer.text);
      return 'cosigned';
    }
    if (answer.status === 409) oldSize = parseSizeAnswer(answer.text);
    if (answer.status === 422 || oldSize > (await sizeOf(pool, head.epoch))) {
      await accuse(pool, log, witness, head.epoch, answer.status === 422 ? null : oldSize);
      return 'halted';
    }
    if (answer.status !== 409) throw new Error(`the witness answered ${answer.status}`);
    // Another process has shown it a newer one meanwhile.
    if (oldSize > checkpoint.size) return 'retry';
  }
  return 'retry';
}

/** `witnessed` null: it refuses a proof that our own tiles make, so it knows another tree of the old size. */
async function accuse(
  pool: Pool,
  log: Logger,
  witness: Witness,
  epoch: number,
  witnessed: number | null,
): Promise<void> {
  const ownSize = await sizeOf(pool, epoch);
  const kind = witnessed === null ? 'FORK' : 'SHRINK';
  await raiseAlarm(pool, log, { kind, witness: witness.name, epoch, size: witnessed ?? ownSize, ownSize });
}

/** Read anew for each judgement: what a witness has seen was committed before, by this process or another. */
async function sizeOf(pool: Pool, epoch: number): Promise<number> {
  return (await headOfEpoch(pool, epoch))?.edge.size ?? 0;
}

async function addCheckpoint(
  pool: Pool,
  head: TreeHead,
  url: string,
  oldSize: number,
  { size, note }: StoredCheckpoint,
): Promise<Answer> {
  const proof = await consistencyProof(Math.min(oldSize, size), size, tileReader(pool, head));
  const response = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: formatAddCheckpoint({ oldSize: Math.min(oldSize, size), proof, note }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, text: await limited(response) };
}

async function limited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the witness answers too much');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString();
}

async function keep(pool: Pool, witness: Witness, checkpoint: StoredCheckpoint, lines: string): Promise<void> {
  const { body } = parseNote(checkpoint.note);
  const cosignature = parseSignatureLines(lines)
    .map((signature) => verifyCosignature(body, signature, witness.verifier))
    .find((one) => one !== null);
  if (!cosignature) throw new Error('the witness answered without its cosignature');
  await insertCosignatures(pool, checkpoint, [{ witness: witness.name, cosignature }]);
}
