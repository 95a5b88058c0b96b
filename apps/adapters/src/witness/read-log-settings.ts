import { readPrivateKey, readPublicFile } from '#identity/key-file.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { NoteSigner } from '#ledger/signed-note.js';
import { parseVerifierKey, type NoteVerifier } from '#ledger/verifier-key.js';
import type { LoadedLog, LogSettings } from './log-settings.js';

interface Problem {
  readonly cause: string;
  readonly nextStep: string;
}

/**
 * Reads the keys of section `log`; what is wrong with them goes to `problems`.
 * @throws IdentityError when a file is missing, cannot be read, or holds a key that others can read
 */
export async function readLogSettings(
  settings: LogSettings & { readonly caFile: string },
  problems: Problem[],
): Promise<LoadedLog> {
  const verifiers = settings.keys.flatMap((key) => verifierOf(key, problems));
  if (new Set(verifiers.map(({ name }) => name)).size < verifiers.length) {
    problems.push({ cause: 'log.keys has two keys of one origin', nextStep: 'Keep the one that the log signs with.' });
  }
  const ca = await readPublicFile(settings.caFile);
  return { settings, verifiers, signer: await signerOf(settings, problems), ca };
}

function verifierOf(text: string, problems: Problem[]): NoteVerifier[] {
  try {
    const verifier = parseVerifierKey(text);
    if (verifier.type === 'ed25519') return [verifier];
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
  }
  const nextStep = 'Take the line that the operator of the gateway gave you (npm run log -- key), without changes.';
  problems.push({ cause: 'log.keys holds a text that is no verifier key of a log', nextStep });
  return [];
}

async function signerOf({ witness }: LogSettings, problems: Problem[]): Promise<NoteSigner | null> {
  if (!witness) return null;
  const { key } = await readPrivateKey(witness.keyFile);
  try {
    return NoteSigner.from(witness.name, key, 'cosignature/v1');
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    const nextStep = `Make one with: (umask 077; openssl genpkey -algorithm ed25519 -out ${witness.keyFile})`;
    problems.push({ cause: `${witness.keyFile} is no Ed25519 key, or log.witness.name is no key name`, nextStep });
    return null;
  }
}
