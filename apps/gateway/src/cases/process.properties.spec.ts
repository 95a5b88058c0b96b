import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import type { CaseSnapshot, TimerKind } from './case-snapshot.js';
import { isOpenState } from './case-states.js';
import { bothPartsAccepted } from './rest-period.js';
import * as payloads from './testing/payloads.js';
import { Scenario, type Accepted } from './testing/scenario.js';
import { TRANSITIONS } from './transitions.js';

type Payload = Readonly<Record<string, unknown>>;
type Move =
  | {
      readonly contract: ContractId;
      readonly sender: PeerKind;
      readonly data: Payload;
      readonly about?: 'IND' | 'DTV' | 'ANY';
    }
  | { readonly timer: TimerKind; readonly early: boolean }
  | { readonly days: number }
  | { readonly covenant: boolean };

const number = fc.constantFrom(payloads.V_NUMBER, payloads.V_NUMBER, payloads.V_NUMBER, payloads.OTHER_V_NUMBER);
const part = fc
  .record({ id: fc.constantFrom('a', 'b'), version: fc.integer({ min: 1, max: 3 }), number })
  .map(({ id, version, number: v_number }) => payloads.dossierPart(id, { part_version: version, v_number }));
const stay = fc
  .record({ id: fc.constantFrom('s1', 's2'), kind: fc.constantFrom('SHELTER', 'GUIDANCE_ONLY') })
  .map(({ id, kind }) => ({ stay_id: id, kind, on: '2026-03-02' }));
const answer = fc.constantFrom('NO', 'NO', 'NO', 'YES', 'REVIEW');
const status = fc.constantFrom('MATCH', 'MATCH', 'UNKNOWN', 'MISMATCH');

const message = (contract: ContractId, sender: PeerKind, data: fc.Arbitrary<Payload>, about?: 'IND' | 'DTV' | 'ANY') =>
  data.map((payload): Move => ({ contract, sender, data: payload, ...(about ? { about } : {}) }));
const about = (contract: ContractId, sender: 'IND' | 'DTV' | 'MUNICIPALITY', data: fc.Arbitrary<Payload>) =>
  fc
    .constantFrom('IND' as const, 'DTV' as const, 'ANY' as const)
    .chain((target) => message(contract, sender, data, target));
const notice = fc.boolean().map((material) => payloads.notice({ material }));
const admission = fc
  .record({ stay: fc.option(stay), except: fc.boolean() })
  .map(({ stay: bed, except }) =>
    payloads.admitted({ ...(bed ? { stay: bed } : {}), ...(except ? { exception_ground: 'HUMANITARIAN' } : {}) }),
  );

/** Everything that can happen to a case, likely and unlikely, in an order that nobody would choose. */
const move: fc.Arbitrary<Move> = fc.oneof(
  message(
    'M02',
    'MUNICIPALITY',
    number.map((v_number) => payloads.checkRequest({ v_number })),
  ),
  message(
    'M03',
    'IND',
    fc.tuple(answer, status).map(([X4, v_number_status]) => payloads.indAnswer({ X4 }, { v_number_status })),
  ),
  message(
    'M03',
    'COA',
    answer.map((X6) => payloads.coaAnswer(X6)),
  ),
  message('M04', 'MUNICIPALITY', admission),
  message('M04', 'MUNICIPALITY', fc.constant(payloads.refused())),
  message('M06', 'DTV', fc.constant({})),
  message(
    'M07',
    'MUNICIPALITY',
    fc.constantFrom(['IND', 'DTV'], ['COA']).map((parts) => payloads.dossierRequest(parts)),
  ),
  { weight: 3, arbitrary: message('M08', 'IND', part) },
  { weight: 3, arbitrary: message('M09', 'DTV', part) },
  message('M11', 'COA', fc.constant({})),
  about('M28', 'IND', notice),
  about('M29', 'IND', notice),
  about('M29', 'DTV', notice),
  about('M40', 'MUNICIPALITY', fc.constantFrom('WRONG_PERSON', 'UNREADABLE').map(payloads.rejection)),
  message(
    'M41',
    'MUNICIPALITY',
    fc.tuple(fc.constantFrom('STARTED', 'KIND_CHANGED', 'ENDED'), stay).map(([event, data]) => ({ event, ...data })),
  ),
  fc.record({
    timer: fc.constantFrom<TimerKind>('TMR-REST', 'TMR-DTV', 'TMR-DOS-IND', 'TMR-CHECK'),
    early: fc.boolean(),
  }),
  fc.record({ days: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ covenant: fc.boolean() }),
);

/** Half of the runs begin with an admitted case, so that the later states are reached often. */
const prologue = fc.boolean();
const moves = fc.array(move, { minLength: 20, maxLength: 50 });

function play(scenario: Scenario, step: Move): Accepted | null {
  if ('days' in step) {
    scenario.at(new Date(Date.parse(scenario.now) + step.days * 86_400_000).toISOString());
    return null;
  }
  if ('covenant' in step) {
    scenario.pilot = { ...scenario.pilot, covenantId: step.covenant ? 'LVV-AMS-TEST' : null };
    return null;
  }
  if ('timer' in step) {
    if (!step.early) scenario.at(later(scenario.now, scenario.dueAt(step.timer)));
    return scenario.fire(step.timer);
  }
  const target = step.about === undefined ? undefined : targetOf(scenario, step.about);
  const outcome = scenario.try(step.contract, step.sender, step.data, target);
  return outcome.ok ? outcome : null;
}

function targetOf(scenario: Scenario, supplier: 'IND' | 'DTV' | 'ANY'): string | undefined {
  const of = scenario.is.parts.filter((known) => supplier === 'ANY' || known.supplier === supplier);
  return of.at(-1)?.messageId;
}

function later(now: string, due: string | undefined): string {
  return due !== undefined && Date.parse(due) > Date.parse(now) ? due : now;
}

/** Plays a run and shows each outcome with the case before it. */
function run(
  admittedFirst: boolean,
  steps: readonly Move[],
  look: (outcome: Accepted, before: CaseSnapshot, scenario: Scenario) => void,
): Scenario {
  const scenario = new Scenario();
  scenario.send('M01', 'MUNICIPALITY', payloads.application());
  if (admittedFirst) {
    scenario.send('M02', 'MUNICIPALITY', payloads.checkRequest());
    scenario.send('M03', 'IND', payloads.indAnswer());
    scenario.send('M03', 'COA', payloads.coaAnswer());
    scenario.send('M04', 'MUNICIPALITY', payloads.admitted());
  }
  for (const step of steps) {
    const before = scenario.is;
    const outcome = play(scenario, step);
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
