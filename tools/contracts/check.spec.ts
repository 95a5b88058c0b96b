import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CONTRACTS } from '#contracts/catalogue.js';
import { contractProblems, exampleProblems } from './check.js';
import { PROJECT_ROOT } from './contract-files.js';
import { flattenRules } from './flatten-rules.js';

const refuseAll = () => [{ pointer: '/a', rule: 'required', detail: 'is required' }];
const valid = { file: 'valid-a.json', valid: true, data: {} };
const invalid = { file: 'invalid-a.json', valid: false, data: {}, expected: { pointer: '/a', rule: 'required' } };

describe('the check of the contracts', () => {
  it('finds no gap in what is committed', async () => {
    expect(await contractProblems()).toEqual([]);
  }, 60_000);

  it('finds an example that does not do what it says', () => {
    expect(exampleProblems('M', [valid, invalid], refuseAll)).toEqual([expect.stringContaining('should be valid')]);
    expect(exampleProblems('M', [valid, invalid], () => [])).toEqual([expect.stringContaining('found: nothing')]);
    const elsewhere = { ...invalid, expected: { pointer: '/b', rule: 'required' } };
    expect(exampleProblems('M', [elsewhere], refuseAll)).toEqual([
      expect.stringContaining('has no valid example'),
      expect.stringContaining('should fail at /b required, but found: /a required'),
    ]);
  });

  it('misses both kinds of example where there is none', () => {
    expect(exampleProblems('M', [], refuseAll)).toHaveLength(2);
  });

  it('keeps the table of messages in the guide with the catalogue', () => {
    const guide = readFileSync(join(PROJECT_ROOT, 'docs', 'contracts.md'), 'utf8');
    for (const { id, type, dutch } of CONTRACTS) expect(guide).toContain(`| ${id} | \`${type}\` | ${dutch} |`);
    expect(guide.match(/^\| M[0-9]{2} /gm)).toHaveLength(CONTRACTS.length);
  });
});

describe('the rules of a schema', () => {
  it('are one line a property, list items as a star, sorted, with what is not said left empty', () => {
    const marked = { 'x-field-group': 'FG11', 'x-class': 'S' };
    const values = { ART64: { group: 'FG20', class: 'SC' } };
    const type = { enum: ['ART64'], ...marked, 'x-levels': { m: 'keep' }, 'x-values': values };
    const procedures = { type: 'array', items: { properties: { type } }, ...marked };
    expect(flattenRules({ properties: { procedures, as_of: { type: 'string', ...marked } } })).toEqual([
      { pointer: '/as_of', group: 'FG11', class: 'S', levels: {}, values: {} },
      { pointer: '/procedures', group: 'FG11', class: 'S', levels: {}, values: {} },
      { pointer: '/procedures/*/type', group: 'FG11', class: 'S', levels: { m: 'keep' }, values },
    ]);
  });
});
