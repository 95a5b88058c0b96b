import { createHash } from 'node:crypto';
import { readSecretFile } from '#identity/key-file.js';
import { GatewayStartError } from '../start-error.js';
import { KEY_BYTES, type MasterKey } from './content-crypto.js';

const HEX_KEY = new RegExp(`^[0-9a-fA-F]{${KEY_BYTES * 2}}$`);
const KEY_ID_BYTES = 8;
/** The active key and those that older rows still need; more means that a rewrap was never finished. */
const MAX_MASTER_KEYS = 10;

/**
 * Reads MASTER_KEY_FILE: one key of 32 bytes in hex a line, the active one first. A key's id is derived from the key
 * (`mk-` and 16 hex digits), so that no configuration can give two keys one name.
 * Throws IdentityError when the file is missing or can be read by others, GatewayStartError on its form.
 */
export async function readMasterKeys(path: string): Promise<readonly MasterKey[]> {
  const keys = await readKeys(path, MAX_MASTER_KEYS);
  return keys.map((key) => ({ id: masterKeyId(key), key }));
}

/** Reads INDEX_KEY_FILE: exactly one key of 32 bytes in hex. Throws like `readMasterKeys`. */
export async function readIndexKey(path: string): Promise<Buffer> {
  const [key] = await readKeys(path, 1);
  if (!key) throw malformed(path);
  return key;
}

export function masterKeyId(key: Buffer): string {
  const digest = createHash('sha256').update('ketenpoort/key-id/v1').update(key).digest('hex');
  return `mk-${digest.slice(0, KEY_ID_BYTES * 2)}`;
}

async function readKeys(path: string, maxKeys: number): Promise<readonly Buffer[]> {
  const lines = (await readSecretFile(path)).toString('utf8').trim().split(/\r?\n/);
  if (lines.length > maxKeys || !lines.every((line) => HEX_KEY.test(line))) throw malformed(path);
  if (new Set(lines.map((line) => line.toLowerCase())).size !== lines.length) throw malformed(path);
  return lines.map((line) => Buffer.from(line, 'hex'));
}

function malformed(path: string): GatewayStartError {
  return new GatewayStartError([
    {
      cause: `Key file ${path} does not hold ${KEY_BYTES} bytes in hex`,
      nextStep: `Make one with: (umask 077; openssl rand -hex ${KEY_BYTES} > ${path}), or put the right one back.`,
    },
  ]);
}
