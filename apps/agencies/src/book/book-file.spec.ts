import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlayEntry } from './book-entry.js';
import { BookFile } from './book-file.js';

const play = (seed: number): PlayEntry => ({ kind: 'play', at: '2026-03-01T10:00:00.000Z', residents: 25, seed });

describe('the book on disk', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'book-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('gives back after a restart what was written, in the order of writing', async () => {
    const first = await BookFile.open(dir);
    await Promise.all([1, 2, 3].map((seed) => first.file.append(play(seed))));
    await first.file.close();
    const second = await BookFile.open(dir);
    expect(second.entries).toEqual([play(1), play(2), play(3)]);
    await second.file.close();
  });

  it('cuts off the half line of a crash and goes on behind it', async () => {
    const first = await BookFile.open(dir);
    await first.file.append(play(1));
    await first.file.close();
    await appendFile(join(dir, 'book.jsonl'), '{"kind":"play","at":"20');
    const second = await BookFile.open(dir);
    expect(second.entries).toEqual([play(1)]);
    await second.file.append(play(2));
    await second.file.close();
    const third = await BookFile.open(dir);
    expect(third.entries).toEqual([play(1), play(2)]);
    await third.file.close();
  });

  it('names the line of a broken entry instead of guessing', async () => {
    await appendFile(join(dir, 'book.jsonl'), `${JSON.stringify(play(1))}\nnonsense\n`);
    await expect(BookFile.open(dir)).rejects.toThrow(/line 2 is not JSON/);
  });

  it('is readable by its owner alone', async () => {
    const { file } = await BookFile.open(join(dir, 'own'));
    await file.append(play(1));
    await file.close();
    expect((await stat(join(dir, 'own', 'book.jsonl'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'own'))).mode & 0o777).toBe(0o700);
    expect(await readFile(join(dir, 'own', 'book.jsonl'), 'utf8')).toContain('"play"');
  });
});
