import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerOf, CLOUD_EVENT, expectOwnHeaders, expectProblem, head, RawCaller } from './support/api-answers.js';
import { accepted, consult, contentOf, inboxOf, recordsDuring, submit } from './support/calls.js';
import { application, checkRequest, event, indAnswer, vNumber, type Event } from './support/messages.js';
import { REFUSALS } from './support/refusals.js';
import { peer, World } from './support/world.js';

/** API Design Rules 2.2 on the running gateway: what no document can show. Numbers are those of the conformance table. */
const LIMIT_MS = 60_000;
const PERSON = { vNumber: vNumber(), familyName: 'Regelrecht' };
const PURPOSE = { 'purpose-of-use': 'P01', 'user-reference': 'medewerker-1' };
const TWO_MEGABYTES = 2 * 1024 * 1024;

const signUp = (): Event => application('gro', 'GRO', { vNumber: vNumber(), familyName: 'Regelrecht' });

let world: World;
let caseId: string;
let asked: string;
const raw = new RawCaller(() => world);

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  ({ caseId } = await accepted(world, 'gro', application('gro', 'GRO', PERSON)));
  ({ messageId: asked } = await accepted(world, 'gro', checkRequest('gro', caseId, PERSON)));
}, LIMIT_MS);
afterAll(() => world.close());

describe('every answer', () => {
  it.each(REFUSALS)('C17 C18 C20 C21 refuses %s with %i %s', async (_name, status, code, ask) => {
    const answer = await ask(raw);
    expectProblem(answer, status, code);
    expectOwnHeaders(answer);
  }, LIMIT_MS); // prettier-ignore

  it('C17 C21 has version and security headers when all is well too', async () => {
    for (const path of ['/v1/inbox', '/v1/contracts']) expectOwnHeaders(await raw.get(path));
    expectOwnHeaders(answerOf(await submit(world, 'gro', signUp())));
  });

  it('C18 says of a fault of its own only a number, under which the log tells more without content', async () => {
    const { caseId: broken } = await accepted(world, 'gro', signUp());
    await world.rows(`UPDATE lvv_case SET snapshot = '{"parties": 471147114711}' WHERE id = $1`, [broken]);
    const answer = answerOf(await consult(world, 'gro', broken, PURPOSE));
    expectProblem(answer, 500, 'INTERNAL');
    expectOwnHeaders(answer);
    const { instance } = JSON.parse(answer.body) as { instance: string };
    const line = world
      .logs()
      .split('\n')
      .find((one) => one.includes(instance.replace('urn:uuid:', '')));
    expect(line).toContain('a request failed inside the gateway');
    expect(line).not.toContain('471147114711');
  });

  it('C18 answers the others of a batch when the content of one cannot be opened', async () => {
    const person = { ...PERSON, vNumber: vNumber() };
    const { caseId: other } = await accepted(world, 'gro', application('gro', 'GRO', person));
    const broken = await accepted(world, 'gro', checkRequest('gro', other, person));
    const turned = 'set_byte(wrapped_key, 20, get_byte(wrapped_key, 20) # 1)';
    await world.rows(`UPDATE content SET wrapped_key = ${turned} WHERE message_id = $1`, [broken.messageId]);
    const reads = Array.from({ length: 24 }, (_, n) => (n % 4 === 3 ? broken.messageId : asked));
    const answers = await Promise.all(reads.map((messageId) => contentOf(world, 'ind', messageId, 'P01')));
    expect(answers.map(({ status }) => status)).toEqual(reads.map((one) => (one === asked ? 200 : 500)));
  });

  it('C18 asks to come back, and does nothing, when its log cannot be written', async () => {
    await world.rows('ALTER TABLE access_record RENAME TO access_record_away');
    try {
      const answer = answerOf(await contentOf(world, 'ind', asked, 'P01'));
      expectProblem(answer, 503, 'LOG_UNAVAILABLE');
      expectOwnHeaders(answer);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await world.rows('ALTER TABLE access_record_away RENAME TO access_record');
    }
    expect((await contentOf(world, 'ind', asked, 'P01')).status).toBe(200);
  });
});

describe('a refusal on the way', () => {
  it('C18 C19 says that a purpose or a user is missing', async () => {
    expectProblem(answerOf(await contentOf(world, 'ind', asked)), 403, 'PURPOSE_REQUIRED');
    const withoutUser = await consult(world, 'gro', caseId, { 'purpose-of-use': 'P01' });
    expectProblem(answerOf(withoutUser), 400, 'USER_REFERENCE_REQUIRED');
  });
});

describe('methods', () => {
  const METHODS = ['HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'QUERY'];

  it.each([
    ['/v1/inbox', 'GET', [...METHODS, 'POST']],
    ['/v1/messages', 'POST', [...METHODS, 'GET']],
    ['/v1/cases/_search', 'POST', [...METHODS, 'GET']],
    [`/v1/messages/4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20/content`, 'GET', [...METHODS, 'POST']],
  ])('C19 refuses on %s all but %s, and names it in Allow', async (path, allow, methods) => {
    for (const method of methods) {
      const answer = await raw.send(head(method, path));
      expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, allow]);
      expectOwnHeaders(answer);
      if (method === 'HEAD') expect(answer.body).toBe('');
      else expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
    }
  });

  it('does not let TRACE give back what was sent', async () => {
    const answer = await raw.send(head('TRACE', '/v1/inbox', 'User-Reference: medewerker-echo'));
    expect(JSON.stringify(answer)).not.toContain('medewerker-echo');
  });
});

describe('what a client sees of a body that is too large', () => {
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 0x20), Buffer.from('\r\n')]);
  const all = Array.from({ length: 32 }, () => chunk);

  it.each([
    ['with its length', [`Content-Length: ${TWO_MEGABYTES}`], [Buffer.alloc(TWO_MEGABYTES, 0x20)]],
    ['and closes after it', ['Connection: close', `Content-Length: ${TWO_MEGABYTES}`], [Buffer.alloc(TWO_MEGABYTES, 0x20)]],
    ['in chunks', ['Transfer-Encoding: chunked'], [...all, Buffer.from('0\r\n\r\n')]],
  ])('C18 is the reason and not a broken connection, when it sends 2 MB %s', async (_how, headers, body) => {
    for (let times = 0; times < 8; times += 1) {
      const first = head('POST', '/v1/messages', `Content-Type: ${CLOUD_EVENT}`, ...headers);
      expectProblem(await raw.send([Buffer.from(first), ...body]), 413, 'BODY_TOO_LARGE');
    }
  }, LIMIT_MS); // prettier-ignore

  it('C18 is also the reason of an earlier refusal, whatever it goes on to send', async () => {
    const first = head('POST', '/v1/nothing', 'Connection: close', `Content-Length: ${TWO_MEGABYTES}`);
    for (let times = 0; times < 5; times += 1) {
      expectProblem(await raw.send([Buffer.from(first), Buffer.alloc(TWO_MEGABYTES)]), 404, 'ROUTE_NOT_FOUND');
    }
  });
});

describe('invalid input', () => {
  it('C19 lists all errors of envelope and content at once, as 400 and never 422, without a value or unknown name', async () => {
    const message = event('gro', 'resident-application', {
      pilot: 'groningen',
      birth_date: 'gisteren',
      sex: 'Q',
      geheimveld: 'geheimwaarde',
    });
    const answer = await submit(world, 'gro', { ...message, specversion: '2.0', source: 'urn:geheim' });
    expect([answer.status, answer.body.code]).toEqual([400, 'SCHEMA_INVALID']);
    const pointers = (answer.body.errors as { pointer: string }[]).map((one) => one.pointer);
    const wrong = [
      '/specversion',
      '/source',
      '/data/pilot',
      '/data/birth_date',
      '/data/sex',
      '/data/family_name',
      '/data',
    ];
    expect(pointers).toEqual(expect.arrayContaining(wrong));
    expect(answer.text).not.toMatch(/groningen|gisteren|geheim/);
  });

  it('C19 lists every wrong query parameter', async () => {
    const answer = await raw.get('/v1/inbox?after=-1&limit=1000&waitSeconds=x&state=all');
    const { errors } = JSON.parse(answer.body) as { errors: { pointer: string }[] };
    expect(errors.map((one) => one.pointer).sort()).toEqual(['/after', '/limit', '/state', '/waitSeconds']);
  });

  it('C19 takes JSON under its own name with parameters, and any Accept that JSON meets', async () => {
    const message = signUp();
    const sent = await world.as('gro').post('/v1/messages').set('content-type', `${CLOUD_EVENT}; charset=utf-8`)
      .set('accept', 'text/html;q=0.9, application/*;q=0.1').send(JSON.stringify(message)); // prettier-ignore
    expect(sent.status).toBe(202);
  });
});

describe('headers that only a component of the gateway itself may set', () => {
  it('C21 say nothing when they come from outside: the caller is who holds the connection', async () => {
    const dtv = world.tlsOf('dtv').cert.toString('base64');
    const claims = {
      'client-cert': `:${dtv}:`,
      'x-forwarded-client-cert': `Subject="serialNumber=${peer('dtv').oin}"`,
      'x-ssl-client-cert': dtv,
      forwarded: 'for=203.0.113.7;host=elders.example',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-host': 'elders.example',
      'x-http-method-override': 'DELETE',
    };
    const { answer, records } = await recordsDuring(world, () =>
      consult(world, 'gro', caseId, { ...PURPOSE, ...claims }),
    );
    expect(answer.status).toBe(200);
    expect(records.map((one) => one.peer?.oin)).toEqual([peer('gro').oin]);
    expect(JSON.stringify([records, answer.headers, answer.body])).not.toMatch(/203\.0\.113\.7|elders\.example/);
    const stranger = await consult(world, 'utr', caseId, { ...PURPOSE, ...claims });
    expect(stranger.status).toBe(404);
    const inbox = await inboxOf(world, 'ind', 1);
    expect(inbox[0]?.event.dataref).not.toContain('elders.example');
  });
});

describe('dates and times', () => {
  it('C22 takes any offset and answers in UTC', async () => {
    const asOf = '2026-01-15T11:30:00.5+01:00';
    const message = { ...indAnswer(caseId), time: '2026-01-15T06:00:00-05:30' };
    const answer = await submit(world, 'ind', { ...message, data: { ...message.data, as_of: asOf } });
    expect(answer.status).toBe(202);
    expect(answer.body.acceptedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const timeline = await consult(world, 'gro', `${caseId}/timeline`, PURPOSE);
    const { events } = (timeline.body as { data: { events: { at: string }[] } }).data;
    expect(events.every((one) => one.at.endsWith('Z'))).toBe(true);
    const status = await world.as('ind').get(`/v1/messages/${String(answer.body.messageId)}`);
    const times = status.text.match(/\d\dT\d\d:\d\d:\d\d[^"]*/g) ?? [];
    expect(times.length).toBeGreaterThan(0);
    expect(times.filter((time) => !time.endsWith('Z'))).toEqual([]);
    const [item] = (await inboxOf(world, 'gro', 1)).slice(-1);
    expect(item?.event.time).toMatch(/Z$/);
  });

  it.each(['2026-01-15T11:30:00', '2026-01-15t11:30:00z', '2026-01-15T11:30:00-00:00', '9999-12-31T23:59:59-23:59'])(
    'C22 refuses %s as an instant, in envelope and content',
    async (instant) => {
      const message = indAnswer(caseId);
      const data = { ...message.data, as_of: instant };
      const answer = await submit(world, 'ind', { ...message, time: instant, expiresat: instant, data });
      const pointers = (answer.body.errors as { pointer: string }[]).map((one) => one.pointer);
      expect([answer.status, pointers.sort()]).toEqual([400, ['/data/as_of', '/expiresat', '/time']]);
    },
  );

  it('C22 has no time in a field that is a date', async () => {
    const { caseId: other } = await accepted(world, 'gro', signUp());
    const message = event('gro', 'stay-event', { stay_id: 'x-1', event: 'STARTED', kind: 'SHELTER', on: '2026-01-15T00:00:00Z' }, { caseid: other }); // prettier-ignore
    const answer = await submit(world, 'gro', message);
    expect((answer.body.errors as { pointer: string }[]).map((one) => one.pointer)).toContain('/data/on');
  });
});
