import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONTRACTS } from './catalogue.js';
import { contractExamples } from './contract-documents.js';
import { findForbiddenIdentifier } from './forbidden.js';

const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2];

/** Invented numbers that pass the eleven-test: eight free digits, the ninth is the remainder. */
const bsn = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 })
  .map((digits) => {
    const check = digits.reduce((sum, digit, index) => sum + digit * (WEIGHTS[index] ?? 0), 0) % 11;
    return check > 9 ? null : `${digits.join('')}${check}`;
  })
  .filter((number): number is string => number !== null && !/^0{9}$/.test(number));

const places: readonly (readonly [string, (value: unknown) => unknown])[] = [
  ['as the whole message', (value) => value],
  ['in a field of any name', (value) => ({ data: { reference: value } })],
  ['deep inside', (value) => ({ data: { a: [{ b: [[{ c: value }]] }] } })],
  ['in an attribute of the envelope', (value) => ({ tracestate: value, data: {} })],
  ['in a field that is called as a signature is', (value) => ({ data: { jws: value } })],
];

describe('a BSN', () => {
  it.each(places)('is found as text and as number %s', (_where, put) => {
    fc.assert(
      fc.property(bsn, (number) => {
        expect(findForbiddenIdentifier(put(number))).toEqual({ kind: 'BSN' });
        if (Number(number) >= 10_000_000) expect(findForbiddenIdentifier(put(Number(number)))).toEqual({ kind: 'BSN' });
      }),
    );
  });

  it.each([
    ['in groups', '1112.22.333'],
    ['in groups of three', '111 222 333'],
    ['with other separators', '111/222/333'],
    ['amid words', 'zie dossier 111222333 van heden'],
    ['announced in one word', 'BSN111222333'],
    ['after a date', '2020-01-01 111222333'],
    ['after a month', '2020-01 111222333'],
    ['in an address', 'https://zaken.example/111222333'],
    ['behind a urn', 'urn:bsn:111222333'],
    ['in digits of another width', '１１１２２２３３３'],
    ['negative', -111222333],
    ['without its leading zero', 12345672],
  ])('is found %s', (_how, value) => {
    expect(findForbiddenIdentifier({ data: { x: value } })).toEqual({ kind: 'BSN' });
  });

  it('is found as the name of a field, and in a field that says phone', () => {
    expect(findForbiddenIdentifier({ data: { '111222333': true } })).toEqual({ kind: 'BSN' });
    expect(findForbiddenIdentifier({ data: { phone: '111222333' } })).toEqual({ kind: 'BSN' });
  });
});

describe('a field', () => {
  it.each([
    ['bsn', 'BSN'],
    ['BSN', 'BSN'],
    ['BSNNumber', 'BSN'],
    ['bsnNummer', 'BSN'],
    ['citizen-bsn', 'BSN'],
    ['bsn2', 'BSN'],
    ['ｂｓｎ', 'BSN'],
    ['burgerServiceNummer', 'BSN'],
    ['sofinummer', 'BSN'],
    ['skn', 'SKN'],
    ['SKNNummer', 'SKN'],
    ['strafrechtsketennummer', 'SKN'],
    ['criminal_chain_number', 'SKN'],
    ['vingerafdrukken', 'BIOMETRIC'],
    ['fingerPrints', 'BIOMETRIC'],
    ['biometricTemplate', 'BIOMETRIC'],
    ['pasfoto', 'BIOMETRIC'],
    ['photo', 'BIOMETRIC'],
    ['iris_scan', 'BIOMETRIC'],
  ])('is refused by its name: %s', (name, kind) => {
    expect(findForbiddenIdentifier({ data: { nested: [{ [name]: null }] } })).toEqual({ kind });
  });

  it.each(['observed_on', 'absnote', 'iristown', 'photosynthesis', 'skin', 'fotograaf_naam', 'description'])(
    'is not refused for a name that only looks like one: %s',
    (name) => {
      expect(findForbiddenIdentifier({ data: { [name]: 'x' } })).toBeNull();
    },
  );
});

describe('what is no forbidden identifier', () => {
  const nothing = (value: unknown, name = 'x') =>
    expect(findForbiddenIdentifier({ [name]: value, data: { [name]: value } })).toBeNull();

  it('any UUID, OIN, V-number of ten digits, date, moment or phone number', () => {
    const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
    const anOin = fc.stringMatching(/^[0-9]{8}[0-9A-Z]{12}$/);
    fc.assert(fc.property(fc.uuid(), (id) => nothing(id)));
    fc.assert(fc.property(anOin, (oin) => (nothing(oin), nothing(`urn:nld:oin:${oin}:zaak`))));
    fc.assert(fc.property(digits(10), (vNumber) => nothing(vNumber)));
    const noInvalidDate = { noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2099-12-31') };
    fc.assert(
      fc.property(fc.date(noInvalidDate), fc.integer({ min: 0, max: 9_999_999 }), (date, fraction) => {
        const text = date.toISOString();
        nothing(text);
        nothing(text.slice(0, 10));
        nothing(`${text.slice(0, 19)}.${String(fraction).padStart(7, '0')}+01:00`);
        nothing(`${text.slice(0, 10)}-${fraction % 10}`);
      }),
    );
    fc.assert(fc.property(digits(8), (rest) => nothing(`+31 6 ${rest}`, 'phone')));
    fc.assert(fc.property(digits(8), (rest) => nothing(`06-${rest}`, 'phone')));
  });

  it('any number below ten million, and nine zeros', () => {
    fc.assert(fc.property(fc.integer({ min: -9_999_999, max: 9_999_999 }), (number) => nothing(number)));
    nothing('000000000');
    nothing('111222334');
  });

  it('any valid example of any contract', () => {
    for (const { id } of CONTRACTS) {
      for (const data of contractExamples(id)) expect([id, findForbiddenIdentifier({ data })]).toEqual([id, null]);
    }
  });

  it('a signature over the message', () => {
    expect(findForbiddenIdentifier({ jws: 'eyJhbGciOiJFUzI1NiJ9..111222333', data: {} })).toBeNull();
  });
});
