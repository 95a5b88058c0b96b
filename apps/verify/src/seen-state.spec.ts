import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Findings } from './finding.js';
import type { CheckedEpoch } from './log-check.js';
import { readSeen, rememberSeen } from './seen-state.js';

const folder = mkdtempSync(join(tmpdir(), 'ketenpoort-seen-'));
const file = join(folder, 'seen.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const epoch = (number: number, size: number): CheckedEpoch => ({
  epoch: number,
  origin: number === 1 ? 'log.example' : `log.example/${number}`,
  size,
  root: Buffer.alloc(32, size).toString('base64'),
  records: 0,
  absent: 0,
  cosigned: null,
});
const sizes = (): object => Object.fromEntries([...readSeen(file)].map(([origin, { size }]) => [origin, size]));

describe('what a check remembers', () => {
  it('is the end of each epoch', () => {
    expect(rememberSeen(file, readSeen(file), [epoch(1, 9)], new Findings())).toBe(true);
    expect(sizes()).toEqual({ 'log.example': 9 });
  });

  it('stays for an epoch that lost what was seen, and goes on for the one that it was restarted as', () => {
    const findings = new Findings();
    findings.add({ kind: 'LOG_SHRUNK', epoch: 1, cause: '7 after 9' });
    expect(rememberSeen(file, readSeen(file), [epoch(1, 7), epoch(2, 3)], findings)).toBe(false);
    expect(sizes()).toEqual({ 'log.example': 9, 'log.example/2': 3 });
    rememberSeen(file, readSeen(file), [epoch(1, 7), epoch(2, 4)], findings);
    expect(sizes()).toEqual({ 'log.example': 9, 'log.example/2': 4 });
  });
});
