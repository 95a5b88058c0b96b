import { describe, expect, it } from '@jest/globals';
import type { Contract, PropertyRule } from '#contracts/contract.js';
import type { FieldGroup } from '#contracts/domain.js';
import { decideCase, decideContent, follows, type ContentRequest } from './decide.js';
import { loadPolicy } from './load-policy.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');
const contract: Contract = {
  id: 'M08', name: 'IndDossierPart', dutch: 'dossierdeel IND', type: 'nl.lvv.ind-dossier-part.v1', version: 1,
  kind: 'RESPONSE', family: 'dossier-part', senders: ['IND'], purposes: ['P03'], legalBases: ['LB2'],
  processingActivity: 'https://example.org/activity', caseId: 'required',
  routes: [{ to: 'MUNICIPALITY', purpose: 'P03', when: 'ALWAYS' }],
}; // prettier-ignore

function rule(pointer: string, group: FieldGroup, more: Partial<PropertyRule> = {}): PropertyRule {
  return { pointer, group, class: 'S', levels: {}, values: {}, ...more };
}
const rules = [
  rule('/part_id', 'FG00'),
  rule('/v_number', 'FG02'),
  rule('/residence_status', 'FG11', { values: { ART64: { group: 'FG20', class: 'SC' } } }),
  rule('/entry_ban', 'FG09', { levels: { m: { members: ['exists'] } } }),
  rule('/declared_undesirable', 'FG09', { levels: { m: 'keep' } }),
];
const request: ContentRequest = { readerKind: 'MUNICIPALITY', purpose: 'P03', messagePurpose: 'P03', contract, rules };
const facts = {
  state: 'DOSSIER_REQUESTED', admission: null, dossier: null, stays: [],
  flags: { dtvNotified: true, outOfCovenant: false, provisionalIdentity: false, dossierUnderCorrection: false },
} as const; // prettier-ignore

describe('decideContent', () => {
  it('permits the purpose of the message and names what is released and withheld', () => {
    expect(decideContent(policy, request)).toMatchObject({
      permit: true,
      role: 'MC',
      purpose: 'P03',
      policyVersion: '2026.1',
      released: ['FG00', 'FG02', 'FG09', 'FG11', 'FG20'],
      withheld: [],
    });
  });

  it('permits a successor with the row of that purpose, and art. 64 withheld takes its property along', () => {
    const decision = decideContent(policy, { ...request, purpose: 'P06' });
    expect(decision).toMatchObject({ permit: true, released: ['FG00'], withheld: ['FG02', 'FG09', 'FG11', 'FG20'] });
    expect(decision.reasons[0]).toBe('P06 follows from P03');
  });

  it('withholds the group of a property all of whose rules wait for a withheld value', () => {
    const decision = decideContent(policy, { ...request, readerKind: 'DTV', purpose: 'P04' });
    expect(decision).toMatchObject({ released: ['FG00', 'FG02'], withheld: ['FG09', 'FG11', 'FG20'] });
  });

  it('does not count a group as released whose parent is withheld', () => {
    const nested = [
      rule('/ban', 'FG09', { levels: { m: { members: ['on'] } } }),
      rule('/ban/on', 'FG01'),
      rule('/ban/v', 'FG02'),
    ];
    expect(decideContent(policy, { ...request, rules: nested })).toMatchObject({
      released: ['FG01', 'FG09'],
      withheld: ['FG02'],
    });
  });

  it('counts a release whose condition this contract can never meet as withheld', () => {
    const steps = [rule('/plan_steps', 'FG14', { levels: { m: 'keep' } })];
    const ngo = { ...request, readerKind: 'NGO', purpose: 'P04', messagePurpose: 'P04', rules: steps } as const;
    expect(decideContent(policy, ngo)).toMatchObject({ released: [], withheld: ['FG14'] });
    const m15: Contract = { ...contract, id: 'M15', senders: ['MUNICIPALITY'] };
    expect(decideContent(policy, { ...ngo, contract: m15 })).toMatchObject({ released: ['FG14'], withheld: [] });
  });

  it.each([
    ['no purpose', { purpose: undefined }, 'PURPOSE_REQUIRED'],
    ['a purpose that does not follow', { purpose: 'P09' }, 'PURPOSE_NOT_ALLOWED'],
    ['a purpose that goes back', { purpose: 'P03', messagePurpose: 'P04' }, 'PURPOSE_NOT_ALLOWED'],
    ['a successor without a row for this kind', { readerKind: 'COA', purpose: 'P04' }, 'PURPOSE_NOT_ALLOWED'],
    ['a kind without a role', { readerKind: 'CONSOLE' }, 'PURPOSE_NOT_ALLOWED'],
    ['a successor that had ended', { purpose: 'P04', endedPurposes: ['P04'] }, 'PURPOSE_ENDED'],
  ] as const)('refuses %s', (_what, change, code) => {
    expect(decideContent(policy, { ...request, ...change })).toMatchObject({
      permit: false,
      code,
      policyVersion: '2026.1',
    });
  });

  it('keeps a message readable for its own purpose after that has ended', () => {
    expect(decideContent(policy, { ...request, endedPurposes: ['P03'] }).permit).toBe(true);
  });
});

describe('decideCase', () => {
  const view = [rule('/state', 'FG01', { levels: { m: 'keep' } }), rule('/v_number', 'FG02')];

  it('releases the row of the reader for an open purpose', () => {
    const decision = decideCase(policy, { readerKind: 'NGO', purpose: 'P03', rules: view, facts });
    expect(decision).toMatchObject({ permit: true, role: 'NG', released: ['FG01'], withheld: ['FG02'] });
  });

  it.each([
    ['no purpose', { purpose: undefined }, 'PURPOSE_REQUIRED'],
    ['a purpose without a row', { readerKind: 'NGO', purpose: 'P02' }, 'PURPOSE_NOT_ALLOWED'],
    ['a purpose that has ended', { facts: { ...facts, state: 'EXITED' } }, 'PURPOSE_ENDED'],
  ] as const)('refuses %s', (_what, change, code) => {
    const base = { readerKind: 'IND', purpose: 'P03', rules: view, facts } as const;
    expect(decideCase(policy, base).permit).toBe(true);
    expect(decideCase(policy, { ...base, ...change })).toMatchObject({ permit: false, code });
  });
});

describe('follows', () => {
  it('is transitive, and neither reflexive nor symmetric', () => {
    expect(follows(policy, 'P03', 'P05')).toBe(true);
    expect(follows(policy, 'P03', 'P03')).toBe(false);
    expect(follows(policy, 'P05', 'P03')).toBe(false);
    expect(follows(policy, 'P05', 'P06')).toBe(false);
  });
});
