import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import request from 'supertest';
import { expectOwnHeaders, head, type Answer } from './support/api-answers.js';
import { accepted, inboxOf } from './support/calls.js';
import { Documented, type ServedDocument } from './support/documented.js';
import { FuzzCaller } from './support/fuzz/fuzz-caller.js';
import { requestsOf, type FuzzRequest } from './support/fuzz/requests.js';
import type { Known } from './support/fuzz/schema-values.js';
import { PLANTED } from './support/fuzz/spoil.js';
import { playMainJob, type Journey } from './support/journey.js';
import { application, vNumber } from './support/messages.js';
import { rawRequest } from './support/raw-http.js';
import { peer, World } from './support/world.js';

/**
 * Requests made up from the document that the gateway serves, by callers of every kind. Whatever is asked, the answer is
 * one that the document has. `FUZZ_SEED` repeats a run, `FUZZ_RUNS` (requests to each call) lengthens it.
 */
/** In CI always the same requests: a run that fails says something about the change that was made. */
const DEFAULT_SEED = process.env.CI === 'true' ? 20_261_128 : Date.now() % 2 ** 31;
const SEED = Number(process.env.FUZZ_SEED ?? DEFAULT_SEED);
const RUNS = Number(process.env.FUZZ_RUNS ?? 25);
/** A run of CI ends here, however few requests a busy machine took. */
const TIME_LIMIT_MS = process.env.FUZZ_RUNS === undefined ? 20_000 : 3_600_000;
const LIMIT_MS = TIME_LIMIT_MS + 120_000;
const CALLERS = ['gro', 'ind', 'dtv', 'coa', 'avim', 'ngo-1', 'utr', 'fg-gro', 'fg-ind'];
/** Nothing of the inside of the gateway: code, statements, addresses in memory or on disk. */
const INSIDE =
  /node_modules|\.js:\d|\bat [\w.]+ \(|Error:|FST_|\bSELECT\b|\bINSERT\b|postgres|relation "|\/apps\/|\/tmp\//i;

let world: World;
let journey: Journey;
let served: ServedDocument;
let caller: FuzzCaller;
let known: Known;
const person = { vNumber: vNumber(), familyName: 'Willekeurig' };

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  journey = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
  await inboxOf(world, 'ind', 1);
  const anyone = request.agent(world.gateways[0]?.publicUrl ?? '', { ca: readFileSync(world.pki.caFile) });
  served = (await anyone.get('/v1/openapi.json')).body as ServedDocument;
  caller = new FuzzCaller(world);
  known = await whatExists();
  process.stdout.write(`FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}\n`);
}, LIMIT_MS);
afterAll(async () => {
  caller.close();
  await world.close();
});

/** Ids of the gateway's own case, and one of each that does not exist. */
async function whatExists(): Promise<Known> {
  const ids = async (sql: string): Promise<string[]> => (await world.rows<{ id: string }>(sql)).map(({ id }) => id);
  const messages = [...Object.values(journey.posted), ...(await ids('SELECT id FROM message LIMIT 20')), randomUUID()];
  const records = [...(await ids('SELECT id FROM access_record LIMIT 20')), randomUUID()];
  const caseIds = [journey.caseId, journey.caseId, randomUUID()];
  const reportId = [randomUUID()];
  return {
    caseid: caseIds,
    caseId: caseIds,
    messageId: messages,
    target_message_id: messages,
    entryId: records,
    grantId: [randomUUID()],
    reportId,
    source: CALLERS.filter((name) => !name.startsWith('fg-')).map((name) => `urn:nld:oin:${peer(name).oin}:proef`),
    v_number: [person.vNumber, '0000999999'],
    vNumber: [person.vNumber],
    subject: [person.vNumber, { type: 'user', id: 'm-1' }],
    name: ['stay-event', 'read', 'nothing'],
    version: [1, 99],
    // A poll that waits is another story.
    waitSeconds: [0],
    pilot: ['GRO', 'UTR'],
    jws: [],
  };
}

/** All that is wrong with an answer, by the document and by the rules for every answer; empty when nothing is. */
function faults(documented: Documented, { operationId }: FuzzRequest, answer: Answer): string[] {
  const found = documented.problems(operationId, answer);
  const { status, headers, body } = answer;
  if (status >= 500 && !(status === 503 && headers['retry-after'])) found.push(`${operationId} answered ${status}`);
  if (status === 429 && !headers['retry-after']) found.push(`${operationId} did not say when to come back`);
  if (status >= 400 && body.includes(PLANTED)) found.push(`${operationId} repeated what was sent`);
  if (status >= 400 && INSIDE.test(body)) found.push(`${operationId} showed something of the inside`);
  return found;
}

/** Asks every call so many times; rejects with the smallest request whose answer is at fault, and its seed. */
async function fuzz(document: ServedDocument, runs: number, only?: string): Promise<Documented> {
  const documented = new Documented(document);
  const calls = requestsOf(document, known, CALLERS);
  const timeLimitMs = TIME_LIMIT_MS / calls.length;
  for (const { requests } of calls.filter(({ operationId }) => operationId === (only ?? operationId))) {
    const property = fc.asyncProperty(requests, async (made) => {
      const answer = await caller.send(made);
      expectOwnHeaders(answer);
      expect(faults(documented, made, answer)).toEqual([]);
    });
    const limit = only === undefined ? { interruptAfterTimeLimit: timeLimitMs } : {};
    await fc.assert(property, { seed: SEED, numRuns: runs, includeErrorInReport: true, ...limit });
  }
  return documented;
}

describe('whatever is asked', () => {
  it('C16 C17 C18 C21 of any call gets an answer that the document has, and shows nothing of the inside', async () => {
    const documented = await fuzz(served, RUNS);
    const refused = documented.answered(400).length + documented.answered(403).length;
    expect(refused).toBeGreaterThan(30);
    expect(documented.answered(200).length).toBeGreaterThan(5);
    expect(world.logs()).not.toContain('a request failed inside the gateway');
    expect(world.logs()).not.toContain(PLANTED);
  }, LIMIT_MS); // prettier-ignore

  it('C17 C18 C21 of the public listener gets a document or a problem', async () => {
    const { publicUrl: url = '' } = world.gateways[0] ?? {};
    const tls = { ca: readFileSync(world.pki.caFile) };
    const piece = fc.constantFrom('v1', 'log', 'openapi.json', 'checkpoint', 'tile', '0', 'entries', '000.p', '000', '..', '%2e', PLANTED, '%zz', '');
    const method = fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE', 'TRACE');
    const property = fc.asyncProperty(method, fc.array(piece, { maxLength: 7 }), async (how, pieces) => {
      const answer = await rawRequest(url, tls, head(how, `/${pieces.join('/')}`, 'Connection: close'));
      expect([200, 204, 400, 404, 405]).toContain(answer.status);
      expect(answer.headers['api-version']).toBe('1.0.0');
      expect(answer.body).not.toContain(PLANTED);
      if (how !== 'HEAD' && answer.status >= 400) expect(JSON.parse(answer.body)).toMatchObject({ status: answer.status });
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS * 4, includeErrorInReport: true, interruptAfterTimeLimit: 5_000 });
  }, LIMIT_MS); // prettier-ignore
});

describe('the search itself', () => {
  it('finds an answer that the document does not have', async () => {
    const poorer = structuredClone(served);
    delete poorer.paths['/inbox']?.get?.responses['400'];
    await expect(fuzz(poorer, 60, 'listInbox')).rejects.toThrow(/listInbox does not document 400/);
  }, LIMIT_MS); // prettier-ignore

  it('finds a call that breaks inside', async () => {
    const { caseId } = await accepted(world, 'gro', application('gro', 'GRO', { ...person, vNumber: vNumber() }));
    await world.rows(`UPDATE lvv_case SET snapshot = '{"parties": 4711}' WHERE id = $1`, [caseId]);
    known = { ...known, caseId: [caseId], 'Purpose-Of-Use': ['P04'], 'User-Reference': ['medewerker-1'] };
    await expect(fuzz(served, 200, 'getCase')).rejects.toThrow(/getCase answered 500/);
  }, LIMIT_MS); // prettier-ignore
});
