import { describe, expect, it } from '@jest/globals';
import { CONTRACTS } from '#contracts/catalogue.js';
import type { Contract } from '#contracts/contract.js';
import { catalogueProblems } from './catalogue-problems.js';

const [first, second] = CONTRACTS;
if (!first || !second) throw new Error('the catalogue is empty');

describe('the catalogue', () => {
  it('does not contradict itself', () => {
    expect(catalogueProblems(CONTRACTS)).toEqual([]);
  });

  it.each<[string, Partial<Contract>, string]>([
    ['a type of another name', { type: 'nl.lvv.other.v1' }, 'type does not follow'],
    ['a version that its type does not carry', { version: 2 }, 'type does not follow'],
    ['no purpose', { purposes: [] }, 'names no purpose'],
    ['no legal basis', { legalBases: [] }, 'names no legal basis'],
    ['a processing activity that is no URI', { processingActivity: 'dossier' }, 'is no URI'],
    ['no route', { routes: [] }, 'goes to nobody'],
    ['a route twice', { routes: [...second.routes, ...second.routes.slice(0, 1)] }, 'twice'],
    ['no case', { caseId: 'none' }, 'only M01'],
  ])('may not hold an entry with %s', (_what, change, problem) => {
    expect(catalogueProblems([first, { ...second, ...change }])).toEqual([expect.stringContaining(problem)]);
  });

  it('may not name an id or a type twice', () => {
    expect(catalogueProblems([first, first])).toEqual([
      expect.stringContaining('M01: stands twice'),
      expect.stringContaining('resident-application.v1: stands twice'),
    ]);
  });
});
