import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractById, CONTRACTS } from '#contracts/catalogue.js';
import { PEER_KINDS, PURPOSES, ROLES } from '#contracts/domain.js';
import { activityOfConsultation } from './activity-of-consultation.js';
import { loadPolicy } from './load-policy.js';
import { roleOf } from './role.js';

const POLICY_DIR = 'apps/gateway/policy/2026.1';
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'policy-'));
  cpSync(POLICY_DIR, dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(dir, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(dir, file), text.replace(from, to));
}

describe('the policy as it stands', () => {
  const policy = loadPolicy(POLICY_DIR);

  it('has every purpose, every field group of the matrix and a full row of roles for each', () => {
    expect(Object.keys(policy.purposes).sort()).toEqual([...PURPOSES]);
    expect(Object.keys(policy.fieldGroups)).toHaveLength(35);
    for (const row of Object.values(policy.matrix)) expect(Object.keys(row).sort()).toEqual([...ROLES].sort());
    expect(Object.keys(policy.releases)).toHaveLength(67);
    expect(Object.keys(policy.legalBases)).toHaveLength(15);
  });

  it('keeps levels and conditions of the release table', () => {
    expect(policy.releases['P09;NG']).toContainEqual({ group: 'FG26', level: 'm', condition: '15' });
    expect(policy.releases['P03;NG']).toEqual([{ group: 'FG01', level: 'm' }]);
    expect(policy.releases['P02;NG']).toBeUndefined();
  });

  it('gives a municipality the intake role for P01 and the coordinator role for all else', () => {
    expect(roleOf(policy, 'MUNICIPALITY', 'P01')).toBe('MI');
    for (const purpose of PURPOSES.slice(1)) expect(roleOf(policy, 'MUNICIPALITY', purpose)).toBe('MC');
  });

  it('gives no peer kind a role that needs a grant, a rights procedure or an officer', () => {
    const given = PEER_KINDS.flatMap((kind) => PURPOSES.map((purpose) => roleOf(policy, kind, purpose)));
    for (const role of ['MR', 'NE', 'RS', 'RE', 'FG', 'GO', 'DS'] as const) expect(given).not.toContain(role);
    expect(roleOf(policy, 'CONSOLE', 'P13')).toBeNull();
  });

  it('releases nothing of class CR, PD or BIO and no V-number to an NGO (INV-7)', () => {
    const toNgo = PURPOSES.flatMap((purpose) => policy.releases[`${purpose};NG`] ?? []);
    const classes = toNgo.flatMap(({ group }) => policy.fieldGroups[group]?.classes ?? []);
    expect(classes).not.toEqual(expect.arrayContaining(['CR']));
    expect(classes.filter((name) => name === 'PD' || name === 'BIO')).toEqual([]);
    expect(toNgo.map(({ group }) => group)).not.toContain('FG02');
  });

  it('registers every activity, and finds the one of a consultation by its purpose', () => {
    for (const { processingActivity } of CONTRACTS) expect(policy.activities[processingActivity]).toBeDefined();
    for (const purpose of PURPOSES) expect(activityOfConsultation(policy, purpose).purposes).toContain(purpose);
    expect(activityOfConsultation(policy, 'P03').nl).toBe('Samenstellen van het dossier');
  });

  it('keeps what the police supplies in an activity of its own: confidential, under the Wpg', () => {
    const supplement = policy.activities[contractById('M10').processingActivity];
    expect(supplement).toMatchObject({ regime: 'WPG', confidential: true, controllers: ['AVIM'] });
    const others = CONTRACTS.filter(({ processingActivity }) => processingActivity === supplement?.uri);
    expect(others.map(({ id }) => id)).toEqual(['M10']);
  });

  it('cannot be changed once loaded', () => {
    expect(Object.isFrozen(policy.releases['P03;MC'])).toBe(true);
    expect(() => Object.assign(policy.purposes.P03, { ends: 'OUTSIDE_CASE' })).toThrow(TypeError);
  });

  it('has the digest that sha256sum computes over its files', () => {
    const command = `cd ${POLICY_DIR} && LC_ALL=C sha256sum * | sha256sum`;
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' }).slice(0, 64)).toBe(policy.digest);
  });

  it('has another digest as soon as one byte of it differs', () => {
    edit('purposes.json', 'toelatingstoets', 'Toelatingstoets');
    expect(loadPolicy(dir).digest).not.toBe(policy.digest);
  });
});

describe('loadPolicy refuses, with file and line,', () => {
  it.each([
    ['an unknown purpose', 'release-table.csv', 'P03;NG;', 'P33;NG;', 'release-table.csv:15: P33 is not a purpose'],
    ['an unknown role', 'release-table.csv', 'P03;NG;', 'P03;XX;', 'release-table.csv:15: XX is not a role'],
    ['an unknown field group', 'release-table.csv', 'P03;NG;FG01=m', 'P03;NG;FG77=m', ':15: FG77 is not a field group'],
    ['an unknown level', 'release-table.csv', 'P03;NG;FG01=m', 'P03;NG;FG01=x', ":15: 'FG01=x' is not a release"],
    ['an unknown condition', 'release-table.csv', 'FG28=F@17', 'FG28=F@18', "'FG28=F@18' is not a release"],
    ['a doubled row', 'release-table.csv', 'P03;NG;', 'P03;MC;', ':15: P03 MC stands here twice'],
    [
      'a group twice in a row',
      'release-table.csv',
      'P03;NG;FG01=m',
      'P03;NG;FG01=m,FG01=b',
      ':15: FG01 stands in this row',
    ],
    [
      'a level above the matrix',
      'release-table.csv',
      'P03;NG;FG01=m',
      'P03;NG;FG20=F',
      ':15: P03 NG: FG20=F exceeds b',
    ],
    ['a group with a dash', 'release-table.csv', 'P03;NG;FG01=m', 'P03;NG;FG09=b', 'FG09 is not released to this role'],
    ['a lost condition', 'release-table.csv', 'FG26=m@15', 'FG26=m', 'P09 NG: FG26 lacks condition 15'],
    ['a foreign condition', 'release-table.csv', 'FG26=m@16c', 'FG26=m@17', 'P09 CO: FG26 lacks condition 16a or 16c'],
    ['a row that is too short', 'matrix.csv', 'FG05;-;', 'FG05;', 'matrix.csv:7: has 15 columns, expected 16'],
    ['an unknown cell', 'matrix.csv', 'FG05;-;', 'FG05;?;', "matrix.csv:7: MI: '?' is not a cell"],
    [
      'an undescribed condition',
      'matrix.csv',
      'FG05;-;',
      'FG05;m88;',
      'matrix.csv:7: MI: condition 88 is not described',
    ],
    ['a missing role', 'matrix.csv', 'group;MI;', 'group;MX;', 'matrix.csv:1: columns must be the roles'],
    ['a doubled group', 'matrix.csv', 'FG06;', 'FG05;', 'matrix.csv:8: FG05 stands here twice'],
    ['a member that the schema does not know', 'version.json', '"version"', '"versie"', 'version.json:1: / must'],
    ['a text that is no JSON', 'version.json', '{', '', 'version.json: is not JSON'],
    ['an unknown end', 'purposes.json', '"ends": "EXIT"', '"ends": "EVER"', 'purposes.json:15: /1/ends must be equal'],
    ['two roles for one purpose', 'roles.json', '"P02",', '"P01",', 'roles.json:3: MUNICIPALITY has two roles for P01'],
    [
      'an activity on an unknown basis',
      'processing-activities.json',
      '"LB14"',
      '"LB77"',
      'processing-activities.json:8: LB77 is not a legal basis',
    ],
    [
      'a contract whose activity is not registered',
      'processing-activities.json',
      'verwerkingen/rusttermijn',
      'verwerkingen/rust',
      'M13 RestPeriodEvent names https://ketenpoort.example/verwerkingen/rusttermijn, which is not registered',
    ],
    [
      'a contract for a purpose that its activity does not have',
      'processing-activities.json',
      '"purposes": ["P02"],\n    "legalBases": ["LB3"],\n    "dataSubjects": ["vreemdelingen die onderdak of begeleiding vragen of krijgen"],\n    "retention": ["NOTIFICATION_CONTENT"],\n    "regime": "AVG",\n    "confidential": false,\n    "consultations": []',
      '"purposes": ["P05"],\n    "legalBases": ["LB3"],\n    "dataSubjects": ["vreemdelingen"],\n    "retention": ["NOTIFICATION_CONTENT"],\n    "regime": "AVG",\n    "confidential": false,\n    "consultations": []',
      'M41 StayEvent is for P02, which is no purpose of',
    ],
    [
      'a contract on a basis that its activity does not have',
      'processing-activities.json',
      '"legalBases": ["LB1", "LB8"]',
      '"legalBases": ["LB1"]',
      'M43 GuidanceAssignment rests on LB8, which is no basis of',
    ],
    [
      'a purpose whose consultations belong to no activity',
      'processing-activities.json',
      '"consultations": ["P06"]',
      '"consultations": []',
      'consultations for P06 belong to 0 activities, not 1',
    ],
    [
      'consultations for a purpose that is not of the activity',
      'processing-activities.json',
      '"consultations": ["P06"]',
      '"consultations": ["P07"]',
      'P07 is no purpose of this activity',
    ],
    ['a kind without a term', 'retention.json', '"REFUSED_CASE"', '"MRT_ADVICE"', 'MRT_ADVICE stands here twice'],
    ['a term of no length', 'retention.json', '"months": 60', '"months": 0', 'retention.json:6: /0/term'],
    ['a doubled legal basis', 'legal-bases.json', '"LB2"', '"LB1"', 'LB1 stands here twice'],
  ])('%s', (_what, file, from, to, message) => {
    edit(file, from, to);
    expect(() => loadPolicy(dir)).toThrow(message);
  });

  it('a file that no policy has', () => {
    writeFileSync(join(dir, 'release-table.csv.bak'), '');
    expect(() => loadPolicy(dir)).toThrow('policy release-table.csv.bak: is not a file of a policy');
  });

  it('a file that is not there', () => {
    rmSync(join(dir, 'matrix.csv'));
    expect(() => loadPolicy(dir)).toThrow('policy matrix.csv: cannot be read (ENOENT)');
  });
});
