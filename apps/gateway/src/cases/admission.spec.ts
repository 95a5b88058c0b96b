import { describe, expect, it } from '@jest/globals';
import * as payloads from './testing/payloads.js';
import { Scenario } from './testing/scenario.js';
import { stages } from './testing/stages.js';

const code = (outcome: { ok: boolean; code?: string }): string | undefined => outcome.code;

describe('application (T01)', () => {
  it('opens a case at the municipality of the pilot and tells DT&V nothing', () => {
    const scenario = new Scenario();
    const outcome = scenario.send('M01', 'MUNICIPALITY', payloads.application());
    expect(outcome.transitions).toEqual(['T01']);
    expect(outcome.emit).toEqual([]);
    expect(scenario.is).toMatchObject({
      number: 'LVV-AMS-2026-000001',
      pilot: 'AMS',
      state: 'APPLIED',
      vNumber: 'UNVERIFIED',
    });
    expect(scenario.is.parties).toEqual([
      { oin: payloads.OIN.ams, kind: 'MUNICIPALITY', from: '2026-03-02', basis: 'M01' },
    ]);
  });

  it('AS-16: opens a case of someone of whom no asylum procedure is known', () => {
    const outcome = new Scenario().send('M01', 'MUNICIPALITY', payloads.application({ origin: 'OTHER' }));
    expect(outcome.next.state).toBe('APPLIED');
  });

  it('keeps nothing in the case that names the person', () => {
    const text = JSON.stringify(stages.resting().is);
    for (const value of [payloads.V_NUMBER, 'Proefpersoon', 'Noor', '1985', '0499']) expect(text).not.toContain(value);
  });

  it('makes an intake desk with a mandate a party, and refuses one without', () => {
    const mandated = new Scenario({ pilot: { policy: { intake_desks: [payloads.OIN.ngo] } } });
    mandated.send('M01', 'NGO', payloads.application());
    expect(mandated.is.parties.map((party) => [party.kind, party.basis])).toEqual([
      ['MUNICIPALITY', 'M01'],
      ['NGO', 'M01'],
    ]);
    expect(code(new Scenario().try('M01', 'NGO', payloads.application()))).toBe('NOT_ENTITLED_IN_CASE');
  });

  it('refuses a municipality that names a pilot of another', () => {
    const rotterdam = new Scenario({ pilot: { municipalityOin: payloads.OIN.rot } });
    expect(code(rotterdam.try('M01', 'MUNICIPALITY', payloads.application()))).toBe('PILOT_UNKNOWN');
    expect(code(new Scenario().try('M01', 'MUNICIPALITY', payloads.application({ pilot: 'ROT' })))).toBe(
      'PILOT_UNKNOWN',
    );
  });

  it('AS-14: opens beside an open case elsewhere, but not beside one in the same pilot', () => {
    const scenario = new Scenario();
    scenario.otherCases = [{ caseId: 'other', pilot: 'AMS', open: true, openShelter: false }];
    expect(code(scenario.try('M01', 'MUNICIPALITY', payloads.application()))).toBe('CASE_ALREADY_OPEN');
    scenario.otherCases = [{ caseId: 'other', pilot: 'UTR', open: true, openShelter: true }];
    expect(scenario.try('M01', 'MUNICIPALITY', payloads.application()).ok).toBe(true);
    scenario.snapshot = null;
    scenario.otherCases = [{ caseId: 'other', pilot: 'AMS', open: false, openShelter: false }];
    expect(scenario.try('M01', 'MUNICIPALITY', payloads.application()).ok).toBe(true);
  });

  it('is the only event that begins without a case', () => {
    expect(code(new Scenario().try('M02', 'MUNICIPALITY', payloads.checkRequest()))).toBe('CASE_STATE_CONFLICT');
    expect(code(stages.applied().try('M01', 'MUNICIPALITY', payloads.application()))).toBe('CASE_STATE_CONFLICT');
  });
});

describe('admission check (T02, M03)', () => {
  it('asks the IND, and COA when X6 is among the questions, and makes them parties', () => {
    const asked = (questions: readonly string[]): readonly string[] => {
      const scenario = stages.applied();
      scenario.send('M02', 'MUNICIPALITY', payloads.checkRequest({ questions }));
      return scenario.is.parties.map((party) => party.kind);
    };
    expect(asked(['X1', 'X7'])).toEqual(['MUNICIPALITY', 'IND']);
    expect(asked(['X1', 'X6'])).toEqual(['MUNICIPALITY', 'IND', 'COA']);
  });

  it('asks AVIM and DT&V only where the configuration names a basis', () => {
    const scenario = stages.applied();
    scenario.routeBases = new Set(['M02:AVIM', 'M02:DTV']);
    scenario.send('M02', 'MUNICIPALITY', payloads.checkRequest({ questions: ['X6', 'X7'] }));
    expect(scenario.is.parties.map((party) => party.kind).sort()).toEqual([
      'AVIM',
      'COA',
      'DTV',
      'IND',
      'MUNICIPALITY',
    ]);
  });

  it('starts the alarm of five working days', () => {
    expect(stages.screening().dueAt('TMR-CHECK')).toBe('2026-03-09T23:00:00.000Z');
  });

  it('refuses a check about another V-number than that of the case', () => {
    const outcome = stages
      .applied()
      .try('M02', 'MUNICIPALITY', payloads.checkRequest({ v_number: payloads.OTHER_V_NUMBER }));
    expect(code(outcome)).toBe('IDENTITY_MISMATCH');
  });

  it('INV-10: lets each party answer its own grounds only', () => {
    const scenario = stages.screening();
    expect(code(scenario.try('M03', 'COA', payloads.indAnswer()))).toBe('NOT_ENTITLED_IN_CASE');
    expect(code(scenario.try('M03', 'IND', payloads.coaAnswer()))).toBe('NOT_ENTITLED_IN_CASE');
    expect(code(scenario.try('M03', 'MUNICIPALITY', payloads.indAnswer()))).toBe('NOT_ENTITLED_IN_CASE');
    scenario.send('M03', 'IND', payloads.indAnswer());
    expect(scenario.is.answers.X4).toEqual({ answer: 'NO', answeredBy: 'IND', asOf: '2026-03-02T10:00:00Z' });
    expect(scenario.is.state).toBe('SCREENING');
  });

  it('INV-10: verifies a number on the word of the IND alone', () => {
    const scenario = stages.screening();
    scenario.send('M03', 'COA', payloads.coaAnswer());
    expect(scenario.is.vNumber).toBe('UNVERIFIED');
    scenario.send('M03', 'IND', payloads.indAnswer());
    expect(scenario.is.vNumber).toBe('VERIFIED');
  });
});

describe('admission decision (T03, T04)', () => {
  it('AS-01: admits with a bed, tells DT&V the minimal set and asks both suppliers, in one outcome', () => {
    const scenario = stages.answered();
    const outcome = scenario.send('M04', 'MUNICIPALITY', payloads.admitted({ stay: payloads.stayIn('SHELTER') }));
    expect(outcome.transitions).toEqual(['T04', 'T49', 'T05', 'T07']);
    // Each step of the timeline shows where it led, and not where all of them ended.
    expect(outcome.statesAfter).toEqual(['ADMITTED', 'ADMITTED', 'ADMITTED', 'DOSSIER_REQUESTED']);
    expect(scenario.is.state).toBe('DOSSIER_REQUESTED');
    const [m05, m07] = outcome.emit;
    expect(m05).toEqual({
      contract: 'M05',
      messageId: scenario.is.stays[0]?.dtvNotificationId,
      data: {
        case_id: scenario.is.id,
        case_number: 'LVV-AMS-2026-000001',
        v_number: payloads.V_NUMBER,
        family_name: 'Proefpersoon',
        given_names: 'Noor Anna',
        birth_date: '1985-07',
        nationalities: ['0499'],
        pilot: 'AMS',
        stay_id: payloads.STAY_ID,
        stay_kind: 'SHELTER',
        start_on: '2026-03-02',
        out_of_covenant: false,
        provisional_identity: false,
      },
    });
    expect(m07).toMatchObject({
      contract: 'M07',
      data: { v_number: payloads.V_NUMBER, parts: ['IND', 'DTV'], requested_on: '2026-03-02', reason: 'INTAKE' },
    });
    expect(outcome.emit).toHaveLength(2);
    expect(scenario.is.parties.map((party) => party.kind)).not.toContain('AVIM');
  });

  it.each([
    ['AS-03', { X3: 'YES' }],
    ['AS-05', { X4: 'YES' }],
    ['AS-06', { X1: 'YES' }],
  ])('%s: records a refusal on a national ground, stops the clock and tells DT&V nothing', (_id, answers) => {
    const scenario = stages.screening();
    scenario.send('M03', 'IND', payloads.indAnswer(answers));
    const outcome = scenario.send('M04', 'MUNICIPALITY', payloads.refused());
    expect(outcome.transitions).toEqual(['T03']);
    expect(outcome.emit).toEqual([]);
    expect(scenario.is).toMatchObject({ state: 'REFUSED', timers: [], stays: [] });
    expect(scenario.is.parties.map((party) => party.kind)).not.toContain('DTV');
  });

  it('AS-10: records a referral on a local ground', () => {
    const scenario = stages.answered();
    scenario.send('M04', 'MUNICIPALITY', payloads.refused({ outcome: 'REFERRED', ground_class: 'LOCAL' }));
    expect(scenario.is).toMatchObject({ state: 'REFUSED', admission: { outcome: 'REFERRED' } });
  });

  it('wants the ground of a referral named, by its class or by itself, and no stay with it', () => {
    const scenario = stages.answered();
    const referred = (change: object): ReturnType<typeof payloads.admitted> =>
      payloads.admitted({ outcome: 'REFERRED', ...change });
    expect(code(scenario.try('M04', 'MUNICIPALITY', referred({})))).toBe('GROUND_REQUIRED');
    const housed = referred({ grounds: ['L1'], stay: payloads.stayIn('SHELTER') });
    expect(code(scenario.try('M04', 'MUNICIPALITY', housed))).toBe('CASE_STATE_CONFLICT');
    expect(scenario.try('M04', 'MUNICIPALITY', referred({ grounds: ['L1'] })).ok).toBe(true);
  });

  it('admits nobody before every national ground has its answer', () => {
    const scenario = stages.screening();
    scenario.send('M03', 'IND', payloads.indAnswer());
    expect(code(scenario.try('M04', 'MUNICIPALITY', payloads.admitted()))).toBe('GROUNDS_UNANSWERED');
    scenario.send('M03', 'COA', payloads.coaAnswer());
    expect(scenario.send('M04', 'MUNICIPALITY', payloads.admitted()).next.state).toBe('DOSSIER_REQUESTED');
  });

  it.each(['REVIEW', 'UNKNOWN'])('leaves %s to an official who decides with a reason', (answer) => {
    const scenario = stages.answered();
    scenario.send('M03', 'IND', payloads.indAnswer({ X4: answer }));
    expect(code(scenario.try('M04', 'MUNICIPALITY', payloads.admitted()))).toBe('GROUNDS_UNANSWERED');
    const elsewhere = payloads.admitted(payloads.decidedByOfficial('X5'));
    expect(code(scenario.try('M04', 'MUNICIPALITY', elsewhere))).toBe('GROUNDS_UNANSWERED');
    scenario.send('M04', 'MUNICIPALITY', payloads.admitted(payloads.decidedByOfficial('X4')));
    expect(scenario.is.flags.outOfCovenant).toBe(false);
  });

  it('lets a named official decide where an answer stays out, and no exception stand in for it', () => {
    const scenario = stages.screening();
    scenario.send('M03', 'IND', payloads.indAnswer());
    const excepted = payloads.admitted({ exception_ground: 'HUMANITARIAN' });
    expect(code(scenario.try('M04', 'MUNICIPALITY', excepted))).toBe('GROUNDS_UNANSWERED');
    expect(scenario.try('M04', 'MUNICIPALITY', payloads.admitted(payloads.decidedByOfficial('X6'))).ok).toBe(true);
  });

  it('takes a heavy ban of unknown length as a matter of review, and a light ban as none', () => {
    const heavy = stages.answered();
    heavy.send('M03', 'IND', payloads.indAnswer({ X1b: 'YES' }));
    expect(code(heavy.try('M04', 'MUNICIPALITY', payloads.admitted()))).toBe('GROUNDS_UNANSWERED');
    expect(heavy.try('M04', 'MUNICIPALITY', payloads.admitted(payloads.decidedByOfficial('X1b'))).ok).toBe(true);
    const light = stages.answered();
    light.send('M03', 'IND', payloads.indAnswer({ X1c: 'YES' }));
    expect(light.try('M04', 'MUNICIPALITY', payloads.admitted()).ok).toBe(true);
  });

  it('AS-08: admits on a YES only with an exception, and then outside the covenant', () => {
    const scenario = stages.answered();
    scenario.send('M03', 'COA', payloads.coaAnswer('YES'));
    expect(code(scenario.try('M04', 'MUNICIPALITY', payloads.admitted(payloads.decidedByOfficial('X6'))))).toBe(
      'CASE_STATE_CONFLICT',
    );
    const excepted = payloads.admitted({ exception_ground: 'HUMANITARIAN', stay: payloads.stayIn('SHELTER') });
    const outcome = scenario.send('M04', 'MUNICIPALITY', excepted);
    expect(outcome.next.flags.outOfCovenant).toBe(true);
    expect(outcome.emit[0]).toMatchObject({ contract: 'M05', data: { out_of_covenant: true } });
  });

  it('keeps an exception on a local ground inside the covenant', () => {
    const scenario = stages.answered();
    scenario.send('M04', 'MUNICIPALITY', payloads.admitted({ exception_ground: 'HUMANITARIAN' }));
    expect(scenario.is.flags.outOfCovenant).toBe(false);
    expect(scenario.is.admission?.exceptionGround).toBe('HUMANITARIAN');
  });

  it('leaves a case of another pilot to its own municipality', () => {
    const scenario = stages.answered();
    scenario.pilot = { ...scenario.pilot, municipalityOin: payloads.OIN.rot };
    expect(code(scenario.try('M04', 'MUNICIPALITY', payloads.admitted()))).toBe('NOT_ENTITLED_IN_CASE');
  });
});
