import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CaseSnapshot } from './case-snapshot.js';
import { isOpenState } from './case-states.js';
import { bothPartsAccepted } from './rest-period.js';
import { admit, move, type Move } from './testing/moves.js';
import * as payloads from './testing/payloads.js';
import { Scenario, type Accepted } from './testing/scenario.js';
import { TRANSITIONS } from './transitions.js';

/** Half of the runs begin with an admitted case. */
const prologue = fc.boolean();
const moves = fc.array(move, { minLength: 20, maxLength: 50 });

/** Plays a run and shows each outcome with the case before it. */
function run(
  admittedFirst: boolean,
  steps: readonly Move[],
  look: (outcome: Accepted, before: CaseSnapshot, scenario: Scenario) => void,
): Scenario {
  const scenario = new Scenario();
  scenario.send('M01', 'MUNICIPALITY', payloads.application());
  if (admittedFirst) admit(scenario);
  for (const step of steps) {
    const before = scenario.is;
    const outcome = step(scenario);
    if (outcome) look(outcome, before, scenario);
    else expect(scenario.is).toBe(before);
  }
  return scenario;
}

const holds = (look: (outcome: Accepted, before: CaseSnapshot, scenario: Scenario) => void): void => {
  fc.assert(
    fc.property(prologue, moves, (first, steps) => void run(first, steps, look)),
    { numRuns: 80 },
  );
};

describe('whatever happens to a case', () => {
  it('INV-2: the rest period runs only while both parts are accepted', () => {
    let rests = 0;
    holds(({ next }) => {
      const running = next.restPeriods.filter((period) => period.status === 'RUNNING');
      if (next.state === 'REST_PERIOD') {
        rests += 1;
        expect(bothPartsAccepted(next)).toBe(true);
        expect(next.dossier?.deliveredAt).toBeDefined();
      }
      expect(running).toHaveLength(next.state === 'REST_PERIOD' ? 1 : 0);
      expect(next.timers.some((timer) => timer.kind === 'TMR-REST')).toBe(next.state === 'REST_PERIOD');
    });
    expect(rests).toBeGreaterThan(20);
  });

  it('INV-1: every stay has its own notification of DT&V, made when it began', () => {
    holds((outcome, _before, scenario) => {
      for (const begun of outcome.staysStarted) {
        expect(
          outcome.emit.filter((made) => made.messageId === begun.dtvNotificationId && made.contract === 'M05'),
        ).toHaveLength(1);
      }
      const notified = scenario.emitted.filter((made) => made.contract === 'M05').map((made) => made.messageId);
      expect(new Set(notified).size).toBe(notified.length);
      for (const open of outcome.next.stays) expect(notified).toContain(open.dtvNotificationId);
    });
  });

  it('INV-6: a case has one open stay with shelter at the most', () => {
    holds(({ next }) => expect(next.stays.filter((open) => open.kind === 'SHELTER').length).toBeLessThanOrEqual(1));
  });

  it('INV-10: the gateway makes no message but those of its rows', () => {
    holds((outcome) => {
      const allowed = TRANSITIONS.filter((row) => row.id !== 'none' && outcome.transitions.includes(row.id)).flatMap(
        (row) => [
          ...(row.emits ?? []),
          ...(row.trigger.on === 'automatic' && row.trigger.makes ? [row.trigger.makes] : []),
        ],
      );
      for (const made of outcome.emit) expect(allowed).toContain(made.contract);
    });
  });

  it('moves along the table and along nothing else', () => {
    holds(({ transitions, next }, before) => {
      if (transitions.length === 0) expect(next.state).toBe(before.state);
      if (!isOpenState(before.state)) expect(next.state).toBe(before.state);
    });
  });

  it('survives its storage as JSON, and holds nothing that names the person', () => {
    holds(({ next }) => {
      const text = JSON.stringify(next);
      expect(JSON.parse(text)).toEqual(next);
      for (const secret of [payloads.V_NUMBER, payloads.OTHER_V_NUMBER, 'Proefpersoon', 'Noor', '1985-07'])
        expect(text).not.toContain(secret);
    });
  });
});
