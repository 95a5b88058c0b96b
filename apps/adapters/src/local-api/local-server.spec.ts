import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DemoPki, ensureDemoPki } from '../../../../tools/pki/demo-pki.js';
import { LOCAL_HEADERS, LocalFixture } from '../testing/local-fixture.js';
import { SECRET } from '../testing/test-agency.js';

const CASE = 'c3f0a1de-0000-4000-8000-000000000001';
const GOOD = { contract: 'M01', data: { pilot: 'AMS' } };

let pki: DemoPki;
let at: LocalFixture;

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-local-')));
}, 30_000);

afterAll(() => rm(pki.dir, { recursive: true }));

beforeEach(async () => {
  at = await LocalFixture.start(pki);
});

afterEach(() => at.stop());

describe('who may ask', () => {
  it.each([undefined, 'Bearer wrong', `Basic ${SECRET}`, 'Bearer '])('refuses the secret %p', async (authorization) => {
    const answer = await at.call('GET', '/status', { headers: { authorization } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'LOCAL_SECRET_REQUIRED' } });
  });

  it.each([
    ['POST', '/messages'],
    ['GET', `/cases/${CASE}`],
    ['POST', '/cases/_search'],
  ])('demands a user reference for %s %s', async (method, path) => {
    const options = { headers: { 'user-reference': undefined }, ...(method === 'POST' ? { body: GOOD } : {}) };
    expect(await at.call(method, path, options)).toMatchObject({
      status: 400,
      body: { code: 'USER_REFERENCE_REQUIRED' },
    });
    expect(at.server.seen).toEqual([]);
  });

  it('answers its own status without a user reference', async () => {
    expect(await at.call('GET', '/status', { headers: { 'user-reference': undefined } })).toMatchObject({
      status: 200,
      body: { name: 'ams' },
    });
  });
});

describe('consulting', () => {
  it.each(['', '/dossier', '/timeline'])('passes /cases/{id}%s on with purpose and user', async (part) => {
    at.server.next.push({ status: 200, body: { state: 'REST_PERIOD' }, headers: { 'access-record': 'rec-1' } });
    const { status, headers, body } = await at.call('GET', `/cases/${CASE}${part}`, {
      headers: { 'purpose-of-use': 'P04' },
    });
    expect({ status, body, record: headers.get('access-record') }).toEqual({
      status: 200,
      body: { state: 'REST_PERIOD' },
      record: 'rec-1',
    });
    expect(at.server.seen[0]).toMatchObject({ method: 'GET', path: `/v1/cases/${CASE}${part}` });
    expect(at.server.seen[0]?.headers).toMatchObject({ 'purpose-of-use': 'P04', 'user-reference': 'mw-17' });
  });

  it('passes a search on in a body', async () => {
    at.server.next.push({ status: 200, body: { cases: [] } });
    await at.call('POST', '/cases/_search', { body: { vNumber: '0000000001' }, headers: { 'purpose-of-use': 'P01' } });
    expect(at.server.seen[0]).toMatchObject({ path: '/v1/cases/_search', body: '{"vNumber":"0000000001"}' });
  });

  it('lets nothing but an id into an address, so that a V-number cannot end up in one', async () => {
    expect(await at.call('GET', '/cases/0000000001')).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
    expect(at.server.seen).toEqual([]);
  });

  it('names the methods that an address has', async () => {
    const { status, headers } = await at.call('DELETE', '/messages');
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
  });
});

describe('the log and the socket', () => {
  it('logs nothing of what passes', async () => {
    await at.call('POST', '/messages', {
      body: { contract: 'M01', data: { pilot: 'AMS', family_name: 'Verzonnenpersoon' } },
    });
    await at.call('POST', '/messages', { body: '{"family_name": "Verzonnenpersoon"' });
    expect(at.logged.join('')).not.toContain('Verzonnen');
  });

  it('serves on a Unix socket that only its owner can open', async () => {
    const socketPath = join(pki.dir, 'adapter.sock');
    const own = await LocalFixture.start(pki, { socket: socketPath });
    expect(own.url).toBe(`unix:${socketPath}`);
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    const status = await new Promise((resolve, reject) => {
      const asked = httpRequest({ socketPath, path: '/status', headers: LOCAL_HEADERS }, (answer) =>
        resolve(answer.resume().statusCode),
      );
      asked.on('error', reject).end();
    });
    expect(status).toBe(200);
    await own.stop();
  });
});
