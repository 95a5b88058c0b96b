import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { openCheckpoint, parseCheckpoint, type OpenedCheckpoint } from '#ledger/checkpoint.js';
import { cosignaturesOf } from '#ledger/cosignature.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { parseNote } from '#ledger/signed-note.js';
import { parseVerifierKey } from '#ledger/verifier-key.js';
import { GatewayError } from '../../errors.js';
import { raiseAlarm } from './alarms.js';
import { checkpointOfSize } from './checkpoints.js';
import { insertCosignatures, type NamedCosignature } from './cosignature-rows.js';
import { headOfOrigin, type TreeHead } from './tree-head.js';
import { activeWitnesses, type Witness } from './witnesses.js';

/** A checkpoint with some signatures; the log's own note has about 200 bytes. */
export const MAX_COSIGNED_BYTES = 8 * 1024;

/**
 * `POST /v1/log/cosignatures`: an organisation's witness hands in the checkpoint that it cosigned. Doing it again changes
 * nothing. What the log signed and does not have is the proof that this is not the log which it was: then the epoch halts.
 * @throws GatewayError WITNESS_UNKNOWN, COSIGNATURE_INVALID, LOG_SMALLER_THAN_WITNESSED, LOG_FORKED
 */
export async function takeCosignatures(pool: Pool, log: Logger, oin: string, note: Buffer): Promise<void> {
  const witnesses = (await activeWitnesses(pool)).filter((witness) => witness.oin === oin);
  const [witness] = witnesses;
  if (!witness) throw new GatewayError('WITNESS_UNKNOWN', 'this organisation has no active witness');
  const { head, opened } = await openPosted(pool, note, witnesses);
  const given = cosignaturesBy(witnesses, opened);
  const { size, root } = opened.checkpoint;
  const evidence = { witness: witness.name, epoch: head.epoch, size, ownSize: head.edge.size, note: note.toString() };
  if (size > head.edge.size) {
    await raiseAlarm(pool, log, { kind: 'SHRINK', ...evidence });
    throw new GatewayError('LOG_SMALLER_THAN_WITNESSED', 'the log signed this checkpoint and does not have it');
  }
  const own = await checkpointOfSize(pool, head.epoch, size);
  if (!own?.root.equals(root)) {
    await raiseAlarm(pool, log, { kind: 'FORK', ...evidence });
    throw new GatewayError('LOG_FORKED', 'the log signed this checkpoint and has another one of its size');
  }
  await insertCosignatures(pool, own, given);
}

async function openPosted(
  pool: Pool,
  note: Buffer,
  witnesses: readonly Witness[],
): Promise<{ readonly head: TreeHead; readonly opened: OpenedCheckpoint }> {
  try {
    const { origin } = parseCheckpoint(parseNote(note).body);
    const head = await headOfOrigin(pool, origin);
    if (!head) throw invalid('the checkpoint is of another log');
    const verifiers = witnesses.map((witness) => witness.verifier);
    return { head, opened: openCheckpoint(note, parseVerifierKey(head.vkey), verifiers) };
  } catch (error) {
    throw error instanceof LedgerError ? invalid(error.detail) : error;
  }
}

function cosignaturesBy(witnesses: readonly Witness[], opened: OpenedCheckpoint): readonly NamedCosignature[] {
  const given = cosignaturesOf(opened).flatMap((cosignature) => {
    const witness = witnesses.find(({ verifier }) => verifier === cosignature.witness);
    return witness ? [{ witness: witness.name, cosignature }] : [];
  });
  if (given.length === 0) throw invalid('no registered witness of this organisation cosigned it');
  return given;
}

function invalid(detail: string): GatewayError {
  return new GatewayError('COSIGNATURE_INVALID', detail);
}
