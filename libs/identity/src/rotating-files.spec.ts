import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RotatingFiles } from './rotating-files.js';

let dir: string;
let files: string[];
let seen: string[];
let refused: string[];
let rotating: RotatingFiles<string>;

/** As a certificate and its key: two files that belong together when they say the same. */
async function readPair(): Promise<string> {
  const [one, other] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  if (one !== other) throw new Error(`${one} does not belong to ${other}`);
  return one ?? '';
}

const write = (index: number, text: string) => writeFile(files[index] ?? '', text);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kp-rotating-'));
  files = [join(dir, 'certificate'), join(dir, 'key')];
  [seen, refused] = [[], []];
  await write(0, 'first');
  await write(1, 'first');
  rotating = await RotatingFiles.open(files, readPair);
  rotating.watch({
    onChange: (value) => {
      if (value === 'unusable') throw new Error(value);
      seen.push(value);
    },
    onRefused: ({ message }) => refused.push(message),
    intervalMs: 3_600_000,
  });
});

afterEach(async () => {
  rotating.close();
  await rm(dir, { recursive: true });
});

describe('files that are replaced while the process runs', () => {
  it('are taken once they stand still, so that half a replacement is no alarm', async () => {
    await rotating.look();
    await write(0, 'second one');
    await rotating.look();
    await write(1, 'second one');
    await rotating.look();
    expect([rotating.current, seen, refused]).toEqual(['first', [], []]);
    await rotating.look();
    await rotating.look();
    expect([rotating.current, seen, refused]).toEqual(['second one', ['second one'], []]);
  });

  it('leave the old in use when they cannot be used, and raise one alarm', async () => {
    await write(1, 'of another');
    for (let look = 0; look < 4; look += 1) await rotating.look();
    expect([rotating.current, seen, refused]).toEqual(['first', [], ['first does not belong to of another']]);
    await rm(files[1] ?? '');
    for (let look = 0; look < 2; look += 1) await rotating.look();
    expect(refused).toEqual([expect.any(String), expect.stringContaining('ENOENT')]);
    await write(0, 'third');
    await write(1, 'third');
    for (let look = 0; look < 2; look += 1) await rotating.look();
    expect([rotating.current, seen]).toEqual(['third', ['third']]);
  });

  it('are refused too when whoever uses them cannot', async () => {
    await write(0, 'unusable');
    await write(1, 'unusable');
    for (let look = 0; look < 3; look += 1) await rotating.look();
    expect([seen, refused]).toEqual([[], ['unusable']]);
  });

  it('that change while they are read first are read again', async () => {
    const slow = await RotatingFiles.open(files, async () => {
      const value = await readPair();
      await Promise.all([write(0, 'meanwhile'), write(1, 'meanwhile')]);
      return value;
    });
    expect(slow.current).toBe('first');
    const changes: string[] = [];
    slow.watch({ onChange: (value) => void changes.push(value), onRefused: () => undefined, intervalMs: 20 });
    while (changes.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    slow.close();
    expect(changes[0]).toBe('meanwhile');
  });
});
