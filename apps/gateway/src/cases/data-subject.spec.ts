import { describe, expect, it } from '@jest/globals';
import * as payloads from './testing/payloads.js';
import { stages } from './testing/stages.js';

const request = (received_on: string) => ({
  right: 'ACCESS',
  received_on,
  identity_checked: true,
  controllers: [payloads.OIN.ind],
});

describe('M37 in the case process', () => {
  it('moves nothing, also outside a covenant', () => {
    const scenario = stages.partial();
    scenario.pilot = { ...scenario.pilot, covenantId: null };
    const before = scenario.is.state;
    expect(scenario.send('M37', 'NGO', request('2026-03-02'))).toMatchObject({
      transitions: [],
      emit: [],
      next: { state: before },
    });
  });

  it('refuses a day of receipt that lies ahead: the terms count from it', () => {
    expect(stages.partial().try('M37', 'MUNICIPALITY', request('2027-01-01'))).toMatchObject({
      ok: false,
      code: 'CASE_STATE_CONFLICT',
    });
  });
});
