import { describe, expect, it } from '@jest/globals';
import { CanonicalScanner } from './canonical-json.js';
import { SCANNED_MEMBERS } from './column-line.js';
import { fingerprintOf, formProblem, hasId, idOf, kindOf, monthOf, timeOf } from './record-form.js';

const ID = '019b76da-a800-7be1-b859-69644c239add';
const AT = '2026-12-31T23:59:58.123Z';

function read<Result>(
  members: { id?: unknown; at?: unknown; kind?: unknown },
  how: (bytes: Buffer, spans: Int32Array) => Result,
): Result {
  const scanner = new CanonicalScanner(SCANNED_MEMBERS);
  const { at = AT, id = ID, kind = 'DELIVERY' } = members;
  const bytes = Buffer.from(JSON.stringify({ action: 'x', at, id, kind }));
  expect(scanner.scan(bytes, 0, bytes.length)).toBeNull();
  return how(bytes, scanner.spans);
}

describe('the form of a record', () => {
  it('has an id, a time and a kind', () => {
    expect(read({}, formProblem)).toBeNull();
    expect(read({}, idOf)).toBe(ID);
    expect(read({}, monthOf)).toBe(2026 * 12 + 11);
    expect(read({}, timeOf)).toBe(Date.parse(AT));
    expect(read({}, fingerprintOf)).toBe(0x969644c239add);
    for (const kind of ['DELIVERY', 'CONSULTATION', 'EVALUATION', 'REFUSAL', 'ADMIN', 'ERASURE']) {
      expect(read({ kind }, kindOf)?.name).toBe(kind);
    }
  });

  it.each([
    ...['', ID.toUpperCase(), `${ID}0`, ID.slice(1), ID.replace('9', 'g'), ID.replaceAll('-', '0'), 7, null].map(
      (id) => ({ id }),
    ),
    ...[ID.replace('9', '`'), ID.replace('9', '/'), ID.replace('9', ':')].map((id) => ({ id })),
  ])('is not that of a record with the id of %j', (members) => {
    expect(read(members, formProblem)).toBe('has no id of the form of a UUID');
    expect(read(members, hasId)).toBe(false);
  });

  it.each([
    ...[
      '2026-13-01T00:00:00.000Z',
      '2026-00-01T00:00:00.000Z',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.000+01:00',
    ],
    ...['2026-01-01t00:00:00.000Z', '2026-0a-01T00:00:00.000Z', '2026-01-01T00:00:00.000z', '', 7, null],
  ])('is not that of a record with the time %j', (at) => {
    expect(read({ at }, formProblem)).toBe('has no time in milliseconds and UTC');
  });

  it.each(['delivery', 'DELIVERY ', 'DELIVER', '', 7, null])('is not that of a record of kind %j', (kind) => {
    expect(read({ kind }, formProblem)).toBe('is of no known kind');
  });
});
