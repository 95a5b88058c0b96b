import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import request from 'supertest';
import { toKafkaRecord } from '#messaging/kafka-binding.js';
import { answerOf, expectOwnHeaders, expectProblem, head } from './support/api-answers.js';
import { inboxOf, submit } from './support/calls.js';
import { Documented, type ServedDocument } from './support/documented.js';
import { oneOfEachCall, UNKNOWN_ID } from './support/one-of-each-call.js';
import { playMainJob, type Journey } from './support/journey.js';
import { application, vNumber } from './support/messages.js';
import { rawRequest } from './support/raw-http.js';
import { spectralErrors } from './support/spectral.js';
import { World } from './support/world.js';

const LIMIT_MS = 90_000;
const RULES = 'test/support/api-design-rules.spectral.yaml';

let world: World;
let journey: Journey;
let served: ServedDocument;
const person = { vNumber: vNumber(), familyName: 'Gedocumenteerd' };

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  journey = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
  served = (await anyone().get('/v1/openapi.json')).body as ServedDocument;
}, LIMIT_MS);
afterAll(() => world.close());

interface ServedEvents {
  readonly components: { readonly messages: Record<string, { summary: string; headers: { $ref: string } }> };
}

/** A caller without certificate, on the public listener. */
function anyone() {
  return request.agent(world.gateways[0]?.publicUrl ?? '', { ca: readFileSync(world.pki.caFile) });
}

function written(name: string, document: unknown): string {
  const folder = join(world.folder, 'documents');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), JSON.stringify(document));
  return join(folder, name);
}

/** One fault for each rule of ours: where, and what stands there instead; nothing is taken away. */
const FAULTS: readonly (readonly [path: readonly string[], value?: unknown])[] = [
  [['openapi'], '3.1'],
  [['info', 'version'], '1.0'],
  [['info', 'contact', 'email']],
  [['servers', '0', 'url'], 'http://poort.example/api'],
  [['paths', '/inbox', 'get', 'parameters', '0'], { name: 'v_number', in: 'query', schema: { type: 'string' } }],
  [['paths', '/inbox', 'get', 'responses', '200', 'headers'], {}],
  [['paths', '/inbox', 'get', 'responses', '400']],
  [['paths', '/inbox', 'get', 'responses', '503', 'content'], { 'application/json': { schema: { type: 'object' } } }],
  [['paths', '/Dossier_parts/'], { trace: { operationId: 'traceDossier', responses: {} } }],
  [['components', 'schemas', 'niet_zo'], { properties: { startDate: { type: 'string', format: 'time' } } }],
];

function spoilt(document: ServedDocument): object {
  const copy = structuredClone(document) as unknown as Record<string, unknown>;
  for (const [path, value] of FAULTS) {
    const parent = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, copy);
    const name = path.at(-1) ?? '';
    if (value === undefined) delete parent[name];
    else parent[name] = value;
  }
  return copy;
}

describe('C16 the OpenAPI document', () => {
  it('is given to anyone, from every origin, with the version of the interface', async () => {
    const answer = await anyone().get('/v1/openapi.json').set('origin', 'https://elders.example');
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['api-version']).toBe(served.info.version);
    expectOwnHeaders(answerOf(answer));
    expect(served.servers).toEqual([{ url: `${world.gateways[0]?.url}/v1`, description: 'De poort' }]);
  });

  it('is the committed one but for its address', () => {
    const committed = JSON.parse(readFileSync('docs/generated/openapi.json', 'utf8')) as ServedDocument;
    const example = committed.servers[0].url.replace('/v1', '');
    const elsewhere = JSON.stringify(served).replaceAll(world.gateways[0]?.url ?? '', example);
    expect(JSON.parse(elsewhere)).toEqual(committed);
  });

  it('has no error by the API design rules, and each rule finds its fault in a spoilt copy', async () => {
    const files = [written('served.json', served), written('spoilt.json', spoilt(served))];
    const found = await spectralErrors(RULES, files);
    expect(found.filter((one) => one.file === 'served.json')).toEqual([]);
    const ours = [...readFileSync(RULES, 'utf8').matchAll(/^ {2}(core-[a-z-]+):$/gm)].map((match) => match[1]);
    expect(ours.length).toBeGreaterThan(12);
    expect([...new Set(found.map((one) => one.rule))]).toEqual(expect.arrayContaining(ours));
  }, LIMIT_MS); // prettier-ignore

  it('names exactly the methods that each address has', async () => {
    for (const [path, item] of Object.entries(served.paths)) {
      const [{ url }] = Object.values(item)[0]?.servers ?? served.servers;
      const address = `${new URL(url).pathname}${path.replace(/\{[a-zA-Z]+\}/g, UNKNOWN_ID)}`;
      const allow = Object.keys(item).map((method) => method.toUpperCase()).sort().join(', '); // prettier-ignore
      const officer = Object.values(item).some((one) => one.security !== undefined);
      const refused = await world.as(officer ? 'fg-gro' : 'gro').put(address);
      expect([path, refused.status, refused.headers.allow]).toEqual([path, 405, allow]);
    }
    const elsewhere = await world.as('gro').get('/v1/openapi.json');
    expect(elsewhere.status).toBe(404);
  });

  it('describes every answer: one of each call, and refusals', async () => {
    const documented = new Documented(served);
    for (const [operationId, status, call] of await oneOfEachCall(world, journey, person)) {
      const answer = await call;
      expect([operationId, answer.status]).toEqual([operationId, status]);
      expect(documented.problems(operationId, answerOf(answer))).toEqual([]);
    }
    const succeeded = [200, 201, 202, 204].flatMap((status) => documented.answered(status));
    const all = Object.values(served.paths).flatMap((item) => Object.values(item).map((one) => one.operationId));
    expect(succeeded.sort()).toEqual(all.sort());
  }, LIMIT_MS); // prettier-ignore
});

describe('the keys of the receipts', () => {
  it('are given to anyone, and verify what a sender was given', async () => {
    const answer = await anyone().get('/v1/receipt-keys');
    expect(answer.headers['content-type']).toBe('application/jwk-set+json');
    const keys = JSON.parse(answer.text) as JSONWebKeySet;
    expect(keys.keys).toEqual([expect.objectContaining({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' })]);
    expect(JSON.stringify(keys)).not.toContain('"d"');
    const other = { vNumber: vNumber(), familyName: 'Ontvangstbewijs' };
    const { body } = await submit(world, 'gro', application('gro', 'GRO', other));
    const { receipt, messageId } = body as { receipt: string; messageId: string };
    const { payload } = await compactVerify(receipt, createLocalJWKSet(keys));
    expect(JSON.parse(Buffer.from(payload).toString('utf8'))).toMatchObject({ messageId });
    const spoilt = receipt.replace(/\.[^.]+$/, `.${'A'.repeat(86)}`);
    await expect(compactVerify(spoilt, createLocalJWKSet(keys))).rejects.toThrow();
  });
});

describe('the AsyncAPI document', () => {
  it('is given to anyone, and is one by the rules of AsyncAPI 3.1', async () => {
    const answer = await anyone().get('/v1/asyncapi.json');
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(answer.body.asyncapi).toBe('3.1.0');
    expect(answer.body).toEqual(JSON.parse(readFileSync('docs/generated/asyncapi.json', 'utf8')));
    const broken = { ...answer.body, operations: { wrong: { action: 'publish', channel: { $ref: '#/channels/none' } } } };
    const files = [written('async.json', answer.body), written('broken.json', broken)];
    const found = await spectralErrors('test/support/asyncapi.spectral.yaml', files);
    expect(found.filter((one) => one.file === 'async.json')).toEqual([]);
    expect(found.filter((one) => one.file === 'broken.json')).not.toEqual([]);
  }, LIMIT_MS); // prettier-ignore

  it('C23 C24 describes the headers of every notification that was really sent', async () => {
    const body = (await anyone().get('/v1/asyncapi.json')).body as ServedEvents;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(body, 'async');
    const items = (
      await Promise.all(['ind', 'dtv', 'gro', 'coa', 'ngo-1'].map((name) => inboxOf(world, name, 1)))
    ).flat();
    expect(new Set(items.map((item) => item.event.type)).size).toBe(4);
    const messages = Object.values(body.components.messages);
    for (const { event } of items) {
      const message = messages.find((one) => one.summary.includes(` ${event.type},`));
      expect([event.type, ajv.validate(`async${message?.headers.$ref}`, toKafkaRecord(event).headers)]).toEqual([
        event.type,
        true,
      ]);
    }
  });
});

describe('the public listener', () => {
  it('shows the page for people, which loads nothing', async () => {
    const answer = await anyone().get('/docs');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.text).toContain('POST</span> /v1/messages');
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expectOwnHeaders(answerOf(answer));
  });

  it('C17 C18 C21 knows no other address and no other method', async () => {
    for (const path of [
      '/',
      '/docs/',
      '/v1/inbox',
      '/v1/openapi.yaml',
      '/v1//openapi.json',
      '/v1/cases/_search',
      '/%zz',
    ]) {
      const answer = answerOf(await anyone().get(path));
      expectProblem(answer, 404, 'ROUTE_NOT_FOUND');
      expectOwnHeaders(answer);
    }
    for (const method of ['post', 'put', 'delete', 'trace'] as const) {
      const answer = answerOf(await anyone()[method]('/v1/openapi.json'));
      expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
      expectOwnHeaders(answer);
    }
  });

  it('answers HEAD without the document and OPTIONS to any origin', async () => {
    const whole = await anyone().get('/v1/openapi.json');
    const short = await anyone().head('/v1/openapi.json');
    expect([short.status, short.text, short.headers['content-length']]).toEqual([
      200,
      undefined,
      whole.headers['content-length'],
    ]);
    const asked = await anyone().options('/v1/openapi.json').set('access-control-request-method', 'GET');
    expect([asked.status, asked.headers['access-control-allow-origin'], asked.text]).toEqual([204, '*', '']);
    expectOwnHeaders(answerOf(asked));
  });

  it('C18 refuses what is no request and what is too much of one, with its reason', async () => {
    const url = world.gateways[0]?.publicUrl ?? '';
    const tls = { ca: readFileSync(world.pki.caFile) };
    expectProblem(await rawRequest(url, tls, 'goedemorgen\r\n\r\n'), 400, 'INVALID_PARAMETER');
    expectProblem(await rawRequest(url, tls, 'GET /docs HTTP/1.1\r\n\r\n'), 400, 'INVALID_PARAMETER');
    const flood = Array<string>(100).fill(`X-Long: ${'a'.repeat(1_000)}`);
    expectProblem(await rawRequest(url, tls, head('GET', '/docs', ...flood)), 431, 'HEADERS_TOO_LARGE');
    const large = [
      Buffer.from(head('POST', '/docs', 'Connection: close', 'Content-Length: 2000000')),
      Buffer.alloc(2_000_000),
    ];
    expectProblem(await rawRequest(url, tls, large), 405, 'METHOD_NOT_ALLOWED');
  });
});
