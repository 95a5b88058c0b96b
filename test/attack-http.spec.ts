import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { toKafkaRecord } from '#messaging/kafka-binding.js';
import { CLOUD_EVENT, expectOwnHeaders, expectProblem, head, RawCaller } from './support/api-answers.js';
import { allRecords } from './support/calls.js';
import { converse, statusesIn } from './support/hostile-client.js';
import { AMBIGUOUS, NO_ADDRESSES, NO_MESSAGES, WHOLE } from './support/hostile-requests.js';
import { application, vNumber, type Event } from './support/messages.js';
import { PeerClient } from './support/peer-client.js';
import type { RawAnswer } from './support/raw-http.js';
import { World } from './support/world.js';

/** Requests that no well-behaved client makes. After each of them the gateway still serves the others. */
const LIMIT_MS = 120_000;
/** On a quiet machine it is a few milliseconds; all stories and their databases may run beside this one. */
const NORMAL_MS = 5_000;
const SOON_MS = 15_000;
const SHORT_MS = 600;
const BODY_LIMIT_BYTES = 256 * 1024;
const MARK = 'PLANTED-MARK-4711';

let world: World;
let others: PeerClient;
const raw = new RawCaller(() => world);
const url = (): string => world.gateways[0]?.url ?? '';
const signUp = (): Event => application('gro', 'GRO', { vNumber: vNumber(), familyName: 'Aanval' });

beforeAll(async () => {
  world = await World.open();
  await world.startGateway({ LOG_LEVEL: 'debug' });
  others = new PeerClient(world, 'ind');
}, LIMIT_MS);
afterEach(async () => await othersAreServed());
afterAll(async () => {
  others.close();
  await world.close();
});

async function othersAreServed(): Promise<void> {
  const startedAt = performance.now();
  expect((await others.call('GET', '/v1/inbox')).status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(NORMAL_MS);
}

/** One message, as these very bytes. */
function post(body: string | Buffer): Promise<RawAnswer> {
  const bytes = Buffer.from(body);
  const first = head('POST', '/v1/messages', `Content-Type: ${CLOUD_EVENT}`, `Content-Length: ${bytes.length}`);
  return raw.send([Buffer.from(first), bytes]);
}

describe('where a request ends', () => {
  it('C18 C21 refuses what can be cut in two ways, and never answers what stands behind it', async () => {
    for (const [name, bytes] of AMBIGUOUS) {
      const { text, closed } = await converse(url(), world.tlsOf('gro'), bytes, { limitMs: SOON_MS });
      expect([name, closed, statusesIn(text)]).toEqual([name, true, [400]]);
      const answer = await raw.send(bytes);
      expectProblem(answer, 400, 'INVALID_PARAMETER');
      expectOwnHeaders(answer);
    }
  }, LIMIT_MS); // prettier-ignore

  it('C18 C19 judges a whole request by itself, and the next one on the connection too', async () => {
    for (const [name, status, bytes] of WHOLE) {
      const both = bytes + head('GET', '/v1/contracts', 'Connection: close');
      const { text } = await converse(url(), world.tlsOf('gro'), both, { limitMs: SOON_MS });
      expect([name, statusesIn(text)]).toEqual([name, [status, 200]]);
    }
  }, LIMIT_MS); // prettier-ignore

  it.each([
    ['for another protocol, which it answers in its own', ['Connection: Upgrade', 'Upgrade: h2c'], ''],
    ['with a body where none belongs', ['Content-Length: 5'], 'GET /'],
  ])('ends the connection after a request %s', async (_what, headers, body) => {
    const two = `${head('GET', '/v1/contracts', ...headers)}${body}${head('GET', '/v1/contracts')}`;
    const { text, closed } = await converse(url(), world.tlsOf('gro'), two, { limitMs: SOON_MS });
    expect([statusesIn(text), closed]).toEqual([[200], true]);
  });

  it('asks for the body when a client waits for that', async () => {
    const waits = head('POST', '/v1/messages', `Content-Type: ${CLOUD_EVENT}`, 'Content-Length: 2', 'Expect: 100-continue');
    const { text } = await converse(url(), world.tlsOf('gro'), `${waits}{}`, { limitMs: SHORT_MS });
    expect(statusesIn(text)).toEqual([100, 400]);
  }); // prettier-ignore

  it('takes a body that ends before its length for no request, and what comes after its length for another', async () => {
    const first = head('POST', '/v1/messages', `Content-Type: ${CLOUD_EVENT}`, 'Content-Length: 5000');
    const habits = { limitMs: SOON_MS, halfClose: true };
    const less = await converse(url(), world.tlsOf('gro'), `${first}{}`, habits);
    expect([less.closed, statusesIn(less.text).filter((status) => status !== 400)]).toEqual([true, []]);
    const more = head('POST', '/v1/messages', `Content-Type: ${CLOUD_EVENT}`, 'Content-Length: 2');
    const answered = await converse(url(), world.tlsOf('gro'), `${more}{}"x":1}\r\n\r\n`, { limitMs: SOON_MS });
    // Each its own, in their order: the message is none, and what stands behind it is no request.
    expect([statusesIn(answered.text), answered.closed]).toEqual([[400, 400], true]);
    const codes = [...answered.text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code);
    expect(codes).toEqual(['SCHEMA_INVALID', 'INVALID_PARAMETER']);
  });
});

describe('what an address is', () => {
  it('C18 C20 is the one spelling that the document has, for every certificate', async () => {
    for (const target of NO_ADDRESSES) {
      const answer = await raw.get(target);
      expect([target.slice(0, 60), answer.status]).toEqual([target.slice(0, 60), 404]);
      expectProblem(answer, 404, 'ROUTE_NOT_FOUND');
    }
    // What opens for officers is decided on the same spelling: nothing else reaches it.
    const asOfficer = await world.as('fg-gro').get('/v1/access-%67rants');
    expect([asOfficer.status, asOfficer.body.code]).toEqual([403, 'PERSON_CERTIFICATE']);
  }, LIMIT_MS); // prettier-ignore
});

describe('what a message is', () => {
  it('C19 refuses with 400 whatever is none', async () => {
    for (const [name, code, body] of NO_MESSAGES) {
      const answer = await post(body);
      expect([name, answer.status, (JSON.parse(answer.body) as { code: string }).code]).toEqual([name, 400, code]);
      await othersAreServed();
    }
  }, LIMIT_MS); // prettier-ignore

  it('C19 takes a message of exactly the largest size, and none of a byte more', async () => {
    const padded = (size: number): string => JSON.stringify(signUp()).padEnd(size, ' ');
    expect((await post(padded(100_000))).status).toBe(202);
    expect((await post(padded(BODY_LIMIT_BYTES))).status).toBe(202);
    expectProblem(await post(padded(BODY_LIMIT_BYTES + 1)), 413, 'BODY_TOO_LARGE');
  });
});

describe('what is put into headers and attributes', () => {
  const NAMES = [
    'id',
    'source',
    'type',
    'time',
    'dataschema',
    'caseid',
    'expiresat',
    'traceparent',
    'tracestate',
    'jws',
  ];
  const BREAKS = ['\r\n', '\n', '\u2028', '\u0000', '\u001b[2J', '\u0085'];

  it('C21 reaches no line of the log and no header of Kafka', async () => {
    for (const name of NAMES) {
      for (const mark of BREAKS) {
        const { [name]: plain } = signUp() as Record<string, unknown>;
        const value = `${typeof plain === 'string' ? plain : '00'}${mark}ce_id: ${MARK}`;
        const answer = await post(JSON.stringify({ ...signUp(), [name]: value }));
        expect([name, mark, answer.status]).toEqual([name, mark, 400]);
        expect(answer.body).not.toContain(MARK);
      }
      const named = JSON.stringify({ ...signUp(), [`x\r\n${MARK}`]: 'x' });
      expectProblem(await post(named), 400, 'SCHEMA_INVALID');
    }
    const purpose = ['Purpose-Of-Use: P01', `Purpose-Of-Use: ${MARK}`, `User-Reference: ${MARK} x`];
    const trace = [`traceparent: 00-${MARK}`, `tracestate: ${MARK}=\t1`];
    const path = '/v1/cases/4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20';
    expect((await raw.get(path, ...purpose, ...trace)).body).not.toContain(MARK);
  }, LIMIT_MS); // prettier-ignore

  it('C24 leaves one line a log entry, and plain text in every header of every notification', async () => {
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-ff`;
    const odd = { id: `${'A'.repeat(99)}:`, traceparent, tracestate: `a=${'~'.repeat(500)}` };
    const sent = await post(JSON.stringify({ ...signUp(), ...odd }));
    expect(sent.status).toBe(202);
    const inbox = new PeerClient(world, 'gro');
    const items = await inbox.inbox().finally(() => inbox.close());
    for (const { event } of items) {
      const { key, headers } = toKafkaRecord(event);
      for (const text of [key, ...Object.entries(headers).flat()]) expect(text).toMatch(/^[\x21-\x7e]{1,300}$/);
    }
    const lines = world.logs().split('\n').filter(Boolean);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(lines.length).toBeGreaterThan(0);
    expect(world.logs()).not.toContain(MARK);
    expect(JSON.stringify(await allRecords(world))).not.toContain(MARK);
  });
});

it('has not failed inside at any of this', () => {
  expect(world.logs()).not.toContain('a request failed inside the gateway');
});
