import { describe, expect, it } from '@jest/globals';
import { envelopeSchema } from './contract-files.js';
import { envelopeProblems, schemaProblems } from './schema-problems.js';

const marked = { 'x-field-group': 'FG01', 'x-class': 'O' };
const object = (properties: object, more: object = {}): Record<string, unknown> => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});
const of = (property: object | boolean): readonly string[] => schemaProblems(object({ p: property }));

describe('a payload schema', () => {
  it('is without problems when it is closed, bounded and annotated at every level', () => {
    const list = { type: 'array', maxItems: 2, items: object({ on: { type: 'string', format: 'date', ...marked } }) };
    const levels = { m: { members: ['on'] } };
    expect(of({ ...list, ...marked, 'x-levels': levels })).toEqual([]);
    expect(of({ enum: ['A', 'B'], ...marked, 'x-levels': { m: { map: { A: 'B' } }, b: 'drop' } })).toEqual([]);
    expect(of({ type: 'boolean', ...marked, 'x-levels': { b: { map: { true: 'YES' } } } })).toEqual([]);
    expect(of({ type: 'string', pattern: '^[A-Z*+]{1,9}$', ...marked })).toEqual([]);
  });

  it.each([
    ['an open object', { type: 'object', properties: {}, ...marked }, '/p: is open'],
    ['a text of any length', { type: 'string', ...marked }, '/p: takes a text of any length'],
    ['a pattern that repeats without end', { type: 'string', pattern: '^[a-z]+$', ...marked }, '/p: takes a text'],
    ['a pattern with an open count', { type: 'string', pattern: '^[a-z]{2,}$', ...marked }, '/p: takes a text'],
    ['a pattern that is not anchored', { type: 'string', pattern: '[a-z]{2}', ...marked }, '/p: takes a text'],
    ['a moment of any length', { type: 'string', format: 'date-time', ...marked }, '/p: takes a text'],
    ['any number', { type: 'integer', minimum: 0, ...marked }, '/p: takes any number.'],
    ['a list of any length', { type: 'array', items: { enum: ['A'] }, ...marked }, '/p: takes any number of items'],
    ['a list of anything', { type: 'array', maxItems: 2, ...marked }, '/p: takes items of any kind'],
    ['no type', { ...marked }, '/p: has no type'],
    ['no schema', true, '/p: has no schema'],
    ['no group', { type: 'boolean', 'x-class': 'O' }, '/p: has no field group'],
    ['no class', { type: 'boolean', 'x-field-group': 'FG01' }, '/p: has no field group'],
    ['a level that is none', { type: 'boolean', ...marked, 'x-levels': { q: 'keep' } }, '/p: q is no level'],
    ['an action that is none', { type: 'boolean', ...marked, 'x-levels': { m: 'show' } }, '/p: a level says neither'],
    ['a code for no value', { enum: ['A'], ...marked, 'x-levels': { m: { map: { B: 'C' } } } }, '/p: a level maps B'],
    [
      'a member that it has not',
      { ...object({}), ...marked, 'x-levels': { m: { members: ['q'] } } },
      '/p: a level keeps q',
    ],
    [
      'a value that it has not',
      { enum: ['A'], ...marked, 'x-values': { B: { group: 'FG20', class: 'SC' } } },
      '/p: x-values names',
    ],
    [
      'a value without class',
      { enum: ['A'], ...marked, 'x-values': { A: { group: 'FG20' } } },
      '/p: a value has no group or class',
    ],
  ])('may not have %s', (_what, property, problem) => {
    expect(of(property)).toEqual([expect.stringContaining(problem)]);
  });

  it('may not demand different items where the validator would compare each with each', () => {
    const list = { type: 'array', maxItems: 9, uniqueItems: true, ...marked };
    expect(of({ ...list, items: object({}) })).toEqual([expect.stringContaining('compares every item')]);
    expect(of({ ...list, items: { enum: ['A'] } })).toEqual([expect.stringContaining('compares every item')]);
    expect(of({ ...list, items: { type: 'string', enum: ['A'] } })).toEqual([]);
  });

  it('is judged inside lists and objects too', () => {
    const inner = object({ name: { type: 'string', maxLength: 9 } });
    const list = { type: 'array', maxItems: 2, items: inner, ...marked };
    expect(of(list)).toEqual([expect.stringContaining('/p/*/name: has no field group')]);
    expect(of({ ...inner, ...marked })).toEqual([expect.stringContaining('/p/name: has no field group')]);
  });
});

describe('the envelope', () => {
  it('is without problems', () => {
    expect(envelopeProblems(envelopeSchema())).toEqual([]);
  });

  it('may not be open, nor have an attribute that the profile does not allow or that is unbounded', () => {
    const properties = { data: { type: 'object' }, case_id: { const: 'x' }, note: { type: 'string' } };
    expect(envelopeProblems({ properties })).toEqual([
      expect.stringContaining(': is open'),
      expect.stringContaining('/case_id: is no name'),
      expect.stringContaining('/note: takes a text'),
    ]);
  });
});
