import { describe, expect, it } from '@jest/globals';
import { CASE_STATES, PURPOSES, type CaseState, type PurposeCode } from '#contracts/domain.js';
import { loadPolicy } from './load-policy.js';
import { purposeEnded, type PurposeFacts } from './purpose-ended.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');
const flags = { dtvNotified: true, outOfCovenant: false, provisionalIdentity: false, dossierUnderCorrection: false };
const admission = { outcome: 'ADMITTED', decidedAt: '2020-03-01T10:00:00Z' } as const;
const delivered = { id: 'd', requestedAt: '2020-03-01T10:00:00Z', deliveredAt: '2020-03-05T09:00:00Z' };
const stay = { stayId: 's', kind: 'SHELTER', startedOn: '2020-03-01', dtvNotificationId: 'n' } as const;

function open(facts: Partial<PurposeFacts>): PurposeCode[] {
  const all = { state: 'APPLIED' as CaseState, admission: null, dossier: null, stays: [], flags, ...facts };
  return PURPOSES.filter((purpose) => !purposeEnded(policy, purpose, all));
}

describe('purposeEnded', () => {
  it('leaves every purpose open for a new application', () => {
    expect(open({})).toEqual([...PURPOSES]);
  });

  it('closes the admission check once there is a decision', () => {
    expect(open({ state: 'ADMITTED', admission })).not.toContain('P01');
  });

  it('closes the dossier once it is delivered, and opens it again for a withdrawn or corrected part', () => {
    expect(open({ state: 'REST_PERIOD', dossier: delivered })).not.toContain('P03');
    expect(open({ state: 'DOSSIER_PARTIAL', dossier: delivered })).toContain('P03');
    expect(
      open({ state: 'SCENARIO_PREP', dossier: delivered, flags: { ...flags, dossierUnderCorrection: true } }),
    ).toContain('P03');
    expect(open({ state: 'DOSSIER_PARTIAL', dossier: { id: 'd', requestedAt: delivered.requestedAt } })).toContain(
      'P03',
    );
  });

  it('closes the scenario purpose while the resident is in the trajectory and opens it for a revision', () => {
    expect(open({ state: 'IN_TRAJECTORY', admission, dossier: delivered })).not.toContain('P04');
    expect(open({ state: 'SCENARIO_OFFERED', admission, dossier: delivered })).toContain('P04');
  });

  it('keeps only exit, incident and what is outside the case after an exit', () => {
    expect(open({ state: 'EXITED', admission, dossier: delivered })).toEqual([
      'P09',
      'P10',
      'P11',
      'P12',
      'P13',
      'P14',
    ]);
  });

  it('keeps DT&V informed of a refused applicant as long as an emergency bed is open', () => {
    expect(open({ state: 'REFUSED', admission, stays: [stay] })).toContain('P02');
    expect(open({ state: 'REFUSED', admission })).not.toContain('P02');
  });

  it.each(['CLOSED', 'VOIDED'] as const)('leaves figures, rights and security alone for a case that is %s', (state) => {
    expect(open({ state })).toEqual(['P10', 'P11', 'P12', 'P13']);
  });

  it('never ends data-subject rights', () => {
    for (const state of CASE_STATES) expect(open({ state })).toContain('P12');
  });
});
