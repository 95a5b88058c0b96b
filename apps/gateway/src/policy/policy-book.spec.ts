import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadPolicy } from './load-policy.js';
import { loadPolicyBook } from './load-policy-book.js';
import type { Policy } from './policy.js';
import { PolicyBook } from './policy-book.js';

const CURRENT = loadPolicy('apps/gateway/policy/2026.1');
const version = (name: string, validFrom: string): Policy => ({ ...CURRENT, version: name, validFrom });
const [first, second, third] = [
  version('2026.1', '2019-04-01'),
  version('2026.2', '2026-07-01'),
  version('2027.1', '2027-01-01'),
];

describe('PolicyBook', () => {
  const book = PolicyBook.of([third, first, second]);

  it.each([
    ['2019-04-01', '2026.1'],
    ['2026-06-30', '2026.1'],
    ['2026-07-01', '2026.2'],
    ['2026-12-31', '2026.2'],
    ['2027-01-01', '2027.1'],
    ['2199-01-01', '2027.1'],
  ])('has on %s version %s in force', (date, expected) => {
    expect(book.at(date).version).toBe(expected);
  });

  it('decides nothing before its first day', () => {
    expect(() => book.at('2019-03-31')).toThrow('no version is in force on 2019-03-31');
  });

  it('finds a version by its name, also one of the future', () => {
    expect([book.named('2027.1'), book.named('2030.1')]).toEqual([third, undefined]);
  });

  it('refuses two versions of one name, two of one day, and none at all', () => {
    expect(() => PolicyBook.of([first, version('2026.1', '2030-01-01')])).toThrow('policy 2026.1: stands here twice');
    expect(() => PolicyBook.of([second, version('other', '2026-07-01')])).toThrow('holds from 2026-07-01, and so does');
    expect(() => PolicyBook.of([])).toThrow('holds no version');
  });
});

describe('loadPolicyBook', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'policies-'));
    cpSync('apps/gateway/policy', dir, { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  function copyOfCurrent(folder: string, edition: object): void {
    cpSync(join(dir, '2026.1'), join(dir, folder), { recursive: true });
    const file = join(dir, folder, 'version.json');
    const current = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...current, ...edition }));
  }

  it('reads every version, oldest first', () => {
    copyOfCurrent('2099.1', { version: '2099.1', validFrom: '2099-01-01' });
    expect(loadPolicyBook(dir).versions.map(({ version }) => version)).toEqual(['2026.1', '2099.1']);
  });

  it('checks a version of the future as strictly as the one in force, and names its folder', () => {
    copyOfCurrent('2099.1', { version: '2099.1', validFrom: '2099-01-01' });
    writeFileSync(join(dir, '2099.1', 'release-table.csv'), 'purpose;role;release\nP03;NG;FG20=F\n');
    expect(() => loadPolicyBook(dir)).toThrow('policy 2099.1/release-table.csv:2: P03 NG: FG20=F exceeds b');
  });

  it('refuses a folder that is not called by its version', () => {
    copyOfCurrent('2099.1', { version: '2099.2', validFrom: '2099-01-01' });
    expect(() => loadPolicyBook(dir)).toThrow('policy 2099.1/version.json: says 2099.2');
  });

  it('refuses a file beside the versions, and a directory that is not there', () => {
    writeFileSync(join(dir, 'release-table.csv'), '');
    expect(() => loadPolicyBook(dir)).toThrow('policy release-table.csv: stands beside the versions');
    expect(() => loadPolicyBook(join(dir, 'absent'))).toThrow('cannot be read (ENOENT)');
  });
});
