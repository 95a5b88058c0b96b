import { describe, expect, it } from '@jest/globals';
import * as payloads from './testing/payloads.js';
import { stages } from './testing/stages.js';

const code = (outcome: { ok: boolean; code?: string }): string | undefined => outcome.code;

describe('a number in doubt', () => {
  it('AS-11: an unknown number leaves the identity provisional, holds the dossier and gives DT&V names only', () => {
    const scenario = stages.screening();
    scenario.send('M03', 'COA', payloads.coaAnswer());
    scenario.send('M03', 'IND', payloads.indAnswer({}, { v_number_status: 'UNKNOWN' }));
    const admission = payloads.admitted({ stay: payloads.stayIn('SHELTER') });
    const outcome = scenario.send('M04', 'MUNICIPALITY', admission);
    expect(outcome.transitions).toEqual(['T04', 'T49', 'T05']);
    expect(scenario.is).toMatchObject({ state: 'ADMITTED', dossier: null, flags: { provisionalIdentity: true } });
    expect(outcome.emit[0]?.data).toMatchObject({ family_name: 'Proefpersoon', provisional_identity: true });
    expect(outcome.emit[0]?.data).not.toHaveProperty('v_number');
    const request = payloads.dossierRequest(['IND', 'DTV']);
    expect(code(scenario.try('M07', 'MUNICIPALITY', request))).toBe('CASE_STATE_CONFLICT');
  });

  it('asks again in ADMITTED with a corrected number, and requests the held dossier as soon as it matches', () => {
    const scenario = stages.screening({ withoutNumber: true });
    expect(scenario.is).toMatchObject({ vNumber: 'UNVERIFIED', flags: { provisionalIdentity: true } });
    scenario.send('M03', 'COA', payloads.coaAnswer());
    scenario.send('M03', 'IND', payloads.indAnswer({}, { v_number_status: 'UNKNOWN' }));
    scenario.send('M04', 'MUNICIPALITY', payloads.admitted());
    const again = payloads.checkRequest({ v_number: payloads.OTHER_V_NUMBER });
    expect(scenario.send('M02', 'MUNICIPALITY', again)).toMatchObject({
      transitions: [],
      identityChange: { v_number: payloads.OTHER_V_NUMBER },
      next: { state: 'ADMITTED', vNumber: 'UNVERIFIED' },
    });
    const outcome = scenario.send('M03', 'IND', payloads.indAnswer());
    expect(outcome.transitions).toEqual(['T07']);
    expect(outcome.emit[0]).toMatchObject({ contract: 'M07', data: { v_number: payloads.OTHER_V_NUMBER } });
    expect(scenario.is).toMatchObject({ state: 'DOSSIER_REQUESTED', flags: { provisionalIdentity: false } });
  });

  it('takes the number over that the IND merged it into, and asks the dossier under that', () => {
    const scenario = stages.screening();
    scenario.send('M03', 'COA', payloads.coaAnswer());
    scenario.send(
      'M03',
      'IND',
      payloads.indAnswer({}, { v_number_status: 'MERGED_TO', merged_to: payloads.OTHER_V_NUMBER }),
    );
    const outcome = scenario.send('M04', 'MUNICIPALITY', payloads.admitted());
    expect(outcome.emit[0]).toMatchObject({ contract: 'M07', data: { v_number: payloads.OTHER_V_NUMBER } });
  });

  it('sees no reason to check a verified number again after admission', () => {
    const scenario = stages.requested();
    expect(code(scenario.try('M02', 'MUNICIPALITY', payloads.checkRequest()))).toBe('CASE_STATE_CONFLICT');
  });
});
