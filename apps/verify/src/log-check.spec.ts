import { describe, expect, it } from '@jest/globals';
import { InlineRunner } from './chunk-runner.js';
import { Findings } from './finding.js';
import { checkLog, type CheckedEpoch } from './log-check.js';
import { GrowingLog } from './testing/growing-log.js';

const SIZE = 300;

async function check(source: GrowingLog): Promise<{ kinds: string[]; epochs: CheckedEpoch[] }> {
  const key = source.signer.verifier;
  const findings = new Findings();
  const files = { folder: '', checkpointFile: 'checkpoint', cosignedFile: 'checkpoint/cosigned' };
  const log = {
    ...{ source, runner: new InlineRunner(source), epochs: [{ epoch: 1, key, ...files }] },
    ...{ quorum: { witnesses: [key], needed: 1 }, withRecords: false, receipts: [], terms: {}, remembered: new Map() },
    now: Date.now(),
  };
  const epochs = await checkLog(log, findings, { total: () => undefined, leaves: () => undefined });
  return { kinds: findings.kept.map(({ kind }) => kind), epochs };
}

describe('the check of a live log that grows while it is read', () => {
  it('finds nothing: what was cosigned is read before the newest, which it must be the beginning of', async () => {
    const { kinds, epochs } = await check(new GrowingLog(SIZE, true));
    expect(kinds).toEqual([]);
    const [epoch] = epochs;
    expect(epoch?.cosigned?.size).toBe(SIZE);
    expect(epoch?.size).toBeGreaterThan(SIZE);
  });

  it('finds nothing where no witness has cosigned: the newest is read once and stands for both', async () => {
    const source = new GrowingLog(SIZE, false);
    const { kinds, epochs } = await check(source);
    expect(kinds).toEqual([]);
    expect(epochs[0]?.cosigned?.size).toBe(epochs[0]?.size);
    expect(source.reads.filter((path) => path === 'checkpoint')).toHaveLength(1);
  });

  it('reads both notes before the tiles', async () => {
    const source = new GrowingLog(SIZE, true);
    await check(source);
    expect(source.reads.slice(0, 2)).toEqual(['checkpoint/cosigned', 'checkpoint']);
    expect(source.reads.slice(2).every((path) => path.startsWith('tile/'))).toBe(true);
  });
});
