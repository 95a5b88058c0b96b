import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPrivateKey } from '#identity/key-file.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { NoteSigner } from '#ledger/signed-note.js';
import { formatVerifierKey, parseVerifierKey, type NoteVerifier } from '#ledger/verifier-key.js';
import { WitnessUsageError } from './witness-options.js';

const KEY = 'witness.key';
const VERIFIER = 'witness.vkey';

/**
 * The signer of this folder; on the first run it is made. The name stays as it was made: others trust the key under it.
 * @throws IdentityError when others can read the key file, WitnessUsageError
 */
export async function openWitnessKey(folder: string, name: string): Promise<NoteSigner> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const keyFile = join(folder, KEY);
  const known = await readFile(join(folder, VERIFIER), 'utf8').catch(() => null);
  if (known === null) return makeKey(folder, name);
  const verifier = understood(() => parseVerifierKey(known.trim()), `${VERIFIER} in the state folder cannot be read.`);
  const { key } = await readPrivateKey(keyFile);
  const signer = NoteSigner.from(verifier.name, key, 'cosignature/v1');
  if (formatVerifierKey(signer.verifier) === known.trim()) return signer;
  throw new WitnessUsageError(`${KEY} and ${VERIFIER} in the state folder do not belong together.`);
}

/** The keys of logs, one a line. @throws WitnessUsageError */
export async function readLogKeys(files: readonly string[]): Promise<NoteVerifier[]> {
  const texts = await Promise.all(
    files.map((file) =>
      readFile(file, 'utf8').catch(() => {
        throw new WitnessUsageError(`${file} cannot be read.`);
      }),
    ),
  );
  const lines = texts.flatMap((text) => text.split('\n').map((line) => line.trim())).filter((line) => line !== '');
  const keys = lines.map((line) =>
    understood(() => parseVerifierKey(line), `'${line.slice(0, 40)}' is no key of a log.`),
  );
  if (keys.length === 0 || keys.some(({ type }) => type !== 'ed25519')) {
    throw new WitnessUsageError('The files of --log-key must hold keys of logs (Ed25519).');
  }
  return keys;
}

async function makeKey(folder: string, name: string): Promise<NoteSigner> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signer = understood(
    () => NoteSigner.from(name, createPrivateKey(pem), 'cosignature/v1'),
    `--name ${name} is no key name: no spaces, no plus sign.`,
  );
  // `wx`: a key that stands there already is never written over.
  await write(join(folder, KEY), pem);
  await write(join(folder, VERIFIER), `${formatVerifierKey(signer.verifier)}\n`);
  return signer;
}

async function write(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function understood<T>(work: () => T, problem: string): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof LedgerError) throw new WitnessUsageError(problem);
    throw error;
  }
}
