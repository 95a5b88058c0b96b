import { describe, expect, it } from '@jest/globals';
import { EXAMPLES } from '#contracts/generated/examples.js';
import * as payloads from './testing/payloads.js';
import { stages } from './testing/stages.js';

const code = (outcome: { ok: boolean; code?: string }): string | undefined => outcome.code;

describe('dossier request (T07)', () => {
  it('makes both suppliers parties and starts an alarm of ten working days for each', () => {
    const scenario = stages.answered();
    scenario.send('M04', 'MUNICIPALITY', payloads.admitted());
    expect(scenario.is.parties.map((party) => [party.kind, party.basis])).toEqual([
      ['MUNICIPALITY', 'M01'],
      ['IND', 'M07'],
      ['COA', 'M02'],
      ['DTV', 'M07'],
    ]);
    expect(scenario.dueAt('TMR-DOS-IND')).toBe('2026-03-16T23:00:00.000Z');
    expect(scenario.dueAt('TMR-DOS-DTV')).toBe('2026-03-16T23:00:00.000Z');
  });

  it('asks the supplements that the pilot wants at intake, AVIM only on a configured basis', () => {
    const partsAsked = (routeBases: ReadonlySet<string>): readonly string[] => {
      const scenario = stages.answered({ pilot: { policy: { dossier_supplements: ['COA', 'AVIM'] } } });
      scenario.routeBases = routeBases;
      scenario.send('M04', 'MUNICIPALITY', payloads.admitted());
      return scenario.is.parties.filter((party) => party.basis === 'M07').map((party) => party.kind);
    };
    expect(partsAsked(new Set()).toSorted()).toEqual(['COA', 'DTV', 'IND']);
    expect(partsAsked(new Set(['M07:AVIM'])).toSorted()).toEqual(['AVIM', 'COA', 'DTV', 'IND']);
  });

  it('takes no second request for the mandatory parts, and none for one of them alone', () => {
    const request = payloads.dossierRequest(['IND', 'DTV']);
    expect(code(stages.requested().try('M07', 'MUNICIPALITY', request))).toBe('CASE_STATE_CONFLICT');
    const held = stages.answered();
    held.pilot = { ...held.pilot, covenantId: null };
    held.snapshot = { ...held.is, state: 'ADMITTED' };
    held.pilot = { ...held.pilot, covenantId: 'LVV-AMS-RENEWED' };
    expect(code(held.try('M07', 'MUNICIPALITY', payloads.dossierRequest(['IND'])))).toBe('CASE_STATE_CONFLICT');
    const other = payloads.dossierRequest(['IND', 'DTV'], { v_number: payloads.OTHER_V_NUMBER });
    expect(code(held.try('M07', 'MUNICIPALITY', other))).toBe('IDENTITY_MISMATCH');
    expect(held.send('M07', 'MUNICIPALITY', request).transitions).toEqual(['T07']);
  });

  it('asks a supplement at any time after it, without moving the case', () => {
    const scenario = stages.resting();
    const outcome = scenario.send('M07', 'MUNICIPALITY', payloads.dossierRequest(['COA']));
    expect(outcome).toMatchObject({ transitions: [], next: { state: 'REST_PERIOD' } });
    expect(scenario.is.parties.find((party) => party.kind === 'COA')?.basis).toBe('M07');
  });
});

describe('dossier parts (T08, T09)', () => {
  it('AS-17: one part alone starts no rest period and leaves the other outstanding', () => {
    for (const [contract, sender, left] of [
      ['M08', 'IND', 'TMR-DOS-DTV'],
      ['M09', 'DTV', 'TMR-DOS-IND'],
    ] as const) {
      const scenario = stages.requested();
      const outcome = scenario.send(contract, sender, payloads.dossierPart(payloads.PART.another));
      expect(outcome).toMatchObject({
        transitions: ['T08'],
        emit: [],
        next: { state: 'DOSSIER_PARTIAL', restPeriods: [] },
      });
      expect(scenario.is.timers.map((timer) => timer.kind).filter((kind) => kind.startsWith('TMR-DOS'))).toEqual([
        left,
      ]);
    }
  });

  it('INV-2: the second part delivers the dossier, whichever came first', () => {
    const scenario = stages.requested();
    scenario.send('M09', 'DTV', payloads.dossierPart(payloads.PART.dtv));
    const outcome = scenario.send('M08', 'IND', payloads.dossierPart(payloads.PART.ind));
    expect(outcome.transitions).toEqual(['T09']);
    expect(outcome.emit.map((message) => message.contract)).toEqual(['M12', 'M13']);
    expect(outcome.emit[0]?.data).toEqual({
      dossier_id: scenario.is.dossier?.id,
      delivered_on: '2026-03-02',
      parts: [
        { supplier: 'DTV', version: 1, as_of: '2026-03-01T08:00:00Z' },
        { supplier: 'IND', version: 1, as_of: '2026-03-01T08:00:00Z' },
      ],
    });
    expect(scenario.is.dossier?.deliveredAt).toBe(scenario.now);
  });

  it('takes the answer that there is no file for that part, like a full part', () => {
    const scenario = stages.requested();
    const full = EXAMPLES.M08?.find((example) => (example as { part_status: string }).part_status === 'COMPLETE');
    scenario.send('M08', 'IND', { ...(full as object), v_number: payloads.V_NUMBER });
    scenario.send('M09', 'DTV', payloads.dossierPart(payloads.PART.dtv, { part_status: 'NO_FILE' }));
    expect(scenario.is.state).toBe('REST_PERIOD');
  });

  it('AS-21: takes a part once; the same part again is refused and starts nothing', () => {
    const scenario = stages.partial();
    const before = scenario.is;
    expect(code(scenario.try('M08', 'IND', payloads.dossierPart(payloads.PART.ind)))).toBe('PART_ALREADY_ACCEPTED');
    expect(code(scenario.try('M08', 'IND', payloads.dossierPart(payloads.PART.another)))).toBe('PART_ALREADY_ACCEPTED');
    expect(scenario.is).toBe(before);
  });

  it('INV-2: two versions of one part are not two parts', () => {
    const scenario = stages.partial();
    scenario.send('M08', 'IND', payloads.dossierPart(payloads.PART.ind, { part_version: 2 }));
    expect(scenario.is.state).toBe('DOSSIER_PARTIAL');
    expect(scenario.is.parts.map((part) => [part.partVersion, part.status])).toEqual([
      [1, 'SUPERSEDED'],
      [2, 'ACCEPTED'],
    ]);
    expect(code(scenario.try('M08', 'IND', payloads.dossierPart(payloads.PART.ind)))).toBe('PART_ALREADY_ACCEPTED');
  });

  it('refuses a part about another V-number (domain 2.5, T11)', () => {
    const scenario = stages.requested();
    const other = payloads.dossierPart(payloads.PART.ind, { v_number: payloads.OTHER_V_NUMBER });
    expect(code(scenario.try('M08', 'IND', other))).toBe('IDENTITY_MISMATCH');
  });

  it('INV-10: takes each part from its own supplier', () => {
    const scenario = stages.requested();
    expect(code(scenario.try('M08', 'DTV', payloads.dossierPart(payloads.PART.another)))).toBe('NOT_ENTITLED_IN_CASE');
    expect(code(scenario.try('M09', 'IND', payloads.dossierPart(payloads.PART.another)))).toBe('NOT_ENTITLED_IN_CASE');
    expect(code(scenario.try('M09', 'MUNICIPALITY', payloads.dossierPart(payloads.PART.another)))).toBe(
      'NOT_ENTITLED_IN_CASE',
    );
  });

  it('takes no part before the dossier is requested', () => {
    expect(code(stages.answered().try('M08', 'IND', payloads.dossierPart(payloads.PART.another)))).toBe(
      'CASE_STATE_CONFLICT',
    );
  });

  it('AS-24: takes a higher version later without touching the rest period', () => {
    const scenario = stages.resting();
    const before = scenario.is;
    scenario.at('2026-03-08T09:00:00.000Z');
    const outcome = scenario.send('M08', 'IND', payloads.dossierPart(payloads.PART.ind, { part_version: 2 }));
    expect(outcome).toMatchObject({ transitions: [], emit: [] });
    expect(scenario.is.restPeriods).toEqual(before.restPeriods);
    expect(scenario.is.timers).toEqual(before.timers);
    expect(scenario.is.dossier).toEqual(before.dossier);
  });
});

describe('supplements (T10)', () => {
  it('AS-20: never gate, neither by coming nor by staying away', () => {
    const scenario = stages.requested();
    scenario.send('M07', 'MUNICIPALITY', payloads.dossierRequest(['COA']));
    expect(scenario.send('M11', 'COA', payloads.receptionHistory())).toMatchObject({
      transitions: ['T10'],
      next: { state: 'DOSSIER_REQUESTED' },
    });
    scenario.send('M08', 'IND', payloads.dossierPart(payloads.PART.ind));
    scenario.send('M09', 'DTV', payloads.dossierPart(payloads.PART.dtv));
    scenario.at(scenario.dueAt('TMR-REST') ?? '').fire('TMR-REST');
    expect(scenario.is.state).toBe('SCENARIO_PREP');
    expect(scenario.send('M11', 'COA', payloads.receptionHistory())).toMatchObject({
      transitions: ['T10'],
      next: { state: 'SCENARIO_PREP' },
    });
  });

  it('are refused from who was not asked for one', () => {
    const scenario = stages.requested();
    expect(code(scenario.try('M11', 'COA', payloads.receptionHistory()))).toBe('NOT_ENTITLED_IN_CASE');
    expect(code(scenario.try('M10', 'AVIM', payloads.avimSupplement()))).toBe('NOT_ENTITLED_IN_CASE');
  });
});
