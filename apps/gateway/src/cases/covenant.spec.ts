import { describe, expect, it } from '@jest/globals';
import * as payloads from './testing/payloads.js';
import { Scenario } from './testing/scenario.js';
import { stages } from './testing/stages.js';

const code = (outcome: { ok: boolean; code?: string }): string | undefined => outcome.code;

describe('INV-15: outside a covenant', () => {
  it.each([
    ['M01', () => new Scenario({ pilot: { covenantId: null } }), payloads.application()],
    ['M02', () => stages.applied(), payloads.checkRequest()],
    ['M04', () => stages.answered(), payloads.admitted()],
  ] as const)('refuses %s', (contract, stage, data) => {
    const scenario = stage();
    scenario.pilot = { ...scenario.pilot, covenantId: null };
    expect(code(scenario.try(contract, 'MUNICIPALITY', data))).toBe('COVENANT_EXPIRED');
  });

  it('AS-46: refuses a dossier request, by the municipality and by itself', () => {
    const scenario = stages.screening();
    scenario.send('M03', 'COA', payloads.coaAnswer());
    scenario.send('M03', 'IND', payloads.indAnswer({}, { v_number_status: 'UNKNOWN' }));
    scenario.send('M04', 'MUNICIPALITY', payloads.admitted());
    scenario.pilot = { ...scenario.pilot, covenantId: null };
    expect(scenario.send('M03', 'IND', payloads.indAnswer())).toMatchObject({
      transitions: [],
      next: { vNumber: 'VERIFIED' },
    });
    const request = payloads.dossierRequest(['IND', 'DTV']);
    expect(code(scenario.try('M07', 'MUNICIPALITY', request))).toBe('COVENANT_EXPIRED');
    scenario.pilot = { ...scenario.pilot, covenantId: 'LVV-AMS-RENEWED' };
    expect(scenario.send('M07', 'MUNICIPALITY', request).transitions).toEqual(['T07']);
  });

  it('AS-46: lets corrections, withdrawals, acknowledgements and stays of open cases through', () => {
    const scenario = stages.partial();
    scenario.pilot = { ...scenario.pilot, covenantId: null };
    expect(scenario.send('M06', 'DTV', payloads.acknowledgement()).transitions).toEqual(['T06']);
    expect(scenario.send('M09', 'DTV', payloads.dossierPart(payloads.PART.dtv)).transitions).toEqual(['T09']);
    expect(scenario.send('M28', 'IND', payloads.notice(scenario.part('IND'), { material: true })).transitions).toEqual([
      'T14',
    ]);
    expect(scenario.send('M29', 'IND', payloads.notice(scenario.part('IND'))).transitions).toEqual(['T12']);
    expect(scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('ENDED', { on: '2026-03-05' })).transitions).toEqual(
      ['T50'],
    );
  });
});
