import { createHash, randomInt, randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, allRecords, contentOf, inboxOf } from './support/calls.js';
import { fullPart, playMainJob, type Journey } from './support/journey.js';
import { everythingKept } from './support/kept.js';
import { findLeaks, formsOf, type Place } from './support/leaks.js';
import { AdapterProcess } from './support/adapter-process.js';
import { application, checkRequest, stayStarted, vNumber, type Event } from './support/messages.js';
import { RecordingSystem } from './support/recording-system.js';
import { until } from './support/until.js';
import { overTheWire, type WireRequest } from './support/wire.js';
import { peer, World } from './support/world.js';

const LIMIT_MS = 90_000;
const person = {
  vNumber: `9999${String(randomInt(1_000_000)).padStart(6, '0')}`,
  familyName: 'Quastenbroek Zwadderloo',
  givenNames: 'Wiebrigje',
  birthDate: '1971-03-29',
};
const STREET = 'Lindenhofkade 1738';
const PLANTED = [...Object.values(person), STREET];
const RECEIVERS = ['gro', 'ngo-1', 'ind', 'dtv', 'coa'];
const PURPOSES = ['P01', 'P02', 'P03', 'P04', 'P05'];

let world: World;
let journey: Journey;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway({ LOG_LEVEL: 'trace' });
  journey = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
}, LIMIT_MS);
afterAll(() => world.close());

const { familyName: NAME, vNumber: NUMBER } = person;
const cloudEvent = { 'content-type': 'application/cloudevents+json' };
const json = { 'content-type': 'application/json' };
const asPerson = { 'purpose-of-use': 'P04', 'user-reference': 'medewerker-1' };
const post = (body: unknown, headers: Record<string, string> = cloudEvent, path = '/v1/messages'): WireRequest => ({
  method: 'POST',
  path,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const get = (path: string, headers: Record<string, string> = asPerson): WireRequest => ({ path, headers });
const signUp = (): Event => application('gro', 'GRO', { ...person, vNumber: vNumber() });
const withData = (data: Record<string, unknown>): Event => ({ ...signUp(), data: { ...signUp().data, ...data } });

/** Everything that a clumsy or curious caller can do with the values in hand, each of it refused. */
const REFUSED: readonly (readonly [string, () => WireRequest, string?])[] = [
  ['values that break the contract', () => post(withData({ family_name: STREET, sex: NAME, v_number: `${NUMBER}0` }))],
  ['values of another type', () => post(withData({ given_names: [NAME], nationalities: NAME, origin: { NAME } }))],
  ['a date in words', () => post(withData({ birth_date: `geboren ${person.birthDate}` }))],
  ['values as names of properties', () => post(withData({ [NAME]: 1, [NUMBER]: NAME, [STREET]: STREET }))],
  ['the same, deeper', () => post(withData({ regional_tie: { [STREET]: 1 }, legal_representative: { [NAME]: 1 } }))],
  ['values as attributes of the envelope', () => post({ ...signUp(), [NAME]: 1, [NUMBER]: 2, subject: NAME })],
  ['a value as message id', () => post({ ...signUp(), id: `${person.givenNames} ${NUMBER}` })],
  ['a value as contract', () => post({ ...signUp(), type: 'nl.lvv.wiebrigje.v1' })],
  ['a value as another’s system', () => post({ ...signUp(), source: `urn:nld:oin:${peer('ams').oin}:wiebrigje` })],
  ['a value as case id', () => post({ ...checkRequest('gro', NAME, person) })],
  ['a key that stands twice', () => post(`{"${NAME}":1,"${NAME}":2}`)],
  ['broken JSON', () => post(`{"family_name":"${NAME}","v_number":"${NUMBER}",,}`)],
  ['too many levels', () => post(`${'['.repeat(40)}"${NAME}"${']'.repeat(40)}`)],
  ['too large a message', () => post(withData({ note: `${NAME} ${STREET} `.repeat(10_000) }))],
  ['another content type', () => post(`family_name=${NAME}`, { 'content-type': 'application/x-www-form-urlencoded' })],
  ['a forbidden number beside them', () => post(withData({ remark: `${NAME} heeft 111222333` }))],
  ['a person who has a case', () => post(application('gro', 'GRO', person))],
  ['a part about somebody else', () => post(fullPart('ind', journey.caseId, { ...person, vNumber: vNumber() })), 'ind'],
  ['a message for a case of nobody', () => post(checkRequest('gro', randomUUID(), person))],
  ['a name for a message', () => get(`/v1/messages/${encodeURIComponent(NAME)}`)],
  ['a number for a message', () => get(`/v1/messages/${NUMBER}/content`)],
  ['a number for a case', () => get(`/v1/cases/${NUMBER}/dossier`)],
  ['a name for a contract', () => get(`/v1/contracts/${person.givenNames}/versions/1`)],
  ['an address that does not exist', () => get(`/v1/${person.givenNames}?v_number=${NUMBER}`)],
  ['a method that does not exist', () => ({ ...post({ v: NUMBER }, json, `/v1/messages/${NUMBER}`) })],
  ['a name that is too long for an address', () => get(`/v1/cases/${person.givenNames.repeat(40)}`)],
  ['a number as a place in the inbox', () => get(`/v1/inbox?after=x${NUMBER}`)],
  ['a name as a parameter', () => get(`/v1/inbox?${person.givenNames}=${NUMBER}`)],
  ['a name as a purpose', () => get(`/v1/cases/${journey.caseId}`, { ...asPerson, 'purpose-of-use': NAME })],
  ['a name as a reference', () => get(`/v1/cases/${journey.caseId}`, { ...asPerson, 'user-reference': NAME })],
  ['a name as what to accept', () => get('/v1/inbox', { accept: `text/${person.givenNames}` })],
  ['a header that is too long', () => get('/v1/inbox', { 'x-remark': NAME.repeat(2_000) })],
  ['a search by name', () => post({ name: NAME }, { ...json, ...asPerson }, '/v1/cases/_search')],
  ['a search by a broken number', () => post({ vNumber: `${NUMBER}x` }, { ...json, ...asPerson }, '/v1/cases/_search')],
  ['a search by who may not', () => post({ vNumber: NUMBER }, { ...json, ...asPerson }, '/v1/cases/_search'), 'ngo-1'],
  [
    'names in an acknowledgement',
    () => post({ acknowledgements: [{ messageId: NAME, status: STREET, [NUMBER]: 1 }] }, json, '/v1/acknowledgements'),
  ],
  ['a search of the log by name', () => post({ name: NAME, subject: `${NUMBER}0` }, json, LOG_SEARCH), 'fg-gro'],
  ['a number for an entry', () => get(`/v1/access-log-entries/${NUMBER}`), 'fg-gro'],
  ['a name for an entry to prove', () => get(`/v1/access-log-entries/${person.givenNames}/inclusion-proof`)],
  ['a name for a trace', () => post({ traceId: NAME, [NUMBER]: 1 }, json, '/v1/processing-activities'), 'fg-gro'],
  ['a name as ground of a view', () => post({ ground: NAME, validUntil: STREET }, json, '/v1/access-grants'), 'fg-gro'],
  [
    'a report on a name',
    () => post({ requestMessageId: NAME, vNumber: `${NUMBER}x` }, json, '/v1/data-subject-reports'),
    'fg-gro',
  ],
  [
    'a report on the number without a request',
    () => post({ requestMessageId: randomUUID(), vNumber: NUMBER }, json, '/v1/data-subject-reports'),
    'fg-gro',
  ],
  ['a name as purpose of an evaluation', () => post({ purpose: NAME, view: STREET }, json, '/v1/policy-evaluations')],
  [
    'names in a question of another standard',
    () => post({ subject: { type: NAME, id: NUMBER }, action: { name: STREET }, resource: NAME }, json, EVALUATION),
  ],
  [
    'a name as who gets access',
    () =>
      post({ kind: 'MRT', member: NUMBER, person: NAME, basis: STREET }, json, `/v1/cases/${journey.caseId}/grants`),
  ],
  [
    'a name as a checkpoint',
    () => post(`${NAME}\n${NUMBER}\n`, { 'content-type': 'text/plain' }, '/v1/log/cosignatures'),
  ],
];

const seen: Place[] = [];
const LOG_SEARCH = '/v1/access-log-entries/_search';
const EVALUATION = '/access/v1/evaluation';

describe('known values of one person', () => {
  it(
    'go through the main job: sent, checked, notified, asked for, delivered, read and acknowledged',
    async () => {
      let shown = '';
      for (const name of RECEIVERS) {
        const items = await inboxOf(world, name, 1);
        seen.push({ name: `inbox of ${name}`, text: JSON.stringify(items) });
        for (const { messageId } of items) {
          for (const purpose of PURPOSES) shown += (await contentOf(world, name, messageId, purpose)).text;
        }
        const acknowledgements = items.map(({ messageId }) => ({ messageId, status: 'taken' }));
        await world.as(name).post('/v1/acknowledgements').send({ acknowledgements }).expect(200);
      }
      for (const value of Object.values(person)) expect([value, shown.includes(value)]).toEqual([value, true]);
      const search = await overTheWire(
        world,
        'gro',
        post({ vNumber: NUMBER }, { ...json, ...asPerson }, '/v1/cases/_search'),
      );
      expect(search.bytes).toContain(journey.caseId);
      for (const view of ['', '/dossier', '/timeline']) {
        const answer = await overTheWire(world, 'gro', get(`/v1/cases/${journey.caseId}${view}`));
        expect(answer.bytes).toMatch(/^HTTP\/1\.1 200/);
        seen.push({ name: `case${view}`, text: answer.bytes });
      }
    },
    LIMIT_MS,
  );

  it(
    'are looked for by officers and delivered by an adapter',
    async () => {
      const search = await overTheWire(world, 'fg-gro', post({ subject: NUMBER }, json, LOG_SEARCH));
      expect(search.bytes).toContain(journey.caseId);
      seen.push({ name: 'search of the log', text: search.bytes });
      const question = { 'dpl.core.data_subject_id': NUMBER };
      const spans = await overTheWire(world, 'fg-gro', post(question, json, '/v1/processing-activities'));
      expect(spans.bytes).toContain('content.read');
      seen.push({ name: 'spans', text: spans.bytes });
      const system = await RecordingSystem.listen();
      const adapter = new AdapterProcess(world, { name: 'dtv', webhookUrl: system.url });
      await adapter.start();
      const another = { ...person, vNumber: vNumber() };
      const { caseId } = await accepted(world, 'gro', application('gro', 'GRO', another));
      await accepted(world, 'gro', checkRequest('gro', caseId, another));
      await accepted(world, 'gro', stayStarted('gro', caseId));
      await until('the adapter delivers', LIMIT_MS, () => system.effects().length > 0);
      expect(JSON.stringify(system.effects())).toContain(NAME);
      await adapter.stop();
      await system.close();
      const left = adapter.everythingLeft();
      expect(left.length).toBeGreaterThan(2);
      seen.push(...left);
    },
    LIMIT_MS,
  );

  it.each(REFUSED)('are refused, and not repeated to the caller, in %s', async (what, request, name = 'gro') => {
    const { bytes } = await overTheWire(world, name, request());
    expect(bytes).toMatch(/^HTTP\/1\.1 4\d\d /);
    seen.push({ name: `answer to ${what}`, text: bytes });
    expect(findLeaks(PLANTED, [{ name: what, text: bytes }])).toEqual([]);
  });

  it('are refused under the id of another message', async () => {
    const message = signUp();
    await accepted(world, 'gro', message);
    const other = { ...message, data: { ...message.data, family_name: NAME.toUpperCase() } };
    const { bytes } = await overTheWire(world, 'gro', post(other));
    expect(bytes).toMatch(/^HTTP\/1\.1 409 /);
    seen.push({ name: 'answer to another body', text: bytes });
  });

  it('stand in no table, no log, no metric, no notification, no problem document, no adapter’s state', async () => {
    const kept = await everythingKept(world);
    expect(kept.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['table ketenpoort.access_record', 'table ketenpoort.content', 'metrics']),
    );
    expect(findLeaks(PLANTED, [...kept, ...seen])).toEqual([]);
  });

  it('stand in no access record, although each refusal that was decided has one', async () => {
    const records = await allRecords(world);
    expect(records.filter(({ kind }) => kind === 'REFUSAL').length).toBeGreaterThan(20);
    expect(findLeaks(PLANTED, [{ name: 'records', text: JSON.stringify(records) }])).toEqual([]);
  });
});

describe('the search itself', () => {
  it('knows the forms of a value as other programs write them', () => {
    const text = (form: string): string | undefined => formsOf('Anna').find((one) => one.form === form)?.text;
    expect(text('hex')).toBe('416e6e61');
    expect(text('SHA-256 in hex')).toBe(createHash('sha256').update('Anna').digest('hex'));
    for (const before of ['', 'x', 'xy', 'xyz']) {
      const encoded = Buffer.from(`${before}Anna en meer`).toString('base64');
      expect(encoded).toContain(text(`base64 at ${before.length % 3}`));
    }
  });

  it.each(PLANTED.flatMap((value) => formsOf(value).map(({ form, text }) => [value, form, text] as const)))(
    'finds %s as %s',
    (value, form, text) => {
      const found = findLeaks(PLANTED, [{ name: 'a line', text: `{"message":"about ${text}."}` }]);
      expect(found).toContainEqual({ place: 'a line', value, form });
    },
  );

  it('finds a leak that was planted in a table, in bytes of a table and in a log', async () => {
    await world.rows(`INSERT INTO pilot (code, name, municipality_code) VALUES ('QQQ', $1, '0000')`, [NAME]);
    await world.rows(
      `INSERT INTO content (message_id, key_id, wrapped_key, nonce, ciphertext, created_at)
       VALUES ($1, 'k', '\\x00', decode(repeat('00', 12), 'hex'), $2, now())`,
      [randomUUID(), Buffer.from(JSON.stringify({ street: Buffer.from(STREET).toString('base64') }))],
    );
    appendFileSync(join(world.folder, 'gateway-0.log'), `{"msg":"read ${NUMBER}"}\n`);
    const found = findLeaks(PLANTED, await everythingKept(world));
    expect(found).toContainEqual({ place: 'table ketenpoort.pilot', value: NAME, form: 'raw' });
    expect(found).toContainEqual({ place: 'table ketenpoort.content', value: STREET, form: 'base64 at 0' });
    expect(found).toContainEqual({ place: 'log of the gateway', value: NUMBER, form: 'raw' });
  });
});
