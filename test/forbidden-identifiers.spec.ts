import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordsDuring } from './support/calls.js';
import { everythingKept } from './support/kept.js';
import { findLeaks, type Place } from './support/leaks.js';
import { application, vNumber, type Event } from './support/messages.js';
import { bodyOf, overTheWire } from './support/wire.js';
import { peer, World } from './support/world.js';

/** Invented numbers that pass the eleven-test, one for each way to send them, so that each can be looked for. */
const BSN = ['111222333', '123456782', '987654329', '100000009', '231458903', '900000107', '312579408', '555550011'];
const COMPANION = 'Naastgelegen';
const ELEVEN = 11;

let world: World;
const seen: Place[] = [];

beforeAll(async () => {
  world = await World.open();
  await world.startGateway({ LOG_LEVEL: 'trace' });
}, 60_000);
afterAll(() => world.close());

const signUp = (): Event => application('gro', 'GRO', { vNumber: vNumber(), familyName: COMPANION });
/** The event as text, with a piece of JSON put in place of `"HERE"` or as further members of `data`. */
const withData = (members: string): string => JSON.stringify(signUp()).replace('"data":{', `"data":{${members},`);
const withMember = (members: string): string => JSON.stringify(signUp()).replace('{', `{${members},`);
const inPlaceOf = (name: string, json: string): string => {
  const text = JSON.stringify(signUp());
  return text.replace(new RegExp(`"${name}":("[^"]*"|\\[[^\\]]*\\])`), `"${name}":${json}`);
};
const escaped = (text: string): string =>
  [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

const SENT: readonly (readonly [string, string, () => string])[] = [
  ['a BSN in a field of that name', 'BSN', () => withData(`"bsn":"${BSN[0]}"`)],
  ['a field of that name without any value', 'BSN', () => withData('"bsn":null')],
  ['a field of that name in other words', 'BSN', () => withData('"burgerServiceNummer":"onbekend"')],
  ['a field of that name in escapes', 'BSN', () => withData(`"${escaped('bsn')}":"x"`)],
  ['a BSN in a field of another name', 'BSN', () => withData(`"reference":"${BSN[1]}"`)],
  ['a BSN in a field of the contract', 'BSN', () => inPlaceOf('v_number', `"${BSN[2]}"`)],
  ['a BSN as number', 'BSN', () => withData(`"reference":${BSN[3]}`)],
  ['a BSN as number with an exponent', 'BSN', () => withData('"reference":1.11222333e8')],
  ['a BSN deep inside', 'BSN', () => withData(`"a":[{"b":[[{"c":["x","${BSN[4]}"]}]]}]`)],
  ['a BSN in escapes', 'BSN', () => withData(`"x":"${escaped(BSN[5] ?? '')}"`)],
  ['a BSN amid words', 'BSN', () => inPlaceOf('family_name', `"${COMPANION} ${BSN[6]}"`)],
  ['a BSN in groups', 'BSN', () => withData('"x":"5555.50.011"')],
  ['a BSN as the name of a field', 'BSN', () => withData(`"${BSN[7]}":true`)],
  ['a BSN as an attribute of the envelope', 'BSN', () => withMember(`"tracestate":"p=${BSN[0]}"`)],
  ['a BSN as the id of the message', 'BSN', () => JSON.stringify({ ...signUp(), id: BSN[1] })],
  ['a number of the criminal chain', 'SKN', () => withData('"skn":"12345678"')],
  ['the same in full', 'SKN', () => withData('"strafrechtsketennummer":1')],
  ['the same in English, deep inside', 'SKN', () => withData('"x":[{"criminal_chain_number":""}]')],
  ['fingerprints', 'BIOMETRIC', () => withData('"vingerafdrukken":["QUJD"]')],
  ['a photograph', 'BIOMETRIC', () => withData('"pasfoto":"data:image/png;base64,QUJD"')],
  ['any other biometric', 'BIOMETRIC', () => withMember('"biometricTemplate":"QUJD"')],
];

describe('what may never be exchanged', () => {
  it.each(SENT)('is refused wherever it stands, with a record: %s', async (what, kind, body) => {
    const text = body();
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    const { answer, records } = await recordsDuring(world, () =>
      overTheWire(world, 'gro', {
        method: 'POST',
        path: '/v1/messages',
        headers: { 'content-type': 'application/cloudevents+json' },
        body: text,
      }),
    );
    seen.push({ name: `answer to ${what}`, text: answer.bytes });
    expect(answer.bytes).toMatch(/^HTTP\/1\.1 400 /);
    const problem = bodyOf(answer.bytes);
    expect(problem).toMatchObject({ code: 'FORBIDDEN_IDENTIFIER', detail: `a ${kind} stands in the message` });
    expect(problem).not.toHaveProperty('errors');
    expect(records).toMatchObject([
      {
        kind: 'REFUSAL',
        action: 'message.submit',
        peer: { oin: peer('gro').oin },
        subjects: [],
        decision: { outcome: 'refuse', code: 'FORBIDDEN_IDENTIFIER', reasons: [`a ${kind} stands in the message`] },
      },
    ]);
  });

  it('is nowhere kept, and neither is anything that came with it', async () => {
    expect(BSN.every(passesElevenTest)).toBe(true);
    const values = [...BSN, COMPANION, '5555.50.011', 'QUJD'];
    const kept = await everythingKept(world);
    expect(findLeaks(values, [...kept, ...seen])).toEqual([]);
    const counts = await world.rows<{ messages: number; cases: number; persons: number }>(
      `SELECT (SELECT count(*)::int FROM message) AS messages, (SELECT count(*)::int FROM lvv_case) AS cases,
         (SELECT count(*)::int FROM person) AS persons`,
    );
    expect(counts).toEqual([{ messages: 0, cases: 0, persons: 0 }]);
  });

  it('is not what a number of ten digits, a phone number or a reference is', async () => {
    const fine = signUp();
    const data = { ...fine.data, legal_representative: { name: 'Gemachtigde', phone: '+31 20 1112223' } };
    const answer = await world
      .as('gro')
      .post('/v1/messages')
      .set('content-type', 'application/cloudevents+json')
      .send(JSON.stringify({ ...fine, id: '20260101-1112223334', data }));
    expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  });
});

function passesElevenTest(number: string): boolean {
  const weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
  return weights.reduce((sum, weight, index) => sum + weight * Number(number[index]), 0) % ELEVEN === 0;
}
