import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIndexKey, readMasterKeys } from './master-key.js';

const KEY = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const OTHER = 'ff'.repeat(32);
let folder: string;

async function keyFile(content: string, mode = 0o600): Promise<string> {
  const path = join(folder, `key-${Math.random().toString(36).slice(2)}`);
  await writeFile(path, content, { mode });
  await chmod(path, mode);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ketenpoort-keys-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('key files', () => {
  it('reads the active master key first and names each by what it is', async () => {
    const keys = await readMasterKeys(await keyFile(`${KEY}\n${OTHER}\n`));
    expect(keys.map((one) => one.key.toString('hex'))).toEqual([KEY, OTHER]);
    expect(keys[0]?.id).toBe('mk-3456800d81d63954');
  });

  it('reads one index key', async () => {
    expect((await readIndexKey(await keyFile(KEY))).toString('hex')).toBe(KEY);
  });

  it('refuses a key file that others can read', async () => {
    await expect(readMasterKeys(await keyFile(KEY, 0o640))).rejects.toMatchObject({ code: 'KEY_FILE_EXPOSED' });
  });

  it.each([
    ['nothing', ''],
    ['too few bytes', KEY.slice(2)],
    ['no hex', 'g'.repeat(64)],
    ['the same key twice', `${KEY}\n${KEY.toUpperCase()}`],
  ])('refuses a file with %s, names the next step and never the key', async (_, content) => {
    const path = await keyFile(content);
    const error: unknown = await readMasterKeys(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ problems: [{ nextStep: expect.stringContaining('openssl rand -hex 32') }] });
    expect(String(error)).not.toContain(KEY);
  });

  it('refuses two index keys: which one would find a person?', async () => {
    await expect(readIndexKey(await keyFile(`${KEY}\n${OTHER}`))).rejects.toThrow('32 bytes in hex');
  });
});
