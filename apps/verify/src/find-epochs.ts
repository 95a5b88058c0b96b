import type { NoteVerifier } from '#ledger/verifier-key.js';
import { CHECKPOINT, COSIGNED, epochFolder, KEY } from './export-layout.js';
import type { EpochToCheck } from './log-check.js';
import { SourceError, type LogSource } from './log-source.js';
import { keyFrom } from './read-keys.js';

const EPOCHS_MAX = 1000;
const KEY_BYTES_MAX = 4096;

/** The epochs that an export or a live log has, the oldest first, each with the key to trust. */
export async function findEpochs(
  source: LogSource,
  isLive: boolean,
  given: readonly NoteVerifier[],
  note: (text: string) => void,
): Promise<EpochToCheck[]> {
  const epochs: EpochToCheck[] = [];
  for (let epoch = 1; epoch <= EPOCHS_MAX; epoch += 1) {
    const folder = isLive ? `epochs/${epoch}/` : epochFolder(epoch);
    const found = await source.read(folder + KEY, KEY_BYTES_MAX);
    if (!found && epoch > 1) break;
    // A log of another make has one epoch, and its key may not lie beside it.
    const place = found || !isLive ? folder : '';
    const beside = found ?? (place === folder ? null : await source.read(KEY, KEY_BYTES_MAX));
    epochs.push({
      ...{ epoch, folder: place, key: keyOf(epoch, beside && keyFrom(beside.toString()), given, note) },
      ...{ checkpointFile: place + CHECKPOINT, cosignedFile: place + (isLive ? 'checkpoint/cosigned' : COSIGNED) },
    });
    if (!found) break;
  }
  return epochs;
}

function keyOf(
  epoch: number,
  beside: NoteVerifier | null,
  given: readonly NoteVerifier[],
  note: (text: string) => void,
): NoteVerifier {
  const trusted = beside ? given.find(({ name }) => name === beside.name) : given[epoch - 1];
  if (trusted) return trusted;
  if (!beside) throw new SourceError('no key of the log is known: name one with --key');
  // The key of the first epoch signs a later one under that one's own name.
  if (given.some(({ publicKey }) => publicKey.equals(beside.publicKey))) return beside;
  if (given.length > 0) throw new SourceError(`none of the keys given is that of epoch ${epoch}, ${beside.name}`);
  note(
    `The key of ${beside.name} was taken from the log itself: whoever forged the log could have put it there. ` +
      'Compare it with one from elsewhere, or name that with --key.',
  );
  return beside;
}
