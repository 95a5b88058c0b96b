import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, localDateOf, startOfLocalDay } from './calendar.js';
import * as payloads from './testing/payloads.js';
import type { Scenario } from './testing/scenario.js';
import { stages } from './testing/stages.js';

/** A case whose second part is accepted at this instant. */
function deliveredAt(instant: string, policy: Readonly<Record<string, unknown>> = {}): Scenario {
  const scenario = stages.partial({ pilot: { policy } });
  scenario.at(instant).send('M09', 'DTV', payloads.dossierPart(payloads.PART.dtv));
  return scenario;
}

const periodOf = (scenario: Scenario): readonly unknown[] => [
  scenario.is.restPeriods[0]?.startsOn,
  scenario.is.restPeriods[0]?.endsOn,
  scenario.dueAt('TMR-REST'),
];

describe('rest period (T09, T16)', () => {
  it('AS-18: delivered on 5 March 2020 at 10:00, ends on 19 March at 24:00', () => {
    const scenario = deliveredAt('2020-03-05T09:00:00.000Z');
    expect(periodOf(scenario)).toEqual(['2020-03-05', '2020-03-19', '2020-03-19T23:00:00.000Z']);
    expect(scenario.emitted.at(-1)).toMatchObject({
      contract: 'M13',
      data: { event: 'STARTED', starts_on: '2020-03-05', ends_on: '2020-03-19' },
    });
  });

  it('is fourteen local days across the spring clock change of 2026', () => {
    expect(periodOf(deliveredAt('2026-03-20T09:00:00.000Z'))).toEqual([
      '2026-03-20',
      '2026-04-03',
      '2026-04-03T22:00:00.000Z',
    ]);
    expect(periodOf(deliveredAt('2026-03-29T00:59:59.000Z'))).toEqual([
      '2026-03-29',
      '2026-04-12',
      '2026-04-12T22:00:00.000Z',
    ]);
  });

  it('is fourteen local days across the autumn clock change of 2026', () => {
    expect(periodOf(deliveredAt('2026-10-15T09:00:00.000Z'))).toEqual([
      '2026-10-15',
      '2026-10-29',
      '2026-10-29T23:00:00.000Z',
    ]);
    expect(periodOf(deliveredAt('2026-10-25T00:30:00.000Z'))).toEqual([
      '2026-10-25',
      '2026-11-08',
      '2026-11-08T23:00:00.000Z',
    ]);
  });

  it('belongs to the local day, seconds before midnight and seconds after', () => {
    expect(periodOf(deliveredAt('2026-06-10T21:59:58.000Z'))[0]).toBe('2026-06-10');
    expect(periodOf(deliveredAt('2026-06-10T22:00:01.000Z'))[0]).toBe('2026-06-11');
    expect(periodOf(deliveredAt('2026-12-10T22:59:58.000Z'))).toEqual([
      '2026-12-10',
      '2026-12-24',
      '2026-12-24T23:00:00.000Z',
    ]);
    expect(periodOf(deliveredAt('2026-12-10T23:00:01.000Z'))[0]).toBe('2026-12-11');
  });

  it('always ends fourteen local days after the local day of delivery', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 * 366 * 86_400 }), (seconds) => {
        const instant = new Date(Date.parse('2024-01-01T00:00:00Z') + seconds * 1000).toISOString();
        const startsOn = localDateOf(instant);
        const endsOn = addDays(startsOn, 14);
        expect(periodOf(deliveredAt(instant))).toEqual([startsOn, endsOn, startOfLocalDay(addDays(endsOn, 1))]);
      }),
      { numRuns: 50 },
    );
  });

  it('ends on a Saturday by default, and on the next working day where the pilot chose so', () => {
    const friday = '2026-03-20T09:00:00.000Z';
    expect(periodOf(deliveredAt('2026-03-21T09:00:00.000Z'))[1]).toBe('2026-04-04');
    // Good Friday 3 April to Easter Monday 6 April are no working days.
    expect(periodOf(deliveredAt(friday, { extend_weekend: true }))[1]).toBe('2026-04-07');
  });

  it('runs until the next local midnight and not a second less', () => {
    const scenario = deliveredAt('2026-10-15T09:00:00.000Z');
    const before = scenario.is;
    expect(scenario.at('2026-10-29T22:59:59.000Z').fire('TMR-REST').transitions).toEqual([]);
    expect(scenario.is).toBe(before);
    const outcome = scenario.at('2026-10-29T23:00:00.000Z').fire('TMR-REST');
    expect(outcome.transitions).toEqual(['T16']);
    expect(outcome.emit).toEqual([
      expect.objectContaining({
        contract: 'M13',
        data: { event: 'ELAPSED', starts_on: '2026-10-15', ends_on: '2026-10-29' },
      }),
    ]);
    expect(scenario.is).toMatchObject({ state: 'SCENARIO_PREP', restPeriods: [{ status: 'ELAPSED' }] });
    expect(scenario.dueAt('TMR-REST')).toBeUndefined();
    expect(scenario.dueAt('TMR-LSO')).toBe('2026-11-27T23:00:00.000Z');
  });

  it('elapses once, also when the clock fires twice', () => {
    const scenario = stages.prepared();
    expect(scenario.fire('TMR-REST')).toMatchObject({ transitions: [], emit: [] });
    expect(scenario.is.state).toBe('SCENARIO_PREP');
  });

  it('starts an alarm of 24 hours on the delivery, which is no pause', () => {
    const scenario = deliveredAt('2026-06-10T10:00:00.000Z');
    const { restPeriods } = scenario.is;
    expect(scenario.dueAt('TMR-FETCH')).toBe('2026-06-11T10:00:00.000Z');
    expect(scenario.at('2026-06-11T10:00:00.000Z').fire('TMR-FETCH').transitions).toEqual([]);
    expect(scenario.is.restPeriods).toEqual(restPeriods);
    expect(scenario.dueAt('TMR-FETCH')).toBeUndefined();
  });
});
