import { describe, expect, it } from '@jest/globals';
import type { CaseParty } from '../../cases/case-snapshot.js';
import { concernedBySearch } from './search-record.js';

const GRO = '00000099000000000105';
const AMS = '00000099000000000101';

function found(id: string, municipality?: string): { id: string; parties: CaseParty[] } {
  const ind: CaseParty = { oin: '00000099000000000301', kind: 'IND', from: '2026-01-01', basis: 'M02' };
  const coordinator = municipality ? [{ ...ind, oin: municipality, kind: 'MUNICIPALITY', basis: 'M01' } as const] : [];
  return { id, parties: [ind, ...coordinator] };
}

describe('what a search concerns', () => {
  it('is nothing when nothing of the caller was found', () => {
    expect(concernedBySearch([])).toEqual({});
  });

  it('is the case and its municipality', () => {
    expect(concernedBySearch([found('a', GRO)])).toEqual({ caseId: 'a', municipality: GRO });
    expect(concernedBySearch([found('a')])).toEqual({ caseId: 'a' });
  });

  it('is every municipality, once, and no case in particular when there are several', () => {
    expect(concernedBySearch([found('a', GRO), found('b', GRO)])).toEqual({ municipality: GRO });
    const both = { municipality: GRO, recipients: [AMS] };
    expect(concernedBySearch([found('a', GRO), found('b', AMS), found('c', GRO)])).toEqual(both);
  });
});
