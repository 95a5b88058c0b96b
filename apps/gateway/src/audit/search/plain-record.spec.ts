import { describe, expect, it } from '@jest/globals';
import { shownTo, type PlainRecord } from './plain-record.js';

const MUNICIPALITY = '00000099000000000105';
const IND = '00000099000000000301';
const DTV = '00000099000000000302';

const record: PlainRecord = {
  version: 1,
  id: '018f3a5c-7e00-7000-8000-000000000001',
  at: '2026-11-22T10:11:12.345Z',
  kind: 'ADMIN',
  action: 'grant.give',
  peer: { oin: MUNICIPALITY, kind: 'MUNICIPALITY', thumbprint: 'a'.repeat(64) },
  userReference: 'gro-medewerker-1',
  legalBases: [],
  subjects: [],
  decision: { outcome: 'permit', reasons: [] },
  fieldGroups: { released: [], withheld: [] },
  recipients: [IND],
  details: { grantId: 'g-1', userReference: 'ind-medewerker-7' },
};

describe('a record as an officer sees it', () => {
  it("shows each employee to the employer's officer alone: who asked, and who was given access", () => {
    const toMunicipality = shownTo(MUNICIPALITY, record);
    expect(toMunicipality.hidden).toEqual(['/details/userReference']);
    expect(toMunicipality.record).toMatchObject({ userReference: 'gro-medewerker-1', details: { grantId: 'g-1' } });
    expect(JSON.stringify(toMunicipality)).not.toContain('ind-medewerker-7');
    const toMember = shownTo(IND, record);
    expect(toMember.hidden).toEqual(['/userReference']);
    expect(toMember.record.details).toEqual(record.details);
    expect(JSON.stringify(toMember)).not.toContain('gro-medewerker-1');
    const toOther = shownTo(DTV, record);
    expect(toOther.hidden).toEqual(['/userReference', '/details/userReference']);
    expect(JSON.stringify(toOther)).not.toContain('medewerker');
  });

  it('shows the personal certificate of an officer to the own organisation alone, that of a system to all', () => {
    const { userReference: _none, details: _nothing, ...plain } = record;
    const byOfficer = { ...plain, peer: { oin: IND, officer: 'FG', thumbprint: 'b'.repeat(64) } };
    expect(shownTo(MUNICIPALITY, byOfficer).hidden).toEqual(['/peer/thumbprint']);
    expect(shownTo(MUNICIPALITY, byOfficer).record.peer).toEqual({ oin: IND, officer: 'FG' });
    expect(shownTo(IND, byOfficer)).toEqual({ record: byOfficer, hidden: [] });
    expect(shownTo(DTV, plain)).toEqual({ record: plain, hidden: [] });
  });
});
