import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePrivateFolder, writeAtomically } from './private-files.js';

const SECRET_BYTES = 32;

export interface SecretFiles {
  /** 32 bytes in hex: wraps the case keys. */
  readonly masterKeyFile: string;
  /** 32 bytes in hex: keys the subject index. */
  readonly indexKeyFile: string;
  /** Ed25519, PKCS#8 PEM: signs receipts. */
  readonly receiptKeyFile: string;
  /** Ed25519, PKCS#8 PEM: signs checkpoints of the log. */
  readonly logKeyFile: string;
}

/** Makes the gateway's secrets on the first run and leaves existing ones alone: a lost master key loses all content. */
export async function ensureSecrets(dir: string): Promise<SecretFiles> {
  await ensurePrivateFolder(dir);
  const files = {
    masterKeyFile: join(dir, 'master.key'),
    indexKeyFile: join(dir, 'index.key'),
    receiptKeyFile: join(dir, 'receipt.key'),
    logKeyFile: join(dir, 'log.key'),
  };
  await createOnce(files.masterKeyFile, randomHex);
  await createOnce(files.indexKeyFile, randomHex);
  await ensureSigningKey(files.receiptKeyFile);
  await ensureSigningKey(files.logKeyFile);
  return files;
}

/** Makes an Ed25519 private key (PKCS#8 PEM, mode 0600) once. */
export async function ensureSigningKey(file: string): Promise<void> {
  await createOnce(file, signingKey);
}

function randomHex(): string {
  return `${randomBytes(SECRET_BYTES).toString('hex')}\n`;
}

function signingKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function createOnce(file: string, content: () => string): Promise<void> {
  try {
    await access(file);
  } catch {
    await writeAtomically(file, content(), 0o600);
  }
}
