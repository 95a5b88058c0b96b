import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issueForeignClient } from '../tools/pki/foreign-ca.js';
import { KeptAlive } from '../tools/pki/kept-alive.js';
import { clientOf, probe } from '../tools/pki/tls-probe.js';
import { allRecords, recordsDuring, submit, type LoggedRecord } from './support/calls.js';
import { playMainJob } from './support/journey.js';
import { application, coaAnswer, event, vNumber } from './support/messages.js';
import { peer, World } from './support/world.js';

const LIMIT_MS = 60_000;
/** Register and revocation list are looked at every few seconds; a busy machine gets some more. */
const SOON_MS = 20_000;
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
const ATTEMPTS = 3;

let world: World;
let port: number;

beforeAll(async () => {
  world = await World.open();
  for (const version of VERSIONS) await registerSecondCertificate(`next-${version}`);
  port = Number(new URL((await world.startGateway()).url).port);
}, LIMIT_MS);
afterAll(() => world.close());

const client = (name: string): ConnectionOptions => clientOf(world.pki.caFile, world.pki.files(name));
const only = (version: (typeof VERSIONS)[number]) => ({ minVersion: version, maxVersion: version });

/** Two certificates of an organisation may overlap: this one can be revoked while the other goes on. */
async function registerSecondCertificate(name: string): Promise<void> {
  const { oin, title } = peer('coa');
  await world.pki.issuePeer({ name, oin, title });
  const values = [world.pki.thumbprint(name), oin, name];
  await world.rows('INSERT INTO peer_certificate (thumbprint, oin, label) VALUES ($1, $2, $3)', values);
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + SOON_MS; Date.now() < end; await sleep(200)) if (await holds()) return true;
  return false;
}

/** Refused over HTTP with this code, and exactly one record that says who tried. */
async function refusedAs(name: string, code: string, status = 403): Promise<LoggedRecord | undefined> {
  const { answer, records } = await recordsDuring(world, async () => await world.as(name).get('/v1/inbox'));
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ code, nextStep: expect.any(String) });
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    kind: 'REFUSAL',
    action: 'connection.use',
    decision: { outcome: 'refuse', code },
    peer: { thumbprint: world.pki.thumbprint(name) },
  });
  expect(records[0]?.peer).not.toHaveProperty('kind');
  return records[0];
}

describe.each(VERSIONS)('over %s', (version) => {
  it('C01 gives no byte of an HTTP answer without a certificate, or with one of another authority', async () => {
    const foreign = await issueForeignClient(world.pki.dir);
    expect((await probe(port, { ...client('ind'), ...only(version) })).received).toMatch(/^HTTP\/1\.1 404/);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      expect(await probe(port, { ...clientOf(world.pki.caFile), ...only(version) })).toMatchObject({ received: '' });
      const other = { ...clientOf(world.pki.caFile, foreign), ...only(version) };
      expect(await probe(port, other)).toMatchObject({ received: '' });
    }
  });

  it(
    'C03 stops a revoked certificate at once: on a kept-alive connection, on a resumed session, on a new one',
    async () => {
      const name = `next-${version}`;
      const kept = await KeptAlive.open(port, { ...client(name), ...only(version) });
      expect(JSON.parse(await kept.ask())).toMatchObject({ code: 'ROUTE_NOT_FOUND' });
      const first = await probe(port, { ...client(name), ...only(version) });
      const resumed = await probe(port, { ...client(name), ...only(version), session: first.session });
      expect(resumed).toMatchObject({ resumed: true, received: expect.stringMatching(/^HTTP/) });
      await world.pki.revoke(name);
      const ended = await Promise.race([kept.closed.then(() => true), sleep(SOON_MS, false, { ref: false })]);
      expect(ended).toBe(true);
      expect(await kept.ask()).toBe('');
      const session = resumed.session ?? first.session;
      const again = await probe(port, { ...client(name), ...only(version), session });
      expect(again.received).toBe('');
      expect((await probe(port, { ...client(name), ...only(version) })).received).toBe('');
      expect((await world.as('coa').get('/v1/inbox')).status).toBe(200);
    },
    LIMIT_MS,
  );
});

describe('a certificate that TLS accepts, but that may not call here', () => {
  it('is a person: 403 on every route of the agencies', async () => {
    await refusedAs('fg-ind', 'PERSON_CERTIFICATE');
    const answer = await submit(world, 'fg-ind', coaAnswer(randomUUID()));
    expect([answer.status, answer.body.code]).toEqual([403, 'PERSON_CERTIFICATE']);
  });

  it('is not registered for the organisation that it names', async () => {
    const { oin, title } = peer('ind');
    await world.pki.issuePeer({ name: 'ind-unregistered', oin, title });
    expect((await refusedAs('ind-unregistered', 'CERTIFICATE_NOT_REGISTERED'))?.peer?.oin).toBe(oin);
  });

  it('C05 names an organisation that nobody registered, or none at all', async () => {
    await world.pki.issuePeer({ name: 'stranger', oin: '00000099000000000999', title: 'Vreemd (proef)' });
    expect((await refusedAs('stranger', 'PEER_UNKNOWN'))?.peer?.oin).toBe('00000099000000000999');
    await world.pki.issuePeer({ name: 'nobody', title: 'Zonder OIN (proef)' });
    expect((await refusedAs('nobody', 'PEER_UNKNOWN'))?.peer).not.toHaveProperty('oin');
  });

  it(
    'belongs to an organisation that was switched off, within seconds, and comes back with it',
    async () => {
      const setActive = (active: boolean) =>
        world.rows('UPDATE peer SET active = $2 WHERE oin = $1', [peer('avim').oin, active]);
      const status = async (): Promise<number> => (await world.as('avim').get('/v1/inbox')).status;
      expect(await status()).toBe(200);
      await setActive(false);
      expect(await until(async () => (await status()) === 403)).toBe(true);
      await refusedAs('avim', 'PEER_INACTIVE');
      await setActive(true);
      expect(await until(async () => (await status()) === 200)).toBe(true);
    },
    LIMIT_MS,
  );
});

describe('who may send what', () => {
  it.each([
    [
      'in the name of another organisation (C05)',
      'rot',
      () => application('gro', 'GRO', person()),
      'SOURCE_MISMATCH',
      'rot',
      403,
    ],
    [
      'a dossier part of the IND',
      'ngo-1',
      () => event('ngo-1', 'ind-dossier-part', part(), aCase()),
      'SENDER_NOT_ENTITLED',
      'ngo-1',
      403,
    ],
    [
      'what only the gateway makes',
      'ind',
      () => event('ind', 'rest-period-event', restPeriod, aCase()),
      'SENDER_NOT_ENTITLED',
      'ind',
      403,
    ],
    ['for another pilot', 'rot', () => application('rot', 'GRO', person()), 'PILOT_UNKNOWN', 'rot', 409],
  ])('refuses %s, with a record', async (_what, name, message, code, actor, status) => {
    const { answer, records } = await recordsDuring(world, () => submit(world, name, message()));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(records).toMatchObject([
      { kind: 'REFUSAL', action: 'message.submit', peer: { oin: peer(actor).oin }, decision: { code } },
    ]);
    expect(await world.rows('SELECT 1 FROM message')).toEqual([]);
  });

  it('refuses an NGO in a case to which it was not assigned, and hears the one that was', async () => {
    const { caseId, posted } = await playMainJob(world, {
      municipality: 'gro',
      pilot: 'GRO',
      person: person(),
      ngo: 'ngo-1',
    });
    const receipt = (name: string) =>
      event(name, 'technical-receipt', { target_message_id: posted.M04, status: 'RECEIVED' }, { caseid: caseId });
    const { answer, records } = await recordsDuring(world, () => submit(world, 'ngo-2', receipt('ngo-2')));
    expect([answer.status, answer.body.code]).toEqual([404, 'CASE_NOT_AVAILABLE']);
    expect(records).toMatchObject([{ decision: { reasons: ['no party of the case'] }, caseId }]);
    expect((await submit(world, 'ngo-1', receipt('ngo-1'))).status).toBe(202);
  });

  const person = () => ({ vNumber: vNumber(), familyName: 'Verbinding' });
  const aCase = () => ({ caseid: randomUUID() });
  const part = () => ({
    part_id: randomUUID(),
    part_version: 1,
    as_of: new Date().toISOString(),
    v_number: vNumber(),
    part_status: 'NO_FILE',
  });
  const restPeriod = { event: 'STARTED', starts_on: '2026-01-01', ends_on: '2026-01-15' };
});

describe('handshakes that failed', () => {
  it('leave one record for each address, reason and minute, with a count', async () => {
    await world.gateways[0]?.process.stop();
    const failed = (await allRecords(world)).filter(({ action }) => action === 'connection.open');
    const count = (code: string) =>
      failed
        .filter(({ decision }) => decision.code === code)
        .reduce((sum, { handshake }) => sum + (handshake?.count ?? 0), 0);
    expect(failed.every(({ kind, handshake }) => kind === 'REFUSAL' && handshake?.address === '127.0.0.1')).toBe(true);
    expect(count('NO_CERTIFICATE')).toBe(ATTEMPTS * VERSIONS.length);
    expect(count('UNTRUSTED_CERTIFICATE')).toBe(ATTEMPTS * VERSIONS.length);
    expect(count('REVOKED_CERTIFICATE')).toBe(2 * VERSIONS.length);
    // One row a minute, and the story takes a minute or two: a row for each attempt would be more.
    expect(failed.filter(({ decision }) => decision.code === 'NO_CERTIFICATE').length).toBeLessThan(
      ATTEMPTS * VERSIONS.length,
    );
  });
});
