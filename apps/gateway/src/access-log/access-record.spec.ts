import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { NEVER } from '#ledger/entry.js';
import { MAX_RECORD_BYTES, prepareRecord, type AccessRecordInput, type RecordKind } from './access-record.js';
import { TERMS } from './testing/terms.js';
import { recordColumns, recordsCte, RECORD_PARAMETERS } from './insert-records.js';

const NOW = new Date('2026-11-22T10:11:12.345Z');
const sources = { now: NOW, randomBytes: (size: number): Buffer => Buffer.alloc(size, 0xab), terms: TERMS };
const INDEX = Buffer.alloc(32, 7);

const input: AccessRecordInput = {
  kind: 'DELIVERY',
  peer: { oin: '00000099000000000301', kind: 'IND', thumbprint: 'a'.repeat(64) },
  purpose: 'P03',
  legalBases: ['LB1'],
  processingActivity: 'https://example.nl/verwerkingen/dossier',
  caseId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  subjects: [{ index: INDEX, id: 'sealed-subject' }],
  action: 'message.submit',
  contract: { id: 'M08', version: 1 },
  decision: { outcome: 'permit', reasons: ['relation'] },
  fieldGroups: { released: ['FG01'], withheld: ['FG02'] },
  messageId: '018f3a5c-7e00-7000-8000-000000000001',
};

describe('access record', () => {
  it('is its canonical bytes: sorted members, no spaces, what is absent left out', () => {
    const record = prepareRecord(input, sources);
    const text = record.canonical.toString('utf8');
    expect(text.startsWith('{"action":"message.submit","at":"2026-11-22T10:11:12.345Z","caseId":"0f8f')).toBe(true);
    expect(text).toBe(JSON.stringify(JSON.parse(text)));
    expect(Object.keys(JSON.parse(text) as object)).toEqual(Object.keys(JSON.parse(text) as object).sort());
    expect(JSON.parse(text)).toMatchObject({ version: 1, id: record.id, at: record.at, kind: 'DELIVERY' });
    expect(text).not.toContain('userReference');
  });

  it('has a UUIDv7 of its own time', () => {
    const { id } = prepareRecord(input, sources);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(NOW.getTime());
  });

  it('carries the digest of an entry that commits to salt and bytes', () => {
    const record = prepareRecord(input, sources);
    const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
    const month = Buffer.from([0x5f, 0x3e]); // 2031 * 12 + 10
    const entry = Buffer.concat([Buffer.of(1, 1), month, sha256(record.salt, record.canonical)]);
    expect(record.expiresMonth).toBe('2031-11');
    expect(record.entryDigest).toEqual(sha256(entry));
  });

  it('is kept as long as the terms say for its kind, and an erasure for ever, whatever they say', () => {
    const months = (kind: RecordKind): string =>
      prepareRecord({ ...input, kind }, { ...sources, terms: { ...TERMS, REFUSAL: 12, ERASURE: 1 } }).expiresMonth;
    expect([months('DELIVERY'), months('REFUSAL'), months('ERASURE')]).toEqual(['2031-11', '2027-11', NEVER]);
  });

  it('names its subjects by code and keeps the searchable index out of the evidence', () => {
    const text = prepareRecord(input, sources).canonical.toString('utf8');
    expect(text).toContain('"subjects":[{"id":"sealed-subject"}]');
    expect(text).not.toContain(INDEX.toString('hex'));
    expect(text).not.toContain(INDEX.toString('base64'));
  });

  it('has one index row for a person whom a page shows twice', () => {
    const twice = { ...input, subjects: [...input.subjects, { index: Buffer.from(INDEX), id: 'sealed-again' }] };
    expect(prepareRecord(twice, sources).subjects).toHaveLength(1);
  });

  it('leaves out a case or message id that is no UUID, so that its refusal can still be recorded', () => {
    const strange = prepareRecord({ ...input, caseId: "x'\u0000", messageId: '' }, sources);
    const record = JSON.parse(strange.canonical.toString('utf8')) as object;
    expect(record).not.toHaveProperty('caseId');
    expect(record).not.toHaveProperty('messageId');
    expect(record).toHaveProperty('action', 'message.submit');
  });

  it('refuses to be larger than its limit', () => {
    const reasons = ['x'.repeat(MAX_RECORD_BYTES)];
    expect(() => prepareRecord({ ...input, decision: { outcome: 'refuse', reasons } }, sources)).toThrow('at most');
  });
});

/** Behind dimensions, nulls and element type. */
const LENGTH_IN_BINARY_ARRAY = 12;

describe('the columns of many records', () => {
  const records = [prepareRecord(input, sources), prepareRecord({ ...input, subjects: [] }, sources)];

  it('are as many arrays as the statement has parameters, one element a record or subject', () => {
    const columns = recordColumns(records) as (unknown[] | Buffer)[];
    expect(columns).toHaveLength(RECORD_PARAMETERS);
    const lengthOf = (column: unknown[] | Buffer): number =>
      Buffer.isBuffer(column) ? column.readInt32BE(LENGTH_IN_BINARY_ARRAY) : column.length;
    expect(columns.map(lengthOf)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2]);
  });

  it('are numbered from the parameter that the caller has free', () => {
    const parameters = [...recordsCte(5).matchAll(/\$(\d+)/g)].map((match) => Number(match[1]));
    expect([...new Set(parameters)]).toEqual(Array.from({ length: RECORD_PARAMETERS }, (_, index) => 5 + index));
  });
});
