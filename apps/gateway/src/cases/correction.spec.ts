import { describe, expect, it } from '@jest/globals';
import type { CaseState } from '#contracts/domain.js';
import * as payloads from './testing/payloads.js';
import type { Scenario } from './testing/scenario.js';
import { stages } from './testing/stages.js';

const code = (outcome: { ok: boolean; code?: string }): string | undefined => outcome.code;

/** A case with a scenario: the messages that lead there are not part of this table yet. */
function withScenario(state: CaseState): Scenario {
  const scenario = stages.prepared();
  scenario.snapshot = { ...scenario.is, state };
  return scenario;
}

describe('rejection of a part (T11, T11b)', () => {
  it.each(['WRONG_PERSON', 'UNREADABLE', 'INCOMPLETE'])(
    'goes back to the request on %s, and the alarm runs on from it',
    (reason) => {
      const scenario = stages.partial();
      scenario.at('2026-03-05T09:00:00.000Z');
      const outcome = scenario.send('M40', 'MUNICIPALITY', payloads.rejection(scenario.part('IND'), reason));
      expect(outcome).toMatchObject({
        transitions: ['T11'],
        next: { state: 'DOSSIER_REQUESTED', parts: [{ status: 'REJECTED' }] },
      });
      expect(scenario.dueAt('TMR-DOS-IND')).toBe('2026-03-16T23:00:00.000Z');
      expect(scenario.send('M08', 'IND', payloads.dossierPart(payloads.PART.ind)).transitions).toEqual(['T08']);
    },
  );

  it('takes a delivered part of the wrong person back, and with it the rest period', () => {
    const scenario = stages.resting();
    scenario.at('2026-03-05T09:00:00.000Z');
    const outcome = scenario.send('M40', 'MUNICIPALITY', payloads.rejection(scenario.part('IND'), 'WRONG_PERSON'));
    expect(outcome).toMatchObject({
      transitions: ['T11b'],
      next: { state: 'DOSSIER_PARTIAL', restPeriods: [{ status: 'VOIDED' }] },
    });
    expect(outcome.emit).toEqual([
      expect.objectContaining({
        contract: 'M13',
        data: { event: 'VOIDED', starts_on: '2026-03-02', ends_on: '2026-03-16', reason: 'WRONG_PERSON' },
      }),
    ]);
    expect(scenario.is.timers.map((timer) => timer.kind).toSorted()).toEqual(['TMR-DOS-IND', 'TMR-DTV']);
    expect(scenario.is.dossier).not.toHaveProperty('deliveredAt');
    expect(scenario.dueAt('TMR-DOS-IND')).toBe('2026-03-19T23:00:00.000Z');
  });

  it('voids an elapsed rest period too while no scenario rests on it', () => {
    const scenario = stages.prepared();
    const outcome = scenario.send('M40', 'MUNICIPALITY', payloads.rejection(scenario.part('DTV'), 'WRONG_PERSON'));
    expect(outcome).toMatchObject({
      transitions: ['T11b'],
      next: { state: 'DOSSIER_PARTIAL', restPeriods: [{ status: 'VOIDED' }] },
    });
    expect(scenario.dueAt('TMR-LSO')).toBeUndefined();
  });

  it('puts the wrong person to the LSO once there is a scenario', () => {
    const scenario = withScenario('IN_TRAJECTORY');
    const outcome = scenario.send('M40', 'MUNICIPALITY', payloads.rejection(scenario.part('IND'), 'WRONG_PERSON'));
    expect(outcome).toMatchObject({
      transitions: ['T11b'],
      emit: [],
      next: { state: 'IN_TRAJECTORY', flags: { dossierUnderCorrection: true }, restPeriods: [{ status: 'ELAPSED' }] },
    });
  });

  it('moves nothing on a technical fault after delivery, nor on a receipt', () => {
    const scenario = stages.resting();
    const before = scenario.is;
    const target = scenario.part('IND');
    const data = [
      payloads.rejection(target, 'UNREADABLE'),
      payloads.receipt(target, 'RECEIVED'),
      payloads.receipt(target, 'ACCEPTED'),
    ];
    for (const one of data) expect(scenario.send('M40', 'MUNICIPALITY', one).transitions).toEqual([]);
    expect(scenario.send('M40', 'IND', payloads.rejection(scenario.part('DTV'), 'WRONG_PERSON')).transitions).toEqual(
      [],
    );
    expect(scenario.is).toEqual(before);
  });

  it('moves nothing when it is about a version that was replaced', () => {
    const scenario = stages.partial();
    const first = scenario.part('IND');
    scenario.send('M08', 'IND', payloads.dossierPart(payloads.PART.ind, { part_version: 2 }));
    expect(scenario.send('M40', 'MUNICIPALITY', payloads.rejection(first, 'UNREADABLE')).transitions).toEqual([]);
    expect(scenario.is.state).toBe('DOSSIER_PARTIAL');
  });

  it('refuses a target that is not of this case', () => {
    const scenario = stages.partial();
    const data = payloads.rejection(payloads.NO_SUCH_MESSAGE, 'UNREADABLE');
    expect(code(scenario.try('M40', 'MUNICIPALITY', data))).toBe('TARGET_NOT_FOUND');
    expect(code(scenario.try('M29', 'IND', payloads.notice(payloads.NO_SUCH_MESSAGE)))).toBe('TARGET_NOT_FOUND');
  });
});

describe('withdrawal of a part (T12, T12b)', () => {
  it('AS-23: voids the rest period, and a re-delivery gives a new one of fourteen days', () => {
    const scenario = stages.resting();
    scenario.at('2026-03-10T09:00:00.000Z');
    const outcome = scenario.send('M29', 'DTV', payloads.notice(scenario.part('DTV')));
    expect(outcome).toMatchObject({ transitions: ['T12'], next: { state: 'DOSSIER_PARTIAL' } });
    expect(outcome.emit).toEqual([
      expect.objectContaining({
        contract: 'M13',
        data: expect.objectContaining({ event: 'VOIDED', reason: 'PART_WITHDRAWN' }),
      }),
    ]);
    expect(scenario.dueAt('TMR-REST')).toBeUndefined();
    expect(scenario.dueAt('TMR-DOS-DTV')).toBe('2026-03-24T23:00:00.000Z');
    scenario.at('2026-03-12T09:00:00.000Z');
    expect(
      scenario.send('M09', 'DTV', payloads.dossierPart(payloads.PART.dtv, { part_version: 2 })).transitions,
    ).toEqual(['T09']);
    expect(scenario.is.restPeriods.map(({ startsOn, endsOn, status }) => [startsOn, endsOn, status])).toEqual([
      ['2026-03-02', '2026-03-16', 'VOIDED'],
      ['2026-03-12', '2026-03-26', 'RUNNING'],
    ]);
  });

  it('goes back to the request when the only part is withdrawn', () => {
    const scenario = stages.partial();
    const outcome = scenario.send('M29', 'IND', payloads.notice(scenario.part('IND')));
    expect(outcome).toMatchObject({ transitions: ['T12'], emit: [], next: { state: 'DOSSIER_REQUESTED' } });
  });

  it.each(['SCENARIO_PREP', 'IN_TRAJECTORY'] as const)('marks the dossier in %s and takes nothing back', (state) => {
    const scenario = withScenario(state);
    const outcome = scenario.send('M29', 'IND', payloads.notice(scenario.part('IND')));
    expect(outcome).toMatchObject({
      transitions: ['T12b'],
      emit: [],
      next: { state, flags: { dossierUnderCorrection: true } },
    });
    const again = scenario.send('M08', 'IND', payloads.dossierPart(payloads.PART.ind, { part_version: 2 }));
    expect(again).toMatchObject({ transitions: [], emit: [], next: { state } });
  });

  it('belongs to the author of the part', () => {
    const scenario = stages.resting();
    expect(code(scenario.try('M29', 'IND', payloads.notice(scenario.part('DTV'))))).toBe('NOT_ENTITLED_IN_CASE');
    expect(code(scenario.try('M29', 'MUNICIPALITY', payloads.notice(scenario.part('DTV'))))).toBe(
      'NOT_ENTITLED_IN_CASE',
    );
    expect(code(scenario.try('M28', 'MUNICIPALITY', payloads.notice(scenario.part('DTV'))))).toBe(
      'NOT_ENTITLED_IN_CASE',
    );
  });
});

describe('correction of a part (T13-T15)', () => {
  it('AS-24: changes nothing when it is not material', () => {
    const scenario = stages.resting();
    const before = scenario.is;
    const outcome = scenario.send('M28', 'IND', payloads.notice(scenario.part('IND'), { material: false }));
    expect(outcome).toMatchObject({ transitions: ['T13'], emit: [] });
    expect(scenario.is).toEqual(before);
  });

  it('AS-25: keeps the rest period running when it is material', () => {
    const scenario = stages.resting();
    const before = scenario.is;
    const outcome = scenario.send('M28', 'IND', payloads.notice(scenario.part('IND'), { material: true }));
    expect(outcome).toMatchObject({ transitions: ['T14'], emit: [] });
    expect(scenario.is).toEqual(before);
  });

  it.each(['SCENARIO_PREP', 'IN_TRAJECTORY'] as const)(
    'AS-26: marks the dossier in %s when it is material',
    (state) => {
      const scenario = withScenario(state);
      const outcome = scenario.send('M28', 'IND', payloads.notice(scenario.part('IND'), { material: true }));
      expect(outcome).toMatchObject({ transitions: ['T15'], next: { state, flags: { dossierUnderCorrection: true } } });
    },
  );

  it('AS-26: marks the dossier also when the new version came before the notice', () => {
    const scenario = withScenario('IN_TRAJECTORY');
    const first = scenario.part('IND');
    scenario.send('M08', 'IND', payloads.dossierPart(payloads.PART.ind, { part_version: 2 }));
    const outcome = scenario.send('M28', 'IND', payloads.notice(first, { material: true }));
    expect(outcome.transitions).toEqual(['T15']);
  });

  it('moves nothing before delivery, nor about another message', () => {
    const partial = stages.partial();
    expect(partial.send('M28', 'IND', payloads.notice(partial.part('IND'), { material: true })).transitions).toEqual(
      [],
    );
    const scenario = stages.prepared();
    const answer = [...scenario.messages.values()].find((message) => message.contract === 'M03')?.messageId ?? '';
    expect(scenario.send('M28', 'IND', payloads.notice(answer, { material: true })).transitions).toEqual([]);
    expect(scenario.is.flags.dossierUnderCorrection).toBe(false);
  });

  it('confirms a purge without moving the case (M30)', () => {
    const scenario = stages.resting();
    const target = scenario.part('DTV');
    scenario.send('M29', 'DTV', payloads.notice(target));
    const before = scenario.is;
    expect(
      scenario.send('M30', 'MUNICIPALITY', { target_message_id: target, purged_at: scenario.now, scope: 'ALL' }),
    ).toMatchObject({
      transitions: [],
      next: before,
    });
  });
});
