import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { head } from './support/api-answers.js';
import { allRecords } from './support/calls.js';
import { converse, silentConnections, statusesIn } from './support/hostile-client.js';
import { PeerClient } from './support/peer-client.js';
import { slowClients } from './support/slow-clients.js';
import { until } from './support/until.js';
import { World } from './support/world.js';

/** Clients that take what the others need: connections, time, memory. The gateway goes on serving the others. */
const LIMIT_MS = 120_000;
/** On a quiet machine it is a few milliseconds; all stories and their databases may run beside this one. */
const NORMAL_MS = 5_000;
const SOON_MS = 15_000;
/** The gateway's own bound on connections of one certificate. */
const CONNECTIONS_OF_ONE = 256;
const MAX_MEMORY_KB = 420_000;

let world: World;
let others: PeerClient;
let slow: ReturnType<typeof slowClients>;
const url = (): string => world.gateways[0]?.url ?? '';

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  others = new PeerClient(world, 'ind');
  // They take their time, so they run beside everything that follows, which must not notice them.
  slow = slowClients(world, 'gro');
  slow.catch(() => undefined);
}, LIMIT_MS);
afterEach(async () => {
  const startedAt = performance.now();
  expect((await others.call('GET', '/v1/inbox')).status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(NORMAL_MS);
});
afterAll(async () => {
  others.close();
  await world.close();
});

describe('floods', () => {
  it('gives one caller so many connections, says so on the next, and keeps the others', async () => {
    const tls = world.tlsOf('rot');
    const { hostname: host, port } = new URL(url());
    const held: TLSSocket[] = [];
    for (let more = CONNECTIONS_OF_ONE; more > 0; more -= 16) {
      const some = Array.from({ length: 16 }, () => connect({ ...tls, host, port: Number(port), servername: host }));
      await Promise.all(some.map((socket) => new Promise((resolve) => socket.once('secureConnect', resolve))));
      held.push(...some);
    }
    const { text, closed } = await converse(url(), tls, head('GET', '/v1/inbox'), { limitMs: SOON_MS });
    expect([statusesIn(text), closed]).toEqual([[429], true]);
    expect(text).toMatch(/"code":"RATE_LIMITED"/);
    expect(text).toMatch(/retry-after: 1\r\n/i);
    expect((await others.call('GET', '/v1/inbox')).status).toBe(200);
    for (const socket of held) socket.destroy();
    await until('the caller may come again', SOON_MS, async () => (await world.as('rot').get('/v1/inbox')).status === 200);
    expect((await allRecords(world)).filter(({ decision }) => decision.code === 'RATE_LIMITED')).toEqual([]);
  }, LIMIT_MS); // prettier-ignore

  it('lets the oldest of too many handshakes make room: silent strangers keep nobody out', async () => {
    const strangers = await silentConnections(url(), 800);
    const startedAt = performance.now();
    expect((await world.as('coa').get('/v1/inbox')).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(NORMAL_MS);
    await until('the oldest made room', SOON_MS, () => strangers.filter((one) => one.destroyed).length >= 200);
    for (const socket of strangers) socket.destroy();
  }, LIMIT_MS); // prettier-ignore
});

describe('slow clients', () => {
  it('C18 are cut off: headers within ten seconds, the whole request within thirty, with the reason', async () => {
    const ended = await slow;
    for (const habit of ['silent', 'headers', 'body', 'chunks', 'half'] as const) {
      expect([habit, ended[habit].closed, statusesIn(ended[habit].text)]).toEqual([habit, true, [408]]);
      expect(ended[habit].text).toContain('"code":"REQUEST_TIMEOUT"');
    }
    for (const habit of ['silent', 'headers'] as const) expect(ended[habit].elapsedMs).toBeLessThan(10_000 + SOON_MS);
    for (const habit of ['body', 'chunks', 'half'] as const) {
      expect(ended[habit].elapsedMs).toBeGreaterThan(25_000);
      expect(ended[habit].elapsedMs).toBeLessThan(30_000 + SOON_MS);
    }
    expect(ended.idle).toMatchObject({ closed: false });
  }, LIMIT_MS); // prettier-ignore

  it('C18 do not send for ever: an endless body is answered, and its connection ends', async () => {
    const ended = await slow;
    const statuses = { 'endless-post': 413, 'endless-get': 200, 'endless-nowhere': 404 } as const;
    for (const [habit, status] of Object.entries(statuses) as [keyof typeof statuses, number][]) {
      const { closed, text, sentBytes, elapsedMs } = ended[habit];
      expect([habit, closed, statusesIn(text)]).toEqual([habit, true, [status]]);
      expect(sentBytes).toBeLessThan(64 * 1024 * 1024);
      expect(elapsedMs).toBeLessThan(25_000);
    }
  }, LIMIT_MS); // prettier-ignore
});

describe('after all of this', () => {
  it('has used no more memory than it may, and stands', () => {
    const { process: gateway } = world.gateways[0] ?? {};
    const memory = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${gateway?.pid}/status`, 'utf8'));
    expect(Number(memory?.[1])).toBeLessThan(MAX_MEMORY_KB);
    expect(gateway?.exit()).toBeNull();
    expect(world.logs()).not.toContain('a request failed inside the gateway');
  });

  it('G2 has a few records of all failed handshakes, with their number', async () => {
    await world.gateways[0]?.process.stop();
    const failed = (await allRecords(world)).filter(({ action }) => action === 'connection.open');
    expect(failed.reduce((sum, { handshake }) => sum + (handshake?.count ?? 0), 0)).toBeGreaterThanOrEqual(800);
    expect(failed.length).toBeLessThan(20);
    await world.startGateway({}, world.gateways[0]);
  }, LIMIT_MS); // prettier-ignore
});
