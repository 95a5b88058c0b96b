import { describe, expect, it } from '@jest/globals';
import type { PeerKind } from '#contracts/domain.js';
import type { PlainRecord } from '../search/plain-record.js';
import { reportEntry, type Surroundings } from './report-entry.js';

const OIN = {
  gateway: '00000099000000000001',
  ams: '00000099000000000101',
  rot: '00000099000000000102',
  ngo: '00000099000000000201',
  stranger: '00000099000000000202',
  ind: '00000099000000000301',
  avim: '00000099000000000303',
} as const;
const KINDS: Readonly<Record<string, PeerKind>> = {
  [OIN.gateway]: 'GATEWAY',
  [OIN.ams]: 'MUNICIPALITY',
  [OIN.rot]: 'MUNICIPALITY',
  [OIN.ngo]: 'NGO',
  [OIN.stranger]: 'NGO',
  [OIN.ind]: 'IND',
  [OIN.avim]: 'AVIM',
};
const DOSSIER = 'https://ketenpoort.example/verwerkingen/dossier';
const POLICE = 'https://ketenpoort.example/verwerkingen/dossier-avim';

const around: Surroundings = {
  kindOf: (oin) => KINDS[oin],
  police: OIN.avim,
  parties: new Set([OIN.ams, OIN.ngo, OIN.ind, OIN.avim]),
  municipalityOf: (caseId) => (caseId === 'in-rotterdam' ? OIN.rot : undefined),
  coordinator: OIN.ams,
  activities: {
    [DOSSIER]: { controllers: ['MUNICIPALITY', 'IND', 'DTV', 'COA'], regime: 'AVG' },
    [POLICE]: { controllers: ['AVIM'], regime: 'WPG' },
  },
};

function record(oin: string, more: Partial<PlainRecord> = {}): PlainRecord {
  const kind = KINDS[oin];
  return {
    version: 1,
    id: '01936a5e-7f00-7a11-8c22-93d4e5f60718',
    at: '2026-03-02T10:15:00.000Z',
    kind: 'DELIVERY',
    action: 'content.read',
    peer: { oin, ...(kind ? { kind } : {}) },
    legalBases: ['LB2'],
    processingActivity: DOSSIER,
    subjects: [{ id: 'sealed' }],
    decision: { outcome: 'permit', reasons: [] },
    fieldGroups: { released: ['FG00', 'FG02'], withheld: [] },
    ...more,
  };
}
const partOf = (given: PlainRecord) => reportEntry(given, around).part;

describe('who answers for a record', () => {
  it('is whoever acted, as a controller of the activity and a party of the case', () => {
    expect(partOf(record(OIN.ind))).toEqual({ oin: OIN.ind, regime: 'AVG' });
  });

  it('is the municipality for the gateway, and for an NGO in an activity of which it is no controller', () => {
    expect(partOf(record(OIN.gateway, { municipality: OIN.ams }))).toEqual({ oin: OIN.ams, regime: 'AVG' });
    expect(partOf(record(OIN.ngo))).toEqual({ oin: OIN.ams, regime: 'AVG' });
  });

  it('is the municipality of that case for the attempt of a stranger, which must not learn of the case', () => {
    const refused = {
      kind: 'REFUSAL' as const,
      decision: { outcome: 'refuse' as const, code: 'CASE_NOT_AVAILABLE', reasons: [] },
    };
    const { processingActivity: _none, ...attempt } = record(OIN.stranger, refused);
    expect(partOf(attempt)).toEqual({ oin: OIN.ams, regime: 'AVG' });
    expect(partOf({ ...attempt, caseId: 'in-rotterdam' })).toEqual({ oin: OIN.rot, regime: 'AVG' });
  });

  it('is the police, under the Wpg, for what it did, for what it wrote, and for what lies under its own law', () => {
    const wpg = { oin: OIN.avim, regime: 'WPG' };
    expect(partOf(record(OIN.avim))).toEqual(wpg);
    expect(partOf(record(OIN.ind, { source: OIN.avim }))).toEqual(wpg);
    expect(partOf(record(OIN.ams, { processingActivity: POLICE }))).toEqual(wpg);
  });

  it('is the police for a message that went to it alone: without its receiver the line would still tell', () => {
    expect(partOf(record(OIN.ams, { recipients: [OIN.avim] }))).toEqual({ oin: OIN.avim, regime: 'WPG' });
  });

  it('is the sender for a message that also went to the police', () => {
    expect(partOf(record(OIN.ams, { recipients: [OIN.ind, OIN.avim] }))).toEqual({ oin: OIN.ams, regime: 'AVG' });
  });

  it('is the sender for the request of the resident, who knows of it, although the police alone received it', () => {
    const request = { action: 'message.accept', contract: { id: 'M37', version: 1 }, recipients: [OIN.avim] } as const;
    expect(partOf(record(OIN.ams, request))).toEqual({ oin: OIN.ams, regime: 'AVG' });
    const question = { ...request, contract: { id: 'M07', version: 1 } } as const;
    expect(partOf(record(OIN.ams, question))).toEqual({ oin: OIN.avim, regime: 'WPG' });
    expect(partOf(record(OIN.avim, request))).toEqual({ oin: OIN.avim, regime: 'WPG' });
  });
});

describe('a line of a report', () => {
  const police = {
    legalBases: ['LB2', 'LB6'] as const,
    fieldGroups: { released: ['FG02', 'FG16'] as const, withheld: [] },
  };

  it('names police grounds and police data in the part of the police alone, for contracts name them for everyone', () => {
    expect(reportEntry(record(OIN.ams, police), around)).toMatchObject({ legalBases: ['LB2'], data: ['FG02'] });
    const own = reportEntry(record(OIN.ams, { ...police, source: OIN.avim }), around);
    expect(own).toMatchObject({ legalBases: ['LB2', 'LB6'], data: ['FG02', 'FG16'] });
  });

  it('holds no reference to an employee, and knows that the bytes of the record do', () => {
    const entry = reportEntry(record(OIN.ind, { userReference: 'medewerker-17' }), around);
    expect(JSON.stringify(entry)).not.toContain('medewerker-17');
    expect(entry.closed).toBe('EMPLOYEE');
    const officer = record(OIN.ind, { peer: { oin: OIN.ind, kind: 'IND', officer: 'FG' } });
    expect(reportEntry(officer, around).closed).toBe('EMPLOYEE');
    expect(reportEntry(record(OIN.ind), around).closed).toBeNull();
    const page = record(OIN.ind, { messageIds: ['01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12'] });
    expect(reportEntry(page, around).closed).toBe('OTHERS');
  });

  it('says of a message to whom it went on, and of a look that it went to nobody', () => {
    const recipients = [OIN.rot];
    expect(reportEntry(record(OIN.ams, { recipients }), around).recipients).toEqual(recipients);
    const search = record(OIN.ind, { kind: 'CONSULTATION', action: 'cases.search', municipality: OIN.ams, recipients });
    expect(reportEntry(search, around)).toMatchObject({ recipients: [], part: { oin: OIN.ind } });
  });

  it('keeps the bytes back when they name the employee to whom someone gave access', () => {
    const member = { grantId: 'g', grantKind: 'MRT', userReference: 'medewerker-4711' };
    const grant = record(OIN.ams, { action: 'grant.give', recipients: [OIN.ind], details: member });
    const entry = reportEntry(grant, around);
    expect(entry.closed).toBe('EMPLOYEE');
    expect(JSON.stringify(entry)).not.toContain('medewerker-4711');
    const { userReference: _none, ...ended } = member;
    expect(reportEntry({ ...grant, action: 'grant.end', details: ended }, around).closed).toBeNull();
  });

  it('leaves out the technical group, which is not about the resident', () => {
    expect(reportEntry(record(OIN.ind), around).data).toEqual(['FG02']);
  });
});
