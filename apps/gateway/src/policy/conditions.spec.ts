import { describe, expect, it } from '@jest/globals';
import type { Contract, ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import {
  conditionCanHold,
  conditionHolds,
  isAzcArt64OrVbl,
  isExitClass,
  isMobOrDeparture,
  isOwnPoliceReport,
  isWrittenByMunicipality,
} from './conditions.js';

const AVIM = '00000099000000000303';

function contract(id: ContractId, senders: readonly PeerKind[]): Contract {
  return {
    id, name: 'Example', dutch: 'voorbeeld', type: 'nl.lvv.example.v1', version: 1, kind: 'NOTIFICATION',
    family: 'case-notification', senders, purposes: ['P09'], legalBases: ['LB1'],
    processingActivity: 'https://example.org/activity', caseId: 'required', routes: [],
  }; // prettier-ignore
}

describe('the named conditions', () => {
  it('15 knows the three classes of an exit and no reason', () => {
    expect(['DURABLE', 'TEMPORARY', 'OTHER', 'MOB', '', null].filter(isExitClass)).toEqual([
      'DURABLE',
      'TEMPORARY',
      'OTHER',
    ]);
  });

  it.each([
    ['MOB', true, false],
    ['RETURN', true, false],
    ['ONWARD', true, false],
    ['HASA_AZC', false, true],
    ['ART64', false, true],
    ['ART64_RECEPTION', false, true],
    ['VBL', false, true],
    ['FORCED_END', false, false],
    ['DECEASED', false, false],
  ])('16a and 16c on an exit because of %s: %s, %s', (reason, toAvim, toCoa) => {
    expect(isMobOrDeparture('M24', { reason })).toBe(toAvim);
    expect(isAzcArt64OrVbl('M24', { reason })).toBe(toCoa);
  });

  it('16a reads a confirmed departure, and no other contract or view', () => {
    expect(isMobOrDeparture('M23', { kind: 'RETURN' })).toBe(true);
    expect(isMobOrDeparture('M22', { reason: 'MOB' })).toBe(false);
    expect(isMobOrDeparture(null, { reason: 'MOB' })).toBe(false);
  });

  it('17 holds for the police about its own report alone', () => {
    const own = { contract: 'M36', sender: { oin: AVIM, kind: 'AVIM' }, readerOin: AVIM } as const;
    expect(isOwnPoliceReport(own)).toBe(true);
    expect(isOwnPoliceReport({ ...own, readerOin: '00000099000000000399' })).toBe(false);
    expect(isOwnPoliceReport({ ...own, sender: { oin: AVIM, kind: 'MUNICIPALITY' } })).toBe(false);
    expect(isOwnPoliceReport({ ...own, sender: null })).toBe(false);
  });

  it.each([
    ['M15', '/plan_steps', 'MUNICIPALITY', true],
    ['M15', '/plan_steps/*', 'MUNICIPALITY', true],
    ['M15', '/plan_steps_more', 'MUNICIPALITY', false],
    ['M15', '/sub_goal', 'MUNICIPALITY', false],
    ['M43', '/from', 'MUNICIPALITY', true],
    ['M43', '/from', 'NGO', false],
    ['M08', '/procedures/*/type', 'IND', false],
    ['M09', '/return_options', 'DTV', false],
    ['M22', '/event', 'IND', false],
  ] as const)('M on %s %s of %s: %s', (id, pointer, kind, expected) => {
    expect(isWrittenByMunicipality(id, { kind }, pointer)).toBe(expected);
    expect(conditionCanHold('M', pointer, contract(id, [kind]))).toBe(expected);
  });
});

describe('conditionHolds', () => {
  it('never holds where conditionCanHold says that it cannot', () => {
    const senders = ['MUNICIPALITY', 'AVIM', 'IND'] as const;
    for (const id of ['M08', 'M15', 'M23', 'M24', 'M36', 'M43'] as const) {
      for (const kind of senders) {
        for (const condition of ['16a', '16c', '17', 'M'] as const) {
          for (const data of [{ reason: 'MOB' }, { reason: 'VBL' }, { kind: 'RETURN' }]) {
            const context = { contract: id, sender: { oin: AVIM, kind }, readerOin: AVIM };
            const holds = conditionHolds(condition, '/plan_steps', data, context);
            if (holds)
              expect([id, condition, conditionCanHold(condition, '/plan_steps', contract(id, [kind]))]).toEqual([
                id,
                condition,
                true,
              ]);
          }
        }
      }
    }
  });
});
