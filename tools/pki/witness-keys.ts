import { readFile } from 'node:fs/promises';
import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { NoteSigner } from '#ledger/signed-note.js';
import { formatVerifierKey } from '#ledger/verifier-key.js';
import { ensureSigningKey } from './secrets.js';

/** The key with which an agency's adapter cosigns the log. */
export interface WitnessKey {
  /** Key name, as it is registered. */
  readonly name: string;
  readonly keyFile: string;
  /** Verifier key, type cosignature/v1. */
  readonly vkey: string;
}

/** Makes the witness key of an agency once. `agency` is its name in the roster. */
export async function ensureWitnessKey(dir: string, agency: string): Promise<WitnessKey> {
  const keyFile = join(dir, `witness-${agency}.key`);
  await ensureSigningKey(keyFile);
  const name = `${agency}.example/witness`;
  const signer = NoteSigner.from(name, createPrivateKey(await readFile(keyFile)), 'cosignature/v1');
  return { name, keyFile, vkey: formatVerifierKey(signer.verifier) };
}

/** What whoever verifies the log trusts: its key under its origin. */
export async function logVerifierKey(logKeyFile: string, origin: string): Promise<string> {
  return formatVerifierKey(NoteSigner.from(origin, createPrivateKey(await readFile(logKeyFile))).verifier);
}
