import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONTRACTS, kebabName } from './catalogue.js';
import { contractExamples } from './contract-documents.js';
import { validateEnvelope, validatePayload } from './validate.js';

const EXAMPLES = new URL('../examples/', import.meta.url);
const MAX_ISSUES = 50;
const VALUE = 'Geheimzinnig';
/** Far above what a linear check needs on a busy machine, far below what a quadratic one takes. */
const LONGEST_CPU_MS = 5_000;

const invalidExamples = CONTRACTS.flatMap((contract) => {
  const folder = new URL(`${kebabName(contract.name)}.v${contract.version}/`, EXAMPLES);
  return readdirSync(folder)
    .filter((file) => file.startsWith('invalid-'))
    .map((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      const { expected, data } = JSON.parse(text) as { expected: { pointer: string; rule: string }; data: unknown };
      return [contract.id, file, expected, data] as const;
    });
});

const envelope = {
  specversion: '1.0',
  id: 'a-1',
  source: 'urn:nld:oin:00000099000000000101:zaak',
  type: 'nl.lvv.stay-event.v1',
  time: '2026-11-20T10:15:00Z',
  data: {},
};

describe('a payload', () => {
  it.each(CONTRACTS.map((contract) => [contract.id, contract] as const))('of %s passes in each example', (id) => {
    expect(contractExamples(id).length).toBeGreaterThan(0);
    for (const example of contractExamples(id)) expect(validatePayload({ id }, example)).toEqual([]);
  });

  it.each(invalidExamples)('of %s is refused where and why its example says: %s', (id, _file, expected, data) => {
    const issues = validatePayload({ id }, data);
    expect(issues).toContainEqual({ ...expected, detail: expect.any(String) });
    for (const issue of issues) expect(Object.keys(issue).sort()).toEqual(['detail', 'pointer', 'rule']);
  });

  it('may hold no property that its contract does not know, and the answer does not repeat its name', () => {
    for (const { id } of CONTRACTS) {
      for (const example of contractExamples(id)) {
        const issues = validatePayload({ id }, { ...(example as object), [VALUE]: 1 });
        expect([id, issues[0]?.rule, issues[0]?.pointer]).toEqual([id, 'additionalProperties', '']);
        expect(JSON.stringify(issues)).not.toContain(VALUE);
      }
    }
  });

  it('is refused with every error at once, and without a single value', () => {
    const wrong = { pilot: VALUE, family_name: `${VALUE} 7`, sex: VALUE, origin: 7, nationalities: [VALUE] };
    const issues = validatePayload({ id: 'M01' }, wrong);
    expect(issues.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/pilot', '/family_name', '/sex', '/origin', '/nationalities/0', '/given_names']),
    );
    expect(JSON.stringify(issues)).not.toContain(VALUE);
  });

  it('is told which values its contract allows', () => {
    const [example] = contractExamples('M41') as readonly object[];
    expect(validatePayload({ id: 'M41' }, { ...example, kind: 'BED' })).toContainEqual({
      pointer: '/kind',
      rule: 'enum',
      detail: 'is not one of "SHELTER", "GUIDANCE_ONLY"',
    });
  });

  it('never comes back in the errors, whatever was sent', () => {
    const planted = fc.constantFrom(VALUE, { [VALUE]: VALUE }, [VALUE, VALUE], null, 12.5);
    const names = fc.constantFrom('pilot', 'v_number', 'regional_tie', 'family_links', 'procedures', 'answers', VALUE);
    fc.assert(
      fc.property(fc.dictionary(names, planted), fc.constantFrom(...CONTRACTS), (data, { id }) => {
        expect(JSON.stringify(validatePayload({ id }, data))).not.toContain(VALUE);
      }),
    );
  });

  it.each([
    ['M08', 'procedures'],
    ['M09', 'departure_procedures'],
    ['M01', 'family_links'],
    ['M02', 'questions'],
    ['M07', 'parts'],
    ['M28', 'changed_fields'],
  ] as const)('of %s cannot hold up the gateway with a long list of %s', (id, list) => {
    const bodies = [
      Array.from({ length: 18_000 }, (_, index) => ({ a: 100_000 + index })),
      Array.from({ length: 28_000 }, (_, index) => 100_000 + index),
      Array.from({ length: 28_000 }, (_, index) => `a${index}`),
    ];
    for (const items of bodies) {
      const start = process.cpuUsage();
      const issues = validatePayload({ id }, { [list]: items });
      expect(process.cpuUsage(start).user / 1_000).toBeLessThan(LONGEST_CPU_MS);
      expect(issues.map(({ pointer, rule }) => `${pointer} ${rule}`)).toContain(`/${list} maxItems`);
    }
  });

  it('is refused with at most fifty errors', () => {
    const links = Array.from({ length: 20 }, () => ({ a: 1, b: 2, c: 3 }));
    expect(validatePayload({ id: 'M01' }, { family_links: links })).toHaveLength(MAX_ISSUES);
  });
});

describe('an envelope', () => {
  it('passes as it is', () => {
    expect(validateEnvelope(envelope)).toEqual([]);
  });

  it.each([
    ['a subject, which could name a person', { subject: 'x' }, ''],
    ['an attribute of one’s own', { lvvcase: 'x' }, ''],
    ['another version', { specversion: '0.3' }, '/specversion'],
    ['an empty id', { id: '' }, '/id'],
    ['an id with spaces', { id: 'een naam' }, '/id'],
    ['a source that is no OIN', { source: 'urn:nld:oin:123:zaak' }, '/source'],
    ['a moment that does not exist', { time: '2026-02-30T10:00:00Z' }, '/time'],
    ['a purpose that does not exist', { purpose: 'P15' }, '/purpose'],
    ['a case id in capitals', { caseid: '00000000-0000-4000-8000-00000000000A' }, '/caseid'],
    ['data that are no object', { data: 'x' }, '/data'],
  ])('is refused with %s', (_what, change, pointer) => {
    expect(validateEnvelope({ ...envelope, ...change }).map((issue) => issue.pointer)).toEqual([pointer]);
  });

  it('is refused without each attribute that it must have, and when it is no object', () => {
    for (const name of ['specversion', 'id', 'source', 'type', 'data']) {
      const rest = Object.fromEntries(Object.entries(envelope).filter(([key]) => key !== name));
      expect(validateEnvelope(rest)).toEqual([{ pointer: `/${name}`, rule: 'required', detail: 'is required' }]);
    }
    for (const value of [null, [], 'x', 1]) expect(validateEnvelope(value)).toHaveLength(1);
  });
});
