import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { HABITS, WALLS, type Rule } from './support/architecture-rules.js';
import { ROOM_RULES, unusedPermissions } from './support/room-rules.js';
import { parseSource, readSources } from './support/source-tree.js';

const sources = readSources(['apps', 'libs', 'tools', 'test']);

function share(values: readonly number[], of: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * of)] ?? 0;
}

const hold = (rules: readonly Rule[]): void => {
  it.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, { why, broken }) => {
    expect({ why, broken: broken(sources) }).toEqual({ why, broken: [] });
  });
};

describe('walls between apps, libs and packages', () => hold(WALLS));
describe('walls between the rooms of the gateway', () => {
  hold(ROOM_RULES);
  it('has no permission for a way across that nobody takes', () => {
    expect(unusedPermissions(sources)).toEqual([]);
  });
});
describe('habits', () => {
  hold(HABITS);

  it('keeps files short: half of them within 100 lines, nine of ten within 200', () => {
    const lines = sources.filter(({ path }) => /^(apps|libs|tools)\//.test(path)).map((source) => source.lines);
    expect(share(lines, 0.5)).toBeLessThanOrEqual(100);
    expect(share(lines, 0.9)).toBeLessThanOrEqual(200);
  });

  it('has the length of functions checked by the linter', () => {
    const config = readFileSync('eslint.config.mjs', 'utf8');
    expect(config).toMatch(/'max-lines-per-function': \['error', \{ max: 70/);
    expect(config).toMatch(/'max-lines': \['error', \{ max: 250/);
  });
});

describe('each rule', () => {
  const planted = [...WALLS, ...ROOM_RULES, ...HABITS].flatMap((rule) =>
    rule.planted.map(([path, text]) => [rule.name, path, text, rule] as const),
  );

  it('finds a great many files to look at', () => {
    expect(sources.length).toBeGreaterThan(400);
  });

  it.each(planted)('would notice: %s (%s)', (_name, path, text, rule) => {
    const others = sources.filter((source) => source.path !== path);
    expect(rule.broken([...others, parseSource(path, text)])).not.toEqual(rule.broken(others));
  });
});
