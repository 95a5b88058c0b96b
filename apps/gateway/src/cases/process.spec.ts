import { describe, expect, it } from '@jest/globals';
import * as payloads from './testing/payloads.js';
import { Scenario } from './testing/scenario.js';
import { stages } from './testing/stages.js';
import { TRANSITION_TITLES } from './transition-titles.js';
import { TRANSITION_IDS, TRANSITIONS } from './transitions.js';

const supplied = (supplier: string) => ({ supplier, version: 1, as_of: '2026-03-01T08:00:00Z' });
const DELIVERED = {
  dossier_id: payloads.NO_SUCH_MESSAGE,
  delivered_on: '2026-03-02',
  parts: [supplied('IND'), supplied('DTV')],
};

describe('the table of transitions', () => {
  it('has every row of domain 2.5 that is in scope, and a Dutch title for each', () => {
    const ids = new Set(TRANSITIONS.map((row) => row.id).filter((id) => id !== 'none'));
    expect([...ids].toSorted()).toEqual([...TRANSITION_IDS].toSorted());
    expect(Object.keys(TRANSITION_TITLES).toSorted()).toEqual([...TRANSITION_IDS].toSorted());
  });

  it('names itself the gateway only where INV-10 allows: a stay with an admission, DT&V, the dossier, the clock', () => {
    const own = TRANSITIONS.filter((row) => row.trigger.on !== 'message').map((row) => row.id);
    expect(own).toEqual(['T16', 'T49', 'T05', 'T07']);
  });
});

describe('clock events', () => {
  it.each([
    ['TMR-CHECK', () => stages.screening()],
    ['TMR-DOS-IND', () => stages.requested()],
    ['TMR-DOS-DTV', () => stages.partial()],
    ['TMR-DTV', () => stages.requested()],
    ['TMR-FETCH', () => stages.resting()],
    ['TMR-LSO', () => stages.prepared()],
  ] as const)('%s is an alarm: it removes itself and moves nothing', (timer, stage) => {
    const scenario = stage();
    const before = scenario.is;
    const outcome = scenario.at(scenario.dueAt(timer) ?? '').fire(timer);
    expect(outcome).toMatchObject({ transitions: [], emit: [] });
    expect(scenario.is).toEqual({ ...before, timers: before.timers.filter((running) => running.kind !== timer) });
    expect(before.timers).not.toEqual(scenario.is.timers);
  });

  it('changes nothing when the case runs no such timer', () => {
    const scenario = stages.applied();
    const before = scenario.is;
    scenario.fire('TMR-REST');
    expect(scenario.is).toBe(before);
  });
});

describe('messages outside the table', () => {
  it('are recorded in a case and move nothing; without a case there is nothing to record them in', () => {
    const scenario = stages.requested();
    const before = scenario.is;
    expect(scenario.send('M12', 'GATEWAY', DELIVERED)).toMatchObject({ transitions: [], emit: [] });
    expect(scenario.is).toBe(before);
    expect(new Scenario().try('M12', 'GATEWAY', DELIVERED)).toMatchObject({ ok: false, code: 'CASE_NOT_AVAILABLE' });
  });

  it('never say in a refusal what was in the message', () => {
    const other = { v_number: payloads.OTHER_V_NUMBER };
    const outcome = stages.requested().try('M08', 'IND', payloads.dossierPart(payloads.PART.another, other));
    expect(outcome.ok).toBe(false);
    for (const value of [payloads.OTHER_V_NUMBER, payloads.V_NUMBER, payloads.PART.another]) {
      expect(JSON.stringify(outcome)).not.toContain(value);
    }
  });
});
