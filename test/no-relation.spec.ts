import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, inboxOf, recordsDuring, type LoggedRecord } from './support/calls.js';
import { playMainJob } from './support/journey.js';
import { application, coaAnswer, event, vNumber, type Event } from './support/messages.js';
import { bodyOf, overTheWire, withoutDate, type WireAnswer, type WireRequest } from './support/wire.js';
import { peer, World } from './support/world.js';

const LIMIT_MS = 120_000;
/** What every answer "not available" waits for, counted from the arrival of the request. */
const BAND_MS = 60;
/** Between two medians on a busy machine; what a lookup by key costs is far less. */
const CLOSE_MS = 12;
const AT_ONCE = 8;

/** A person with a whole dossier in Groningen, and one who only applied in Amsterdam: nobody else knows of that one. */
let world: World;
let groningen: string;
let amsterdam: string;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  const person = { vNumber: vNumber(), familyName: 'Elders' };
  groningen = (await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' })).caseId;
  const other = { vNumber: vNumber(), familyName: 'Nergens' };
  amsterdam = (await accepted(world, 'ams', application('ams', 'AMS', other))).caseId;
}, LIMIT_MS);
afterAll(() => world.close());

type Address = (id: string) => string;
const content: Address = (id) => `/v1/messages/${id}/content`;
const status: Address = (id) => `/v1/messages/${id}`;
const views: readonly Address[] = ['', '/dossier', '/timeline'].map((view) => (id) => `/v1/cases/${id}${view}`);
const asPerson = { 'purpose-of-use': 'P03', 'user-reference': 'medewerker-1' };
const cloudEvent = { 'content-type': 'application/cloudevents+json' };
const unavailable = { status: 404, code: 'CASE_NOT_AVAILABLE' };

/** Messages that this peer neither sent nor received; first those that somebody did receive. */
async function messagesOfOthers(name: string): Promise<readonly string[]> {
  const rows = await world.rows<{ id: string }>(
    `SELECT id FROM message m WHERE sender_oin <> $1
       AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message_id = m.id AND d.recipient_oin = $1)
     ORDER BY EXISTS (SELECT 1 FROM delivery d WHERE d.message_id = m.id) DESC, id`,
    [peer(name).oin],
  );
  return rows.map(({ id }) => id);
}

/** The bytes of the answers, a few at a time and in the order of the requests, with the records that they left. */
async function ask(
  name: string,
  ...requests: readonly WireRequest[]
): Promise<{ bytes: readonly string[]; records: readonly LoggedRecord[] }> {
  const { answer, records } = await recordsDuring(world, async () => {
    const answers: WireAnswer[] = [];
    for (let at = 0; at < requests.length; at += AT_ONCE) {
      const some = requests.slice(at, at + AT_ONCE).map((request) => overTheWire(world, name, request));
      answers.push(...(await Promise.all(some)));
    }
    return answers;
  });
  return { bytes: answer.map((one) => withoutDate(one.bytes)), records };
}

describe.each([
  ['ind', () => [amsterdam]],
  ['dtv', () => [amsterdam]],
  ['coa', () => [amsterdam]],
  ['ngo-2', () => [amsterdam, groningen]],
  ['ams', () => [groningen]],
  ['avim', () => [amsterdam, groningen]],
])('to %s everything of others', (name, cases) => {
  it(
    'looks like what does not exist: the same bytes, and one record of each attempt with the true reason',
    async () => {
      const others = await messagesOfOthers(name);
      expect(others.length).toBeGreaterThan(2);
      const attempts = [
        ...others.map((id) => ({ of: content, id, reason: 'no delivery to this organisation' })),
        ...others.map((id) => ({ of: status, id, reason: 'no message of this sender' })),
        ...cases().flatMap((id) => views.map((of) => ({ of, id, reason: 'no party of the case' }))),
      ];
      const random = await ask(
        name,
        ...[content, status, ...views].map((of) => ({ path: of(randomUUID()), headers: asPerson })),
      );
      expect(new Set(random.bytes).size).toBe(1);
      expect(bodyOf(random.bytes[0] ?? '')).toMatchObject(unavailable);
      const found = await ask(name, ...attempts.map(({ of, id }) => ({ path: of(id), headers: asPerson })));
      expect(new Set(found.bytes)).toEqual(new Set(random.bytes));
      expect(found.records).toHaveLength(attempts.length);
      for (const { id, reason } of attempts) {
        const own = found.records.filter(
          (record) => [record.messageId, record.caseId].includes(id) && record.decision.reasons[0] === reason,
        );
        expect(own).toHaveLength(cases().includes(id) ? views.length : 1);
        for (const record of own) {
          expect(record).toMatchObject({
            kind: 'REFUSAL',
            peer: { oin: peer(name).oin },
            decision: { outcome: 'refuse', code: 'CASE_NOT_AVAILABLE', reasons: [reason] },
            fieldGroups: { released: [], withheld: [] },
          });
        }
      }
    },
    LIMIT_MS,
  );
});

describe('an id that is no id', () => {
  it.each(['V0000123456', '0'.repeat(36), 'ABCDEF00-0000-4000-8000-000000000001', '..%2F..%2Finbox', "'%20or%201"])(
    'gets the answer of one that does not exist, and its record does not repeat it: %s',
    async (given) => {
      const addresses = [content, status, ...views];
      const random = await ask('ind', { path: content(randomUUID()), headers: asPerson });
      const malformed = await ask('ind', ...addresses.map((of) => ({ path: of(given), headers: asPerson })));
      expect(new Set(malformed.bytes)).toEqual(new Set(random.bytes));
      expect(malformed.records).toHaveLength(addresses.length);
      for (const record of malformed.records) {
        expect(record.decision).toEqual({
          outcome: 'refuse',
          code: 'CASE_NOT_AVAILABLE',
          reasons: ['the id is malformed'],
        });
        expect(JSON.stringify(record)).not.toContain(decodeURIComponent(given));
      }
    },
  );
});

describe('without relation, what else may be tried', () => {
  it('tells nothing more to who names no purpose or no person', async () => {
    const [strange] = await messagesOfOthers('ind');
    const wrong = [{}, { 'purpose-of-use': 'P05' }, { 'user-reference': 'm-1' }, { 'purpose-of-use': 'X' }];
    const requests = (message: string, caseId: string): WireRequest[] =>
      wrong.flatMap((headers) => [
        { path: content(message), headers },
        ...views.map((of) => ({ path: of(caseId), headers })),
      ]);
    const random = await ask('ind', ...requests(randomUUID(), randomUUID()));
    const found = await ask('ind', ...requests(strange ?? '', amsterdam));
    expect(found.bytes).toEqual(random.bytes);
    expect(new Set(found.records.map(({ decision }) => decision.code))).toEqual(new Set(['CASE_NOT_AVAILABLE']));
  });

  const post = (name: string, message: Event): ReturnType<typeof ask> =>
    ask(name, { method: 'POST', path: '/v1/messages', headers: cloudEvent, body: JSON.stringify(message) });

  it('refuses a message about the case of others like one about no case', async () => {
    const about = (caseid: string): Event => ({ ...coaAnswer(caseid), source: `urn:nld:oin:${peer('ind').oin}:proef` });
    const found = await post('ind', about(amsterdam));
    const random = await post('ind', about(randomUUID()));
    expect(found.bytes).toEqual(random.bytes);
    expect(bodyOf(found.bytes[0] ?? '')).toMatchObject(unavailable);
    expect(found.records).toMatchObject([
      { kind: 'REFUSAL', action: 'message.submit', caseId: amsterdam, decision: { reasons: ['no party of the case'] } },
    ]);
    expect(random.records).toMatchObject([{ decision: { outcome: 'refuse', reasons: ['no such case'] } }]);
  });

  it('refuses to speak of a message of others like of no message, also to a party of the case', async () => {
    const [strange] = await messagesOfOthers('ngo-1');
    const about = (target: string): Event =>
      event(
        'ngo-1',
        'technical-receipt',
        { target_message_id: target, status: 'RECEIVED' },
        {
          caseid: groningen,
        },
      );
    const found = await post('ngo-1', about(strange ?? ''));
    expect(found.bytes).toEqual((await post('ngo-1', about(randomUUID()))).bytes);
    expect(bodyOf(found.bytes[0] ?? '')).toMatchObject({ code: 'TARGET_NOT_FOUND' });
  });

  it('refuses to acknowledge what others received, item by item, and the record says so', async () => {
    const [strange = ''] = await messagesOfOthers('ind');
    const [own] = await inboxOf(world, 'ind');
    const acknowledge = (messageIds: readonly (string | undefined)[]) =>
      recordsDuring(world, async () => {
        const acknowledgements = messageIds.map((messageId) => ({ messageId, status: 'taken' }));
        return await world.as('ind').post('/v1/acknowledgements').send({ acknowledgements });
      });
    const refused = { status: 'refused', code: 'CASE_NOT_AVAILABLE' };
    const mixed = await acknowledge([strange, randomUUID(), own?.messageId]);
    expect(mixed.answer.body.results).toMatchObject([refused, refused, { status: 'recorded' }]);
    expect(mixed.records).toMatchObject([
      { kind: 'DELIVERY', decision: { reasons: ['taken:1', 'failed:0', 'refused:2 CASE_NOT_AVAILABLE'] } },
    ]);
    const nothing = await acknowledge([strange]);
    expect(nothing.answer.body.results).toEqual([{ messageId: strange, ...refused }]);
    expect(nothing.records).toMatchObject([{ kind: 'REFUSAL', decision: { outcome: 'refuse', code: refused.code } }]);
    const touched = await world.rows('SELECT 1 FROM delivery WHERE message_id = $1 AND taken_at IS NOT NULL', [
      strange,
    ]);
    expect(touched).toEqual([]);
  });

  it.each(['ind', 'dtv', 'coa', 'ngo-1', 'ngo-2', 'ams', 'avim', 'gro'])(
    'shows in the inbox of %s what was sent to it, and nothing else',
    async (name) => {
      const own = await world.rows<{ id: string }>(
        'SELECT message_id AS id FROM delivery WHERE recipient_oin = $1 ORDER BY sequence',
        [peer(name).oin],
      );
      const items = await inboxOf(world, name, own.length);
      expect(items.map(({ messageId }) => messageId)).toEqual(own.map(({ id }) => id));
    },
  );
});

describe('the time of the answer', () => {
  const ROUNDS = 15;
  /** Noise of a busy machine passes; a difference that is there shows each time. */
  const TRIES = 4;
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

  async function medianDifference(of: Address, id: string): Promise<number> {
    const found: number[] = [];
    const random: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      found.push((await overTheWire(world, 'ind', { path: of(id), headers: asPerson })).elapsedMs);
      random.push((await overTheWire(world, 'ind', { path: of(randomUUID()), headers: asPerson })).elapsedMs);
    }
    expect(Math.min(...found, ...random)).toBeGreaterThanOrEqual(BAND_MS - 1);
    return Math.abs(median(found) - median(random));
  }

  it.each([
    ['content of a message', content, async () => (await messagesOfOthers('ind'))[0] ?? ''],
    ['a case', views[0]!, () => Promise.resolve(amsterdam)],
  ])(
    'does not tell whether there is one: %s',
    async (_what, of, existing) => {
      const id = await existing();
      const differences: number[] = [];
      while (differences.length < TRIES && !differences.some((difference) => difference < CLOSE_MS)) {
        differences.push(await medianDifference(of, id));
      }
      expect(Math.min(...differences)).toBeLessThan(CLOSE_MS);
    },
    LIMIT_MS,
  );
});
