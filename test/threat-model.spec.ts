import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PAGE = 'docs/threat-model.md';
const FOLDERS = ['test', 'apps', 'libs', 'tools'];
/** What a row says whose countermeasure no test of this project shows. */
const UNTESTED = /^not by a test of this project: /;

const page = readFileSync(PAGE, 'utf8');
const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
).filter((path) => path.endsWith('.ts') && !path.includes('node_modules'));

/** The rows of the tables by boundary: letter, threat, countermeasure, tests. */
const threats = page
  .split('\n')
  .filter((line) => /^\| [STRIDE] \| /.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, letter = '', threat = '', countermeasure = '', tests = '']) => ({ letter, threat, countermeasure, tests }));

/** What is wrong with the tests that a row names: `file.spec.ts` with the beginnings of titles in quotes behind it, without the ids of rows. */
function wrong(tests: string): string[] {
  if (UNTESTED.test(tests)) return [];
  const named = [...tests.matchAll(/`([\w.-]+\.spec\.ts)`((?:,? "[^"]+")+)/g)];
  if (named.length === 0) return ['no test is named'];
  return named.flatMap(([, file = '', quoted = '']) => {
    const path = files.find((one) => basename(one) === file);
    if (!path) return [`there is no ${file}`];
    const text = readFileSync(path, 'utf8');
    const titles = [...quoted.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '');
    return titles
      .filter((title) => !new RegExp(`['"\`]((C|G)\\d+:? )*${escaped(title)}`).test(text))
      .map((one) => `${file}: ${one}`);
  });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('the threat model', () => {
  it('has threats of every kind, at nine boundaries', () => {
    expect([...new Set(threats.map(({ letter }) => letter))].sort().join('')).toBe('DEIRST');
    expect(page.match(/^### 2\.\d /gm)).toHaveLength(9);
    expect(threats.length).toBeGreaterThan(50);
  });

  it.each(threats)('names tests that exist against: $threat', ({ countermeasure, tests }) => {
    expect(countermeasure).not.toBe('');
    expect(wrong(tests)).toEqual([]);
  });

  it('would see that a test is gone, or has another title', () => {
    expect(wrong('`no-such.spec.ts` "is refused"')).toEqual(['there is no no-such.spec.ts']);
    expect(wrong('`attack-peers.spec.ts` "never says this"')).toEqual(['attack-peers.spec.ts: never says this']);
    expect(wrong('nothing')).toEqual(['no test is named']);
  });

  it('names files that exist, wherever it says where something is in the code', () => {
    const code = [...page.matchAll(/`([\w./-]+\.ts)`/g)].map((match) => match[1] ?? '');
    expect(code.filter((path) => !files.some((one) => one.endsWith(`/${path}`) || one === path))).toEqual([]);
  });
});
