import { describe, expect, it } from '@jest/globals';
import { partiesAsked } from './parties.js';
import * as payloads from './testing/payloads.js';
import type { Scenario } from './testing/scenario.js';
import { stages } from './testing/stages.js';

const { assignment } = payloads;

const terms = (scenario: Scenario): readonly unknown[] =>
  scenario.is.parties.filter((party) => party.kind === 'NGO').map(({ from, to, basis }) => [from, to, basis]);

describe('partiesAsked', () => {
  it('names who answers what', () => {
    expect(partiesAsked('M02', { questions: ['X1', 'X2'] })).toEqual(['IND']);
    expect(partiesAsked('M02', { questions: ['X6', 'X7'] })).toEqual(['IND', 'COA', 'DTV', 'AVIM']);
    expect(partiesAsked('M07', { parts: ['IND', 'COA'] })).toEqual(['IND', 'COA']);
    expect(partiesAsked('M41', { parts: ['IND'] })).toEqual([]);
  });
});

describe('guidance assignment (M43)', () => {
  it('makes the NGO a party from its first day to its last, and moves nothing', () => {
    const scenario = stages.requested();
    const outcome = scenario.send('M43', 'MUNICIPALITY', assignment('2026-03-02', '2026-08-31'));
    expect(outcome).toMatchObject({ transitions: [], next: { state: 'DOSSIER_REQUESTED' } });
    expect(terms(scenario)).toEqual([['2026-03-02', '2026-09-01', 'M43']]);
  });

  it('follows on an earlier term, and replaces what it overlaps', () => {
    const scenario = stages.requested();
    scenario.send('M43', 'MUNICIPALITY', assignment('2026-03-02', '2026-05-31'));
    scenario.send('M43', 'MUNICIPALITY', assignment('2026-06-01', '2026-08-31'));
    expect(terms(scenario)).toEqual([
      ['2026-03-02', '2026-06-01', 'M43'],
      ['2026-06-01', '2026-09-01', 'M43'],
    ]);
    scenario.send('M43', 'MUNICIPALITY', assignment('2026-04-01', '2026-04-30'));
    expect(terms(scenario)).toEqual([
      ['2026-03-02', '2026-04-01', 'M43'],
      ['2026-04-01', '2026-05-01', 'M43'],
    ]);
  });

  it('takes the place of the mandate under which a desk registered', () => {
    const desk = stages.requested();
    desk.snapshot = {
      ...desk.is,
      parties: [...desk.is.parties, { oin: payloads.OIN.ngo, kind: 'NGO', from: '2026-03-02', basis: 'M01' }],
    };
    desk.send('M43', 'MUNICIPALITY', assignment('2026-03-02', '2026-03-31'));
    expect(terms(desk)).toEqual([['2026-03-02', '2026-04-01', 'M43']]);
  });

  it('refuses a term that ends before it begins, and an assignment by the NGO itself', () => {
    const scenario = stages.requested();
    expect(scenario.try('M43', 'MUNICIPALITY', assignment('2026-03-02', '2026-03-01'))).toMatchObject({
      code: 'CASE_STATE_CONFLICT',
    });
    expect(scenario.try('M43', 'NGO', assignment('2026-03-02', '2026-03-31'))).toMatchObject({
      code: 'NOT_ENTITLED_IN_CASE',
    });
  });
});
