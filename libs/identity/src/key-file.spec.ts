import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPrivateKey, readPublicFile, readSecretFile } from './key-file.js';

let dir = '';
let keyFile = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kp-key-file-'));
  keyFile = join(dir, 'own.key');
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(keyFile, pem, { mode: 0o600 });
});

afterAll(async () => {
  await rm(dir, { recursive: true });
});

describe('key files', () => {
  it('reads a private key that only its owner can read', async () => {
    const { key, pem } = await readPrivateKey(keyFile);
    expect(key.asymmetricKeyType).toBe('ec');
    expect(pem).toContain('BEGIN PRIVATE KEY');
  });

  it.each([0o640, 0o604, 0o620, 0o610])('refuses a key file with mode %o, and says how to mend it', async (mode) => {
    const file = join(dir, `mode-${mode}.key`);
    await writeFile(file, 'secret');
    await chmod(file, mode);
    await expect(readSecretFile(file)).rejects.toMatchObject({
      code: 'KEY_FILE_EXPOSED',
      nextStep: `Run: chmod 600 ${file}`,
    });
  });

  it('does not ask that of a public file', async () => {
    const file = join(dir, 'public.crt');
    await writeFile(file, 'public', { mode: 0o644 });
    expect((await readPublicFile(file)).toString()).toBe('public');
  });

  it('tells a missing file from one that cannot be read', async () => {
    await expect(readSecretFile(join(dir, 'none.key'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
    const folder = await mkdtemp(join(dir, 'folder-'));
    await expect(readSecretFile(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('refuses a file that is larger than the limit', async () => {
    await expect(readPublicFile(keyFile, 10)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });

  it('refuses what is no private key without repeating its content', async () => {
    const file = join(dir, 'no.key');
    await writeFile(file, 'not-a-key', { mode: 0o600 });
    const refusal = await readPrivateKey(file).then(
      () => new Error('not refused'),
      (error: Error) => error,
    );
    expect(refusal).toMatchObject({ code: 'KEY_MALFORMED' });
    expect(refusal.message).not.toContain('not-a-key');
  });
});
