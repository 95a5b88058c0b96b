import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { IdentityError } from './identity-error.js';

/** Any bit for group or others: a private key that a second account can read is not private (as NLX refuses it). */
const GROUP_AND_OTHERS = 0o077;
/** The largest PEM file that makes sense: a bundle of some hundred certificates. */
const MAX_FILE_BYTES = 1024 * 1024;

export interface PrivateKeyFile {
  readonly pem: string;
  readonly key: KeyObject;
}

/**
 * Reads a private key (PEM, not encrypted) of which nobody but the owner can read the file.
 * @throws IdentityError `FILE_*`, `KEY_FILE_EXPOSED`, `KEY_MALFORMED`
 */
export async function readPrivateKey(path: string): Promise<PrivateKeyFile> {
  const pem = (await readSecretFile(path)).toString('utf8');
  try {
    return { pem, key: createPrivateKey(pem) };
  } catch {
    throw new IdentityError(
      'KEY_MALFORMED',
      `Key file ${path} holds no readable private key.`,
      'Give an unencrypted private key in PEM form (PKCS#8).',
    );
  }
}

/**
 * The bytes of a secret file (private key, master key, token).
 * @throws IdentityError `FILE_*`, `KEY_FILE_EXPOSED`
 */
export async function readSecretFile(path: string): Promise<Buffer> {
  return await readFile(path, MAX_FILE_BYTES, true);
}

/**
 * The bytes of a public file (certificate, trust anchors, CRL).
 * @throws IdentityError `FILE_*`
 */
export async function readPublicFile(path: string, maxBytes = MAX_FILE_BYTES): Promise<Buffer> {
  return await readFile(path, maxBytes, false);
}

async function readFile(path: string, maxBytes: number, secret: boolean): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    // Mode and content come from one open file: a swap between check and read is not possible.
    const { mode, size } = await handle.stat();
    if (secret && (mode & GROUP_AND_OTHERS) !== 0) throw exposed(path, mode);
    if (size > maxBytes) {
      throw new IdentityError(
        'FILE_TOO_LARGE',
        `File ${path} has ${size} bytes, more than ${maxBytes}.`,
        'Check the path.',
      );
    }
    return await handle.readFile();
  } catch (error) {
    throw error instanceof IdentityError ? error : unreadable(path, error as NodeJS.ErrnoException);
  } finally {
    await handle?.close();
  }
}

function exposed(path: string, mode: number): IdentityError {
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return new IdentityError(
    'KEY_FILE_EXPOSED',
    `File ${path} can be read by others (mode ${octal}).`,
    `Run: chmod 600 ${path}`,
  );
}

function unreadable(path: string, error: NodeJS.ErrnoException): IdentityError {
  if (error.code === 'ENOENT') {
    return new IdentityError(
      'FILE_MISSING',
      `File ${path} does not exist.`,
      'Check the path in the configuration, or create the file.',
    );
  }
  return new IdentityError(
    'FILE_UNREADABLE',
    `File ${path} cannot be read (${error.code ?? error.message}).`,
    'Give the account of this process the right to read it.',
  );
}
