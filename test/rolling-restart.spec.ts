import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { application } from './support/messages.js';
import { PeerClient, type Answer } from './support/peer-client.js';
import { until } from './support/until.js';
import { peer, World, type GatewayProcess } from './support/world.js';

const WORKERS = 2;
const CLIENTS = ['ams', 'rot', 'utr', 'ehv', 'gro', 'ams', 'rot', 'utr'];
/** Between an answer and the next request of a client: a connection is sometimes idle, sometimes in use. */
const PAUSE_MS = 40;
/** A worker starts in 2 s on a quiet machine. */
const TURNOVER_LIMIT_MS = 60_000;

jest.setTimeout(150_000);

let world: World;
let gateway: GatewayProcess;
/** Ends the load of a test that failed in the middle. */
let stopLoad: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  world = await World.open();
  gateway = await world.startGateway({ GATEWAY_WORKERS: String(WORKERS), STOP_LINGER_SECONDS: '2', LOG_LEVEL: 'info' });
}, 120_000);
afterAll(() => world?.close());
afterEach(() => stopLoad());

let persons = 0;
const nextVNumber = (): string => `0000${String((persons += 1)).padStart(6, '0')}`;

/** Process ids of the workers, those that start or stop included. */
function workers(): readonly number[] {
  const { pid } = gateway.process;
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

/** Clients with kept-alive connections that repeat nothing, until `stop`; what they were answered, and what broke. */
function keepSending() {
  const clients = CLIENTS.map((name) => ({ name, client: new PeerClient(world, name, () => gateway) }));
  const dtv = new PeerClient(world, 'dtv', () => gateway);
  const statuses: Record<number, number> = {};
  const broken: string[] = [];
  let stopped = false;
  const repeat = async (call: () => Promise<Answer>): Promise<void> => {
    while (!stopped) {
      // What this test itself cuts off when it stops is no fault.
      const answer = await call().catch((error: unknown) => void (stopped || broken.push(String(error))));
      if (answer) statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      await sleep(PAUSE_MS);
    }
  };
  const sending = clients.map(({ name, client }) =>
    repeat(() =>
      client.submit(application(name, peer(name).pilot ?? '', { vNumber: nextVNumber(), familyName: 'Rol' })),
    ),
  );
  const waiting = repeat(() => dtv.call('GET', '/v1/inbox?after=999999&waitSeconds=20'));
  const stop = async (): Promise<void> => {
    stopped = true;
    await Promise.all(sending);
    dtv.close();
    await waiting;
    for (const { client } of clients) client.close();
  };
  stopLoad = stop;
  return { statuses, broken, stop };
}

/** Waits until there are as many workers as there should be, none of them in `old`. */
function replaced(old: readonly number[]): Promise<unknown> {
  return until('other workers', TURNOVER_LIMIT_MS, async () => {
    const now = workers();
    const serving = (await figures()).get('ketenpoort_workers');
    return now.length === WORKERS && serving === WORKERS && !now.some((pid) => old.includes(pid));
  });
}

/** The metrics page: value by name with labels. */
async function figures(): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${gateway.managementUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

async function accepted(): Promise<number> {
  const sum = [...(await figures())].filter(([name]) => name.startsWith('ketenpoort_messages_accepted_total'));
  return sum.reduce((total, [, value]) => total + value, 0);
}

const stored = async (): Promise<number> =>
  (await world.rows<{ n: number }>('SELECT count(*)::int AS n FROM message'))[0]?.n ?? 0;

describe('several gateway processes on one port', () => {
  it('replaces all one after another, and one that is told to go, without an error at any client', async () => {
    const load = keepSending();
    await until('an answer', 10_000, () => (load.statuses[202] ?? 0) > 20);
    const first = workers();
    expect(first).toHaveLength(WORKERS);
    process.kill(gateway.process.pid, 'SIGHUP');
    await replaced(first);
    const [leaving = 0] = workers();
    process.kill(leaving, 'SIGTERM');
    await replaced([leaving]);
    await load.stop();
    expect(load.broken).toEqual([]);
    expect(Object.keys(load.statuses).sort()).toEqual(['200', '202']);
    expect(await stored()).toBe(load.statuses[202]);
    // Those that are gone are counted too.
    expect(await accepted()).toBe(load.statuses[202]);
  });

  it('goes on when one is killed, loses nothing that was accepted, and starts another', async () => {
    const before = await stored();
    const load = keepSending();
    await until('an answer', 10_000, () => (load.statuses[202] ?? 0) > 20);
    const [killed = 0] = workers();
    const sofar = load.statuses[202] ?? 0;
    process.kill(killed, 'SIGKILL');
    await until('answers of the other', 10_000, () => (load.statuses[202] ?? 0) > sofar + 20);
    expect((await fetch(`${gateway.managementUrl}/health/ready`)).status).toBe(200);
    await replaced([killed]);
    await load.stop();
    expect(Object.keys(load.statuses).filter((status) => status !== '200')).toEqual(['202']);
    expect(load.broken.length).toBeLessThanOrEqual(CLIENTS.length + 1);
    const kept = (await stored()) - before;
    expect(kept).toBeGreaterThanOrEqual(load.statuses[202]!);
    expect(kept).toBeLessThanOrEqual(load.statuses[202]! + load.broken.length);
  });

  it('resumes a session at whichever of them takes the connection', async () => {
    const { hostname, port } = new URL(gateway.url);
    const open = (session?: Buffer): TLSSocket => {
      const own = { ...world.tlsOf('ams'), host: hostname, port: Number(port), servername: hostname };
      return connect(session ? { ...own, session } : own).resume();
    };
    const first = open();
    const [session] = (await once(first, 'session')) as [Buffer];
    first.destroy();
    const reused: boolean[] = [];
    for (let turn = 0; turn < 2 * WORKERS; turn += 1) {
      const again = open(session);
      await once(again, 'secureConnect');
      reused.push(again.isSessionReused());
      again.destroy();
    }
    expect(reused).toEqual(reused.map(() => true));
  });

  it('is one gateway on the management listener: live, ready, figures of each, one case clock', async () => {
    const page = await figures();
    expect(page.get('ketenpoort_workers')).toBe(WORKERS);
    const perWorker = [...page.keys()].filter((name) => name.startsWith('ketenpoort_queue_depth{'));
    expect(perWorker.sort()).toEqual(['ketenpoort_queue_depth{worker="1"}', 'ketenpoort_queue_depth{worker="2"}']);
    const shifted = await fetch(`${gateway.managementUrl}/case-clock`, {
      method: 'PUT',
      body: JSON.stringify({ now: '2027-03-01T12:00:00Z' }),
    });
    expect(shifted.status).toBe(200);
    // By that clock the covenants of the demo are over or not yet there for whoever has not heard of it.
    const answers = await Promise.all(
      Array.from({ length: 2 * WORKERS }, async () => {
        const client = new PeerClient(world, 'ams', () => gateway);
        const answer = await client.call('GET', '/v1/contracts');
        client.close();
        return answer.status;
      }),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
  });
});
