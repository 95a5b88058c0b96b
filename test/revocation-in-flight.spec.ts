import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CLOUD_EVENT, head } from './support/api-answers.js';
import { allRecords } from './support/calls.js';
import { CaseSteps, type OpenCase } from './support/case-steps.js';
import { statusesIn } from './support/hostile-client.js';
import { application, noFile, vNumber, type Event } from './support/messages.js';
import { OpenLine } from './support/open-line.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

/** A certificate is revoked while its holder has three things under way; the same organisation goes on with another one. */
jest.setTimeout(120_000);
/** The list is looked at every second; a busy machine gets some more. */
const SOON_MS = 20_000;
/** What would still come, comes within this. */
const STILL_MS = 2_500;
const WAIT_SECONDS = 30;
/** Nobody knows this extension, so nobody may read the list. */
const UNKNOWN_EXTENSION = '1.3.6.1.4.1.99999.1';

let world: World;
let steps: CaseSteps;
let opened: OpenCase;
const url = (): string => world.gateways[0]?.url ?? '';
const line = (name: string): Promise<OpenLine> => OpenLine.open(url(), world.tlsOf(name));
const get = (path: string): string => head('GET', path);

beforeAll(async () => {
  world = await World.open();
  for (const name of ['ams-stolen', 'ams-later']) await registerSecondCertificate(name);
  await world.startGateway();
  steps = new CaseSteps(world);
  opened = await steps.admitted('ams');
});
afterAll(async () => {
  steps?.close();
  await world?.close();
});

async function registerSecondCertificate(name: string): Promise<void> {
  const { oin, title } = peer('ams');
  await world.pki.issuePeer({ name, oin, title });
  const values = [world.pki.thumbprint(name), oin, name];
  await world.rows('INSERT INTO peer_certificate (thumbprint, oin, label) VALUES ($1, $2, $3)', values);
}

/** A long poll that has begun to wait: behind everything that the inbox holds. */
async function polling(name: string): Promise<OpenLine> {
  const { highest } = await steps.as(name === 'ams-stolen' ? 'ams' : name).page('after=0');
  const waiting = await line(name);
  waiting.send(get(`/v1/inbox?after=${highest}&waitSeconds=${WAIT_SECONDS}`));
  return waiting;
}

/** A connection over which one request was answered, kept for the next. */
async function idle(name: string): Promise<OpenLine> {
  const kept = await line(name);
  kept.send(get('/v1/contracts'));
  await until('the first answer', SOON_MS, () => statusesIn(kept.received).length === 1);
  // The answer is longer than its head.
  for (let length = -1; length !== kept.received.length; await sleep(200)) length = kept.received.length;
  return kept;
}

/** Half of a message that the gateway would accept. */
async function halfSent(name: string, message: Event): Promise<OpenLine> {
  const body = JSON.stringify(message);
  const sending = await line(name);
  const headers = [`Content-Type: ${CLOUD_EVENT}`, `Content-Length: ${Buffer.byteLength(body)}`];
  sending.send(head('POST', '/v1/messages', ...headers) + body.slice(0, body.length / 2));
  return sending;
}

const alarms = (kind: string): Record<string, unknown>[] =>
  world
    .logs()
    .split('\n')
    .filter((text) => text.includes(`"alarm":"${kind}"`))
    .map((text) => JSON.parse(text) as Record<string, unknown>);

describe('a certificate that is revoked while its holder waits, sends and is idle', () => {
  it('C03 ends all three at once without a byte of an answer, and nobody else notices', async () => {
    const message = application('ams', 'AMS', { vNumber: vNumber(), familyName: 'Halverwege' });
    const waiting = await polling('ams-stolen');
    const kept = await idle('ams-stolen');
    const sending = await halfSent('ams-stolen', message);
    const answered = kept.received;
    const others = [await polling('ams'), await polling('rot'), await idle('rot')];
    await sleep(500);
    await world.pki.revoke('ams-stolen');
    const cut = [waiting, kept, sending];
    await until('all three are cut', SOON_MS, () => cut.every((one) => !one.isOpen));
    expect([waiting.received, kept.received, sending.received]).toEqual(['', answered, '']);

    // What the poll waited for comes now: the organisation's other connection gets it, and no record says otherwise.
    await steps.accepted('ind', noFile('ind', opened.caseId, opened.person));
    await until('the other poll is answered', SOON_MS, () => statusesIn(others[0]?.received ?? '').length === 1);
    await sleep(STILL_MS);
    const records = await allRecords(world);
    const ofStolen = records.filter(({ peer: by }) => by?.thumbprint === world.pki.thumbprint('ams-stolen'));
    expect(ofStolen.map(({ action }) => action)).toEqual([]);
    expect(waiting.received).toBe('');
    expect(await world.rows('SELECT 1 FROM message WHERE event_id = $1', [message.id])).toEqual([]);

    others[2]?.send(get('/v1/contracts'));
    await until('the idle one of another', SOON_MS, () => statusesIn(others[2]?.received ?? '').length === 2);
    expect(others.map(({ isOpen }) => isOpen)).toEqual([true, true, true]);
    expect(others.flatMap(({ received }) => statusesIn(received))).toEqual([200, 200, 200]);
    for (const one of others) one.close();
  });
});

describe('a peer that is set inactive while it waits', () => {
  it('gets an empty page within seconds, and what comes then stays where it is', async () => {
    const { oin } = peer('rot');
    const waiting = await polling('rot');
    await world.rows('UPDATE peer SET active = false WHERE oin = $1', [oin]);
    await until('its poll is answered', SOON_MS, () => statusesIn(waiting.received).length === 1);
    expect(statusesIn(waiting.received)).toEqual([200]);
    expect(waiting.received).toContain('"items":[]');
    expect((await world.as('rot').get('/v1/inbox')).body).toMatchObject({ code: 'PEER_INACTIVE' });
    waiting.close();
    await world.rows('UPDATE peer SET active = true WHERE oin = $1', [oin]);
  });
});

describe('a revocation list with a critical extension that nobody knows', () => {
  it('C03 is refused with its cause and the next step, and the list before it stays in use', async () => {
    const later = await idle('ams-later');
    await world.pki.revoke('ams-later', UNKNOWN_EXTENSION);
    await until('the alarm', SOON_MS, () => alarms('CRL_REFUSED').length > 0);
    const [alarm] = alarms('CRL_REFUSED');
    expect(alarm).toMatchObject({ level: 50, code: 'CRL_UNSUPPORTED', nextStep: expect.stringContaining('full') });
    expect(alarm?.detail).toContain(UNKNOWN_EXTENSION);
    // What it says does not count, neither for good nor for ill.
    later.send(get('/v1/contracts'));
    await until('still served', SOON_MS, () => statusesIn(later.received).length === 2);
    const stolen = await line('ams-stolen').catch(() => null);
    await stolen?.closed;
    expect(stolen?.received ?? '').toBe('');
    await sleep(STILL_MS);
    expect(alarms('CRL_REFUSED')).toHaveLength(1);
    // The same without the extension counts.
    await world.pki.writeCrl();
    await until('it is cut', SOON_MS, () => !later.isOpen);
  });
});

describe('a revocation list that becomes stale while the gateway runs', () => {
  it('C03 refuses every request under `refuse`, is an alarm under `alarm`, and both go on with a fresh one', async () => {
    const lenient = await world.startGateway({ CRL_STALE: 'alarm' });
    const served = async (): Promise<readonly unknown[]> => {
      const strict = await world.as('coa').get('/v1/inbox');
      const alarmed = await world.as('coa', lenient).get('/v1/inbox');
      return [strict.status, (strict.body as { code?: string }).code, alarmed.status];
    };
    expect(await served()).toEqual([200, undefined, 200]);
    const now = Date.now();
    await world.pki.writeCrl({ thisUpdate: new Date(now), nextUpdate: new Date(now + 3_000) });
    await until('both give the alarm', SOON_MS, () => alarms('CRL_STALE').length >= 2);
    expect(alarms('CRL_STALE')[0]?.issuers).toHaveLength(2);
    expect(await served()).toEqual([503, 'REVOCATION_STATUS_UNKNOWN', 200]);
    // Whom it listed stays out, stale or not.
    const stolen = await OpenLine.open(lenient.url, world.tlsOf('ams-stolen')).catch(() => null);
    await stolen?.closed;
    expect(stolen?.received ?? '').toBe('');
    await world.pki.writeCrl();
    await until('both serve', SOON_MS, async () => (await served()).join() === '200,,200');
  });
});
