import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseRegister, pilotOnDate, RegisterError } from './register.js';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../register/${name}.json`, import.meta.url), 'utf8'));
const FACTS = ['pilots', 'capacities', 'covenants', 'local-policies'].map(read);
const DEMO = read('demo');
const register = parseRegister(...FACTS, DEMO);

const NEW_PILOT = {
  pilots: [{ code: 'DEL', name: 'LVV Delft', municipalityCode: '0503' }],
  municipalities: [{ pilot: 'DEL', oin: '00000099000000000106' }],
  covenants: [
    { id: 'DEL-1', pilot: 'DEL', parties: ['Gemeente Delft', 'Rijk'], validFrom: '2026-01-01', validTo: '2026-12-31' },
  ],
};

describe('the register of the five pilots', () => {
  it('has the agreed places of the letter of November 2020, 1142 in all', () => {
    const places = Object.fromEntries(register.capacities.map((row) => [row.pilot, row.agreedPlaces]));
    expect(places).toEqual({ AMS: 360, ROT: 117, UTR: 235, EHV: 130, GRO: 300 });
    expect(Object.values(places).reduce((sum, count) => sum + count, 0)).toBe(1142);
  });

  it.each([
    ['2019-03-31', null],
    ['2019-04-01', 'LVV-GRO-2019'],
    ['2022-07-01', 'LVV-GRO-2019'],
    ['2022-07-02', 'LVV-GRO-2022'],
    ['2022-12-31', 'LVV-GRO-2022'],
    ['2023-01-01', null],
    ['2026-03-02', 'DEMO-GRO'],
  ])('has on %s the covenant %s', (date, covenantId) => {
    expect(pilotOnDate(register, 'GRO', date)?.covenantId).toBe(covenantId);
  });

  it('differs per pilot in what happens to people from safe countries', () => {
    const rules = ['AMS', 'ROT', 'UTR', 'EHV', 'GRO'].map(
      (code) => pilotOnDate(register, code, '2020-11-01')?.policy.safe_country,
    );
    expect(rules).toEqual([
      { rule: 'EXCLUDE' },
      { rule: 'ADMIT_LIMITED', maxMonths: 3 },
      { rule: 'EXCLUDE' },
      { rule: 'ADMIT' },
      { rule: 'FORMER_BBB_ONLY', otherwise: 'VBL' },
    ]);
  });

  it('says of every row where it comes from', () => {
    for (const file of [...FACTS, DEMO] as Readonly<Record<string, unknown>>[]) {
      for (const [section, rows] of Object.entries(file)) {
        if (!Array.isArray(rows) || section === 'municipalities') continue;
        for (const row of rows) expect(row).toHaveProperty('source');
      }
    }
  });

  it('calls everything of the demo invented', () => {
    expect(JSON.stringify(DEMO)).toMatch(/^\{"label":"VERZONNEN/);
    expect(() => parseRegister(...FACTS)).toThrow('pilot AMS has no municipality');
  });
});

describe('a new pilot', () => {
  it('is data only', () => {
    const extended = parseRegister(NEW_PILOT, DEMO, ...FACTS);
    expect(pilotOnDate(extended, 'DEL', '2026-06-01')).toEqual({
      code: 'DEL',
      municipalityOin: '00000099000000000106',
      covenantId: 'DEL-1',
      policy: {},
    });
    expect(pilotOnDate(extended, 'XXX', '2026-06-01')).toBeNull();
  });
});

describe('parseRegister', () => {
  it('says everything that is wrong with a document at once', () => {
    const document = {
      pilots: [{ code: 'delft', name: '', municipalityCode: '503' }],
      covenants: [{ id: 'x' }],
      more: 1,
    };
    const problems = problemsOf(document);
    for (const pointer of ['/pilots/0/code', '/pilots/0/name', '/pilots/0/municipalityCode', '/covenants/0']) {
      expect(problems).toEqual(expect.arrayContaining([expect.stringContaining(`document 0${pointer} `)]));
    }
  });

  it.each([
    [
      'a date that is none',
      { capacities: [{ pilot: 'DEL', agreedPlaces: 1, validFrom: '2026-02-30' }] },
      'format "date"',
    ],
    [
      'an unknown pilot',
      { capacities: [{ pilot: 'XXX', agreedPlaces: 1, validFrom: '2026-01-01' }] },
      'pilot XXX is not registered',
    ],
    [
      'a municipality of an unknown pilot',
      { municipalities: [{ pilot: 'XXX', oin: '00000099000000000107' }] },
      'pilot XXX is not',
    ],
    [
      'a period that ends before it begins',
      { capacities: [{ pilot: 'DEL', agreedPlaces: 1, validFrom: '2026-01-02', validTo: '2026-01-01' }] },
      'ends before it begins',
    ],
    ['a covenant twice', { covenants: NEW_PILOT.covenants }, 'covenant DEL-1 stands twice'],
  ])('refuses %s', (_what, document, problem) => {
    expect(() => parseRegister(NEW_PILOT, document)).toThrow(problem);
  });

  it('lets the newest of overlapping policies count', () => {
    const policies = [
      { pilot: 'DEL', key: 'extend_weekend', value: true, validFrom: '2026-03-01' },
      { pilot: 'DEL', key: 'extend_weekend', value: false, validFrom: '2026-01-01' },
    ];
    const extended = parseRegister(NEW_PILOT, { policies });
    expect(pilotOnDate(extended, 'DEL', '2026-02-28')?.policy).toEqual({ extend_weekend: false });
    expect(pilotOnDate(extended, 'DEL', '2026-03-01')?.policy).toEqual({ extend_weekend: true });
  });
});

function problemsOf(document: unknown): readonly string[] {
  try {
    parseRegister(document);
  } catch (error) {
    if (error instanceof RegisterError) return error.problems;
  }
  return [];
}
