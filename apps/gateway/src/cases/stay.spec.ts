import { describe, expect, it } from '@jest/globals';
import * as payloads from './testing/payloads.js';
import { stages } from './testing/stages.js';

const code = (outcome: { ok: boolean; code?: string }): string | undefined => outcome.code;
const guidance = (event: string): ReturnType<typeof payloads.stayEvent> =>
  payloads.stayEvent(event, { kind: 'GUIDANCE_ONLY', stay_id: payloads.OTHER_STAY_ID });

describe('start of a stay (T49, T05)', () => {
  it('INV-1: notifies DT&V of an emergency bed during the admission check, names first', () => {
    const scenario = stages.screening();
    const outcome = scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED'));
    expect(outcome.transitions).toEqual(['T49', 'T05']);
    expect(outcome.next.state).toBe('SCREENING');
    expect(outcome.staysStarted).toEqual(scenario.is.stays);
    expect(outcome.emit).toHaveLength(1);
    expect(outcome.emit[0]).toMatchObject({ contract: 'M05', messageId: scenario.is.stays[0]?.dtvNotificationId });
    expect(scenario.is.parties.find((party) => party.kind === 'DTV')?.basis).toBe('M05');
    expect(scenario.dueAt('TMR-DTV')).toBe('2026-03-03T09:00:00.000Z');
  });

  it('AS-02: notifies DT&V of guidance without a bed', () => {
    const scenario = stages.answered();
    const outcome = scenario.send('M04', 'MUNICIPALITY', payloads.admitted({ stay: payloads.stayIn('GUIDANCE_ONLY') }));
    expect(outcome.emit[0]).toMatchObject({ contract: 'M05', data: { stay_kind: 'GUIDANCE_ONLY' } });
  });

  it('INV-1: notifies DT&V of a stay whatever the state, the covenant or the identity', () => {
    const scenario = stages.screening({ withoutNumber: true });
    scenario.pilot = { ...scenario.pilot, covenantId: null };
    expect(scenario.send('M41', 'MUNICIPALITY', guidance('STARTED')).emit.map((message) => message.contract)).toEqual([
      'M05',
    ]);
    const later = stages.prepared();
    expect(later.send('M41', 'MUNICIPALITY', guidance('STARTED')).emit.map((message) => message.contract)).toEqual([
      'M05',
    ]);
  });

  it('INV-1: notifies DT&V today of a stay, also when a clock that was ahead had made it a party from tomorrow', () => {
    const scenario = stages.screening();
    const asked = { oin: payloads.OIN.dtv, kind: 'DTV', from: '2026-03-03', basis: 'M02' } as const;
    scenario.snapshot = { ...scenario.is, parties: [...scenario.is.parties, asked] };
    scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED'));
    expect(scenario.is.parties.filter((party) => party.kind === 'DTV')).toEqual([
      { ...asked, from: '2026-03-02', basis: 'M05' },
    ]);
  });

  it('takes admitted and waiting for no stay: DT&V hears nothing until the bed is there', () => {
    const scenario = stages.answered();
    expect(scenario.send('M04', 'MUNICIPALITY', payloads.admitted()).emit.map((message) => message.contract)).toEqual([
      'M07',
    ]);
    expect(scenario.is.stays).toEqual([]);
    scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED'));
    expect(scenario.emitted.map((message) => message.contract)).toEqual(['M07', 'M05']);
  });

  it('starts no stay while DT&V is not registered', () => {
    const scenario = stages.screening();
    scenario.national = { IND: payloads.OIN.ind };
    expect(code(scenario.try('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED')))).toBe('INTERNAL');
  });

  it('refuses a stay before the admission check and after a refusal', () => {
    expect(code(stages.applied().try('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED')))).toBe(
      'CASE_STATE_CONFLICT',
    );
    const refused = stages.answered();
    refused.send('M04', 'MUNICIPALITY', payloads.refused());
    expect(code(refused.try('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED')))).toBe('CASE_STATE_CONFLICT');
  });

  it('refuses an id that named an open or an ended stay', () => {
    const scenario = stages.screening();
    scenario.send('M41', 'MUNICIPALITY', guidance('STARTED'));
    expect(code(scenario.try('M41', 'MUNICIPALITY', guidance('STARTED')))).toBe('CASE_STATE_CONFLICT');
    scenario.send('M41', 'MUNICIPALITY', guidance('ENDED'));
    expect(code(scenario.try('M41', 'MUNICIPALITY', guidance('STARTED')))).toBe('CASE_STATE_CONFLICT');
  });

  it('leaves stays to the municipality', () => {
    expect(code(stages.screening().try('M41', 'NGO', payloads.stayEvent('STARTED')))).toBe('NOT_ENTITLED_IN_CASE');
  });
});

describe('INV-6: one stay with shelter per person in the country', () => {
  const ELSEWHERE = [{ caseId: 'other', pilot: 'UTR', open: true, openShelter: true }];

  it('AS-14: admits nobody to shelter who has shelter elsewhere, and changes nothing', () => {
    const scenario = stages.answered();
    scenario.otherCases = ELSEWHERE;
    const before = scenario.is;
    const admission = payloads.admitted({ stay: payloads.stayIn('SHELTER') });
    expect(code(scenario.try('M04', 'MUNICIPALITY', admission))).toBe('SHELTER_ALREADY_OPEN');
    expect(scenario.is).toBe(before);
    scenario.otherCases = [];
    expect(scenario.try('M04', 'MUNICIPALITY', admission).ok).toBe(true);
  });

  it('lets guidance begin beside shelter elsewhere, and refuses to turn it into shelter', () => {
    const scenario = stages.screening();
    scenario.otherCases = ELSEWHERE;
    expect(code(scenario.try('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED')))).toBe('SHELTER_ALREADY_OPEN');
    scenario.send('M41', 'MUNICIPALITY', guidance('STARTED'));
    const change = payloads.stayEvent('KIND_CHANGED', { stay_id: payloads.OTHER_STAY_ID });
    expect(code(scenario.try('M41', 'MUNICIPALITY', change))).toBe('SHELTER_ALREADY_OPEN');
  });

  it('refuses a second stay with shelter in the same case', () => {
    const scenario = stages.screening();
    scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED'));
    const second = payloads.stayEvent('STARTED', { stay_id: payloads.OTHER_STAY_ID });
    expect(code(scenario.try('M41', 'MUNICIPALITY', second))).toBe('SHELTER_ALREADY_OPEN');
  });
});

describe('change and end of a stay (T50)', () => {
  it('keeps the stay and its notification when only the kind changes', () => {
    const scenario = stages.screening();
    scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED'));
    const started = scenario.is.stays[0];
    const outcome = scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('KIND_CHANGED', { kind: 'GUIDANCE_ONLY' }));
    expect(outcome.staysChanged).toEqual([{ ...started, kind: 'GUIDANCE_ONLY' }]);
    expect(outcome.emit).toEqual([]);
    expect(scenario.is.stays).toEqual(outcome.staysChanged);
  });

  it('keeps the emergency bed of a refused applicant, and its alarm, until the stay ends', () => {
    const scenario = stages.answered();
    scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED'));
    scenario.send('M04', 'MUNICIPALITY', payloads.refused());
    expect(scenario.is.timers.map((timer) => timer.kind)).toEqual(['TMR-DTV']);
    expect(scenario.is.stays).toHaveLength(1);
    const outcome = scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('ENDED', { on: '2026-03-04' }));
    expect(outcome).toMatchObject({
      transitions: ['T50'],
      staysEnded: [{ stayId: payloads.STAY_ID, endedOn: '2026-03-04' }],
      next: { state: 'REFUSED', stays: [] },
    });
  });

  it('refuses the end of a stay that is not open, or before its first day', () => {
    const scenario = stages.screening();
    expect(code(scenario.try('M41', 'MUNICIPALITY', payloads.stayEvent('ENDED')))).toBe('STAY_NOT_OPEN');
    expect(code(scenario.try('M41', 'MUNICIPALITY', payloads.stayEvent('KIND_CHANGED')))).toBe('STAY_NOT_OPEN');
    scenario.send('M41', 'MUNICIPALITY', payloads.stayEvent('STARTED'));
    const early = payloads.stayEvent('ENDED', { on: '2026-03-01' });
    expect(code(scenario.try('M41', 'MUNICIPALITY', early))).toBe('CASE_STATE_CONFLICT');
  });
});

describe('acknowledgement by DT&V (T06)', () => {
  it('marks the case and stops the alarm', () => {
    const scenario = stages.requested();
    expect(scenario.is.flags.dtvNotified).toBe(false);
    expect(scenario.send('M06', 'DTV', payloads.acknowledgement()).transitions).toEqual(['T06']);
    expect(scenario.is.flags.dtvNotified).toBe(true);
    expect(scenario.dueAt('TMR-DTV')).toBeUndefined();
  });

  it('is open again when another stay begins', () => {
    const scenario = stages.requested();
    scenario.send('M06', 'DTV', payloads.acknowledgement());
    scenario.send('M41', 'MUNICIPALITY', guidance('STARTED'));
    expect(scenario.is.flags.dtvNotified).toBe(false);
  });

  it('comes from DT&V, and after a notification', () => {
    expect(code(stages.requested().try('M06', 'IND', payloads.acknowledgement()))).toBe('NOT_ENTITLED_IN_CASE');
    const waiting = stages.answered();
    waiting.send('M04', 'MUNICIPALITY', payloads.admitted());
    expect(code(waiting.try('M06', 'DTV', payloads.acknowledgement()))).toBe('CASE_STATE_CONFLICT');
  });
});
