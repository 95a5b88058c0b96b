import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendToJournal, readJournal } from '../../apps/gateway/src/retention/erasure-journal.js';
import type { Erasure } from '../../apps/gateway/src/retention/erasure.js';
import { erasuresOf } from './erasure-source.js';

const SALT = Buffer.alloc(32, 9);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erasures-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const erasure = (recordId: string, at: string): Erasure => ({
  recordId,
  at,
  what: 'RECORDS',
  epoch: 1,
  ranges: [[0, 4]],
  count: 5,
  replays: [],
});

function leafOf({ recordId: id, at, what, epoch, ranges, count }: Erasure): Buffer {
  return leaf({ kind: 'ERASURE', id, at, details: { what, epoch, ranges, count } });
}

function leaf(record: object | null): Buffer {
  const length = Buffer.alloc(4);
  if (record === null) return length;
  const bytes = Buffer.from(JSON.stringify(record), 'utf8');
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, SALT, bytes]);
}

function exported(path: string, ...leaves: readonly Buffer[]): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, Buffer.concat(leaves));
}

describe('erasures of an export', () => {
  it('are found among other records and absent ones, in every epoch, oldest first', async () => {
    const [first, second] = [erasure('a', '2026-01-01T00:00:00.000Z'), erasure('b', '2026-02-01T00:00:00.000Z')];
    exported('epochs/2/records/000.bin', leafOf(second));
    exported('records/x001/000.p/3.bin', leaf({ kind: 'DELIVERY', id: 'c' }), leaf(null), leafOf(first));
    exported('tile/entries/000.bin', Buffer.alloc(36));
    expect(await erasuresOf(folder, undefined, null)).toEqual([first, second]);
  });

  it('are refused where a file is cut off, and where there is no export', async () => {
    exported('records/000.bin', leafOf(erasure('a', '2026-01-01T00:00:00.000Z')).subarray(0, -1));
    await expect(erasuresOf(folder, undefined, null)).rejects.toThrow('records/000.bin is cut off');
    await expect(erasuresOf(join(folder, 'none'), undefined, null)).rejects.toThrow('There is no export');
    await expect(erasuresOf(undefined, undefined, null)).rejects.toThrow('Nothing says which erasures');
  });
});

describe('the journal', () => {
  it('gives back what was noted, and loses to a crash no more than the line that it cut off', async () => {
    const path = join(folder, 'erasures.jsonl');
    expect(await readJournal(path)).toEqual([]);
    const [first, second] = [erasure('a', '2026-01-01T00:00:00.000Z'), erasure('b', '2026-02-01T00:00:00.000Z')];
    await appendToJournal(path, [first]);
    writeFileSync(path, '{"recordId":"cut', { flag: 'a' });
    await appendToJournal(path, [second]);
    expect(await readJournal(path)).toEqual([first, second]);
  });
});
