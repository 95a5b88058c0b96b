import { describe, expect, it } from '@jest/globals';
import type { Contract } from '#contracts/contract.js';
import { allowedPurposes, purposeProblems } from './purpose-check.js';

const ACTIVITY = 'https://register.example/verwerkingen/1';

function contract(change: Partial<Contract>): Contract {
  return {
    id: 'M08',
    name: 'IndDossierPart',
    dutch: 'dossierdeel IND',
    type: 'nl.lvv.ind-dossier-part.v1',
    version: 1,
    kind: 'RESPONSE',
    family: 'dossier-part',
    senders: ['IND'],
    purposes: ['P03'],
    legalBases: ['LB2'],
    processingActivity: ACTIVITY,
    caseId: 'required',
    routes: [{ to: 'MUNICIPALITY', purpose: 'P03', when: 'ALWAYS' }],
    ...change,
  };
}

const M08 = contract({});
const M17 = contract({
  id: 'M17',
  type: 'nl.lvv.cooperation-review.v1',
  routes: [{ to: 'IND', purpose: 'P06', when: 'ALWAYS' }],
});
const CATALOGUE = [M08, M17];
const use = (purpose: 'P03' | 'P04' | 'P05' | 'P01') => ({ purpose, processingActivity: ACTIVITY });

describe('purposeProblems', () => {
  it('finds nothing when every routed contract has a purpose of its route', () => {
    expect(purposeProblems('MUNICIPALITY', { [M08.type]: use('P03') }, CATALOGUE)).toEqual([]);
  });

  it('names a contract that may come without a purpose to fetch it for', () => {
    const [problem] = purposeProblems('MUNICIPALITY', {}, CATALOGUE);
    expect(problem?.cause).toContain('M08 nl.lvv.ind-dossier-part.v1');
    expect(problem?.nextStep).toContain('P03, P04, P05, P06');
  });

  it.each(['P04', 'P05'] as const)('accepts %s, which may follow on the purpose of the route', (purpose) => {
    expect(purposeProblems('MUNICIPALITY', { [M08.type]: use(purpose) }, CATALOGUE)).toEqual([]);
  });

  it('refuses a purpose that no route nor successor allows', () => {
    const [problem] = purposeProblems('MUNICIPALITY', { [M08.type]: use('P01') }, CATALOGUE);
    expect(problem?.cause).toContain('purpose P01');
  });

  it('refuses a contract that this kind of peer neither gets nor sends, and one that does not exist', () => {
    const uses = { [M08.type]: use('P03'), [M17.type]: use('P03'), 'nl.lvv.made-up.v1': use('P03') };
    const causes = purposeProblems('MUNICIPALITY', uses, CATALOGUE).map(({ cause }) => cause);
    expect(causes).toEqual([expect.stringContaining('made-up'), expect.stringContaining('M17')]);
  });

  it('lets a sender name a purpose for what it only sends', () => {
    expect(
      purposeProblems(
        'IND',
        { [M17.type]: { purpose: 'P06', processingActivity: ACTIVITY }, [M08.type]: use('P03') },
        CATALOGUE,
      ),
    ).toEqual([]);
  });
});

describe('allowedPurposes', () => {
  it('is empty for a contract that never comes to this kind', () => {
    expect(allowedPurposes('NGO', M08)).toEqual([]);
  });
});
