import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DemoPki, ensureDemoPki } from '../../../../tools/pki/demo-pki.js';
import { LocalFixture } from '../testing/local-fixture.js';
import { AMS_OIN } from '../testing/test-agency.js';

const CASE = 'c3f0a1de-0000-4000-8000-000000000001';
const GOOD = { contract: 'M01', data: { pilot: 'AMS' } };
const PART = { contract: 'M08', caseId: CASE, data: { pilot: 'AMS' } };

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

describe('submitting', () => {
  it('turns plain JSON into a CloudEvent over mutual TLS and answers with receipt and id', async () => {
    const { status, body } = await at.call('POST', '/messages', { body: GOOD });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      receipt: 'jws',
      messageId: expect.any(String),
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const [seen] = at.server.seen;
    expect(seen).toMatchObject({ method: 'POST', path: '/v1/messages', oin: AMS_OIN });
    expect(seen?.headers).toMatchObject({ 'content-type': 'application/cloudevents+json', 'user-reference': 'mw-17' });
    expect(JSON.parse(seen?.body ?? '')).toEqual({
      specversion: '1.0',
      id: body.id,
      source: `urn:nld:oin:${AMS_OIN}:zaaksysteem`,
      type: 'nl.lvv.resident-application.v1',
      time: expect.any(String),
      datacontenttype: 'application/json',
      purpose: 'P01',
      data: { pilot: 'AMS' },
    });
  });

  it('keeps id, case and purpose that the system gave', async () => {
    await at.call('POST', '/messages', { body: { ...PART, id: 'mine-1', purpose: 'P05' } });
    expect(JSON.parse(at.server.seen[0]?.body ?? '')).toMatchObject({ id: 'mine-1', caseid: CASE, purpose: 'P05' });
  });

  it('refuses a payload that breaks the contract here, with every error, before anything leaves', async () => {
    const { status, headers, body } = await at.call('POST', '/messages', { body: { contract: 'M01', data: {} } });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({
      code: 'SCHEMA_INVALID',
      errors: [{ pointer: '/data', rule: 'required' }],
      nextStep: expect.any(String),
    });
    expect(at.server.seen).toEqual([]);
  });

  it('passes a refusal of the gateway on unchanged', async () => {
    const problem = {
      type: 'x',
      title: 'Dit kan niet',
      status: 409,
      detail: 'd',
      code: 'CASE_STATE_CONFLICT',
      nextStep: 'n',
    };
    at.server.next.push({ status: 409, body: problem });
    const { status, body } = await at.call('POST', '/messages', { body: GOOD });
    expect(status).toBe(409);
    expect(body).toEqual(problem);
    expect(at.server.seen).toHaveLength(1);
  });

  it('repeats a cut connection and a 503 with the same bytes, and answers as if nothing had happened', async () => {
    at.server.next.push('DROP', {
      status: 503,
      body: { status: 503, code: 'OVERLOADED' },
      headers: { 'retry-after': '0' },
    });
    const { status } = await at.call('POST', '/messages', { body: GOOD });
    expect(status).toBe(202);
    expect(at.server.seen).toHaveLength(3);
    expect(new Set(at.server.seen.map(({ body }) => body)).size).toBe(1);
  });

  it('does not wait longer than a person would: a long Retry-After is passed on', async () => {
    at.server.next.push({
      status: 503,
      body: { status: 503, code: 'LOG_UNAVAILABLE' },
      headers: { 'retry-after': '60' },
    });
    const { status, headers } = await at.call('POST', '/messages', { body: GOOD });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('60');
  });

  it('names the id to send again under when the gateway stays away', async () => {
    await at.server.close();
    const { status, body } = await at.call('POST', '/messages', { body: { ...GOOD, id: 'mine-2' } });
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'GATEWAY_UNREACHABLE', id: 'mine-2' });
    await at.server.listen();
  }, 20_000);

  it.each([
    ['a contract that does not exist', { contract: 'M99', data: {} }, 'CONTRACT_UNKNOWN'],
    ['an unknown member', { ...GOOD, recipients: ['x'] }, 'INVALID_PARAMETER'],
    ['a case number instead of a case id', { ...GOOD, caseId: 'LVV-AMS-2026-000001' }, 'INVALID_PARAMETER'],
    ['an id that the gateway would not take', { ...GOOD, id: 'zaak/4711' }, 'INVALID_PARAMETER'],
    ['an id of more than a hundred characters', { ...GOOD, id: 'x'.repeat(101) }, 'INVALID_PARAMETER'],
    ['a case message without its case', { ...PART, caseId: undefined }, 'SCHEMA_INVALID'],
    ['a new application with a case', { ...GOOD, caseId: CASE }, 'SCHEMA_INVALID'],
    [
      'a citizen service number, whatever the field',
      { contract: 'M01', data: { pilot: 'AMS', note: '123456782' } },
      'FORBIDDEN_IDENTIFIER',
    ],
    ['no data', { contract: 'M01' }, 'INVALID_PARAMETER'],
    ['no object', '[]', 'INVALID_PARAMETER'],
    ['no JSON', '{', 'MALFORMED_JSON'],
    ['a key that comes twice', '{"contract":"M01","contract":"M02"}', 'DUPLICATE_KEY'],
  ])('refuses %s, and sends nothing', async (_what, body, code) => {
    expect(await at.call('POST', '/messages', { body })).toMatchObject({ status: 400, body: { code } });
    expect(at.server.seen).toEqual([]);
  });

  it('refuses a body beyond 256 kB and goes on serving', async () => {
    const body = { contract: 'M01', data: { pilot: 'x'.repeat(2_000_000) } };
    expect(await at.call('POST', '/messages', { body })).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE' },
    });
    expect(await at.call('POST', '/messages', { body: GOOD })).toMatchObject({ status: 202 });
  });

  it('refuses another content type', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(await at.call('POST', '/messages', { body: GOOD, headers })).toMatchObject({ status: 415 });
  });
});
