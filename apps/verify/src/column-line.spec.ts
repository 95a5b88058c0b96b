import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { entryBytes } from '#ledger/entry.js';
import { CanonicalScanner } from './canonical-json.js';
import { isLineOf, SCANNED_MEMBERS } from './column-line.js';
import { COLUMNS, columnsOf, differingColumns, type Columns } from './record-columns.js';

const [A, B, C] = ['00000099000000000101', '00000099000000000301', '00000099000000000302'] as const;
const entry = entryBytes({ retentionClass: 'RELEASE', expiresMonth: '2031-01', commitment: Buffer.alloc(32, 7) });
const full = {
  ...{ id: '019b76da-a800-7be1-b859-69644c239add', at: '2026-01-01T00:00:00.000Z', version: 1, kind: 'DELIVERY' },
  ...{ peer: { oin: C, kind: 'DTV' }, purpose: 'P02', caseId: 'c', messageId: 'm', action: 'content.read' },
  ...{ decision: { outcome: 'permit' }, contract: { id: 'M05', version: 1 }, traceId: 'e4ca', source: A },
  ...{ processingActivity: 'https://ketenpoort.example/x', municipality: A, recipients: [C, B] },
};
const bare = { id: full.id, at: full.at, kind: 'ADMIN', version: 1, decision: { reasons: ['"'] } };

const lineFor = (columns: Columns): Buffer =>
  Buffer.from(JSON.stringify(Object.fromEntries(COLUMNS.map((column) => [column, columns[column] ?? null]))));

/** What the quick way says of a line of columns, which stands between others. */
function isQuicklySeen(line: Buffer, record: object): boolean {
  const scanner = new CanonicalScanner(SCANNED_MEMBERS);
  const bytes = Buffer.from(canonicalize(record) ?? '');
  if (scanner.scan(bytes, 0, bytes.length) !== null) throw new Error('the record of the test is not canonical');
  const lines = Buffer.concat([Buffer.from('{}\n'), line, Buffer.from('\n{}\n')]);
  return isLineOf(lines, 3, 3 + line.length, bytes, scanner.spans, entry);
}

describe('the quick comparison of a record with its line of columns', () => {
  it.each([
    ['all that a record can have', full],
    ['what is absent as null', bare],
    ['an organisation once, whatever names it', { ...full, recipients: [A, A, C] }],
    ['one organisation', { ...bare, source: B }],
    ['no recipients', { ...full, recipients: [] }],
    ['a text that is not ASCII', { ...full, purpose: 'zoë "quoted" \\ \u0001' }],
  ])('knows %s', (_what, record) => {
    expect(isQuicklySeen(lineFor(columnsOf(record, entry)), record)).toBe(true);
  });

  it.each([
    ['recipients that are no texts', { ...full, recipients: [7, A] }],
    ['a source that is no text', { ...full, source: 7 }],
    ['a recipient with an escape', { ...full, recipients: ['"'] }],
    ['more organisations than it keeps', { ...full, recipients: Array.from({ length: 40 }, (_, one) => `o${one}`) }],
  ])('leaves %s to the comparison of values', (_what, record) => {
    expect(isQuicklySeen(lineFor(columnsOf(record, entry)), record)).toBe(false);
  });

  it.each([
    ['all columns', full],
    ['most of them null', bare],
  ])('sees each byte of a line that has another value: %s', (_what, record) => {
    const line = lineFor(columnsOf(record, entry));
    for (let at = 0; at < line.length; at += 1) {
      const changed = Buffer.from(line);
      changed[at] = line[at]! ^ 1;
      expect([at, isQuicklySeen(changed, record)]).toEqual([at, false]);
    }
    expect(isQuicklySeen(line.subarray(0, -1), record)).toBe(false);
    expect(isQuicklySeen(Buffer.concat([line, Buffer.from(' ')]), record)).toBe(false);
  });

  it('sees a line that says null, nothing or something more than the record', () => {
    const columns = columnsOf(full, entry);
    const others: [string, unknown][] = COLUMNS.map((column) => [column, null]);
    others.push(['concerns', []], ['concerns', [A, B]], ['concerns', [A, B, C, 'x']], ['concerns', [A, A, B, C]]);
    for (const [column, value] of others) {
      const changed = { ...columns, [column]: value };
      expect([column, isQuicklySeen(lineFor(changed), full)]).toEqual([column, false]);
      expect([column, differingColumns(changed, columns)]).toEqual([column, [column]]);
    }
    for (const column of COLUMNS.filter((name) => columnsOf(bare, entry)[name] === null)) {
      expect([column, isQuicklySeen(lineFor({ ...columnsOf(bare, entry), [column]: 'x' }), bare)]).toEqual([
        column,
        false,
      ]);
    }
  });
});
