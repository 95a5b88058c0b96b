import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateExport } from '../tools/log/generate-export.js';

/** More than the verifier does alone, in its own thread. */
const RECORDS = 20_500;
const MADE_MS = 60_000;
const THREADS = ['1', '2', '3'];

describe('a verification in several threads', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'ketenpoort-threads-')), 'export');
  let key = '';
  const verify = (threads: string) => {
    const args = ['dist/apps/verify/src/main.js', folder, '--key', key, '--threads', threads, '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const report = status === 2 ? null : (JSON.parse(stdout) as { findings: unknown[]; epochs: unknown[] });
    return { status, stderr, findings: report?.findings, epochs: report?.epochs };
  };
  const changing = (path: string, change: (bytes: Buffer) => void, look: () => void): void => {
    const bytes = readFileSync(join(folder, path));
    const changed = Buffer.from(bytes);
    change(changed);
    writeFileSync(join(folder, path), changed);
    look();
    writeFileSync(join(folder, path), bytes);
  };

  beforeAll(async () => {
    mkdirSync(folder);
    key = await generateExport(folder, RECORDS, () => undefined);
  }, MADE_MS);
  afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  it.each(THREADS)('looks at every record and finds nothing wrong: %s', (threads) => {
    const epochs = [expect.objectContaining({ size: RECORDS, records: RECORDS, absent: 0 })];
    expect(verify(threads)).toMatchObject({ status: 0, findings: [], epochs });
  });

  it('finds the same in the same order, however many threads there are', () => {
    // Within the salt of the first record of the bundle.
    const flip = (bytes: Buffer): void => void (bytes[10] = bytes[10]! ^ 1);
    changing('records/000.bin', flip, () => {
      changing('records/079.bin', flip, () => {
        const [alone, ...others] = THREADS.map(verify);
        expect(alone).toMatchObject({ status: 1, findings: [{ index: 0 }, { index: 79 * 256 }] });
        for (const other of others) expect(other).toEqual(alone);
      });
    });
  });

  it.each(THREADS)('says that it could not check a log of which it cannot read a file: %s', (threads) => {
    const path = join(folder, 'columns/040.jsonl');
    const bytes = readFileSync(path);
    rmSync(path);
    mkdirSync(path);
    expect(verify(threads)).toMatchObject({ status: 2, stderr: expect.stringContaining('columns/040.jsonl') });
    rmSync(path, { recursive: true });
    writeFileSync(path, bytes);
  });
});
