import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateExport } from '../../../tools/log/generate-export.js';
import { readCommand } from './options.js';
import { earliestFrom } from './record-time.js';
import { verifyLog } from './verify-log.js';

const root = mkdtempSync(join(tmpdir(), 'ketenpoort-times-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the times of records', () => {
  it('are held against that of the check, give or take a day', async () => {
    const folder = join(root, 'export');
    // Made in the first seconds of 2026.
    await generateExport(folder, 3, () => undefined);
    const command = readCommand([folder, '--threads', '1']);
    if (command.name !== 'log') throw new Error('not the check of a log');
    const foundAt = async (now: string): Promise<string[]> => {
      const { findings } = await verifyLog(command.options, { write: () => true }, new Date(now));
      return findings.kept.map(({ kind, index }) => `${kind} ${index}`);
    };
    expect(await foundAt('2040-01-01T00:00:00Z')).toEqual([]);
    expect(await foundAt('2025-12-31T00:00:02Z')).toEqual([]);
    expect(await foundAt('2025-12-31T00:00:00Z')).toEqual(['RECORD_POSTDATED 1', 'RECORD_POSTDATED 2']);
  });

  it('are as early as the earliest behind them', () => {
    expect([...earliestFrom(Float64Array.of(5, 2, Infinity, 3))]).toEqual([2, 2, 3, 3, Infinity]);
    expect([...earliestFrom(new Float64Array())]).toEqual([Infinity]);
  });
});
