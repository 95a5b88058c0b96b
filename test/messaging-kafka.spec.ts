import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConnection } from '#messaging/kafka-connection.js';
import { KafkajsConsumer } from '#messaging/kafkajs-consumer.js';
import { KafkajsProducer } from '#messaging/kafkajs-producer.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { adapterGroup, notificationsTopic } from '#messaging/topics.js';
import { type BrokerOptions, type RunningBroker, startBroker } from '../tools/broker/broker.js';
import { type AdminAccess, deprovision, provision, readable } from '../tools/broker/provision.js';
import { GATEWAY_OIN } from '../tools/demo/roster.js';
import { type DemoPki, ensureDemoPki } from '../tools/pki/demo-pki.js';
import { collector, event, sendUntilConfirmed, until } from './messaging-kit.js';

// A broker of its own in every run: these stories kill it.
jest.setTimeout(120_000);
const DTV = '00000099000000000302';
const IND = '00000099000000000301';
const COA = '00000099000000000304';

let dir: string;
let pki: DemoPki;
let broker: RunningBroker;
let options: BrokerOptions;
let admin: AdminAccess;

const started = async (over: Partial<BrokerOptions> = {}): Promise<RunningBroker> => {
  const result = await startBroker({ ...options, ...over });
  if (!result.available) throw new Error(result.reason);
  return result;
};

const provisionAll = (peers: readonly { oin: string; active: boolean }[]) =>
  provision({ ...admin, gatewayOin: GATEWAY_OIN, peers });

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ketenpoort-kafka-'));
  pki = await ensureDemoPki(join(dir, 'pki'));
  const own = { caFile: pki.caFile, broker: pki.files('kafka'), admin: pki.files('kafka-admin') };
  options = { dir: join(dir, 'kafka'), pki: own, log: () => undefined };
  broker = await started();
  admin = { brokers: broker.brokers, adminTls: { ...pki.files('kafka-admin'), caFile: pki.caFile } };
  await provisionAll([DTV, IND, COA].map((oin) => ({ oin, active: true })));
});

afterAll(async () => {
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const as = (name: string): KafkaConnection => ({
  brokers: broker.brokers,
  ...pki.files(name),
  caFile: pki.caFile,
  clientId: `test-${name}`,
});

const consumerOf = (name: string, oin: string, topicOin = oin) =>
  new KafkajsConsumer({
    connection: as(name),
    topic: notificationsTopic(topicOin),
    groupId: adapterGroup(oin),
    log: SILENT_LOG,
  });

describe('sending and receiving', () => {
  it('stores twenty concurrent sends as twenty records, in order per key, and hands each out once', async () => {
    const producer = new KafkajsProducer(as('gateway'), SILENT_LOG);
    const consumer = consumerOf('dtv', DTV);
    const { ids, take } = collector();
    const sent = Array.from({ length: 20 }, () => event('one-case'));
    await Promise.all(sent.map((one) => producer.send(notificationsTopic(DTV), [one])));
    consumer.start(take);
    await until(() => ids.length >= 20, 20_000);
    await sleep(500);
    await Promise.all([producer.close(), consumer.close()]);
    expect(ids).toEqual(sent.map(({ id }) => id));
  });

  it('offers what was not settled again, and after a restart nothing that was', async () => {
    const producer = new KafkajsProducer(as('gateway'), SILENT_LOG);
    const sent = Array.from({ length: 5 }, () => event('another-case'));
    await producer.send(notificationsTopic(IND), sent);
    await producer.close();
    const offered: string[][] = [];
    const first = consumerOf('ind', IND);
    first.start((batch) => {
      offered.push(batch.map(({ id }) => id));
      return Promise.resolve({ settled: offered.length === 1 ? 3 : 0, retryAfterMs: 200 });
    });
    await until(() => offered.length >= 3, 20_000);
    await first.close();
    const ids = sent.map(({ id }) => id);
    expect(offered.slice(0, 3)).toEqual([ids, ids.slice(3), ids.slice(3)]);

    const { ids: later, take } = collector();
    const second = consumerOf('ind', IND);
    second.start(take);
    await until(() => later.length >= 2, 20_000);
    await second.close();
    expect(later).toEqual(ids.slice(3));
  });

  it('fails only the sends to a topic that does not exist', async () => {
    const producer = new KafkajsProducer(as('gateway'), SILENT_LOG);
    const missing = producer.send(notificationsTopic('00000099000000000999'), [event('a')]);
    const present = producer.send(notificationsTopic(COA), [event('b')]);
    await expect(missing).rejects.toThrow();
    await expect(present).resolves.toBeUndefined();
    await producer.close();
  });
});

describe('who may do what', () => {
  const produceAs = async (name: string, oin: string) => {
    const producer = new KafkajsProducer(as(name), SILENT_LOG, 10_000);
    try {
      await producer.send(notificationsTopic(oin), [event('x')]);
    } finally {
      await producer.close();
    }
  };
  const receivesAs = async (name: string, groupOin: string, topicOin: string): Promise<number> => {
    const consumer = consumerOf(name, groupOin, topicOin);
    const { ids, take } = collector();
    consumer.start(take);
    await until(() => ids.length > 0, 5_000);
    await consumer.close();
    return ids.length;
  };

  it('lets the gateway write and an adapter read its own topic', async () => {
    await produceAs('gateway', COA);
    expect(await receivesAs('coa', COA, COA)).toBeGreaterThan(0);
  });

  it('refuses an adapter that writes, even to its own topic', async () => {
    await expect(produceAs('coa', COA)).rejects.toThrow(/authorization failed/i);
  });

  it("gives an adapter nothing of another's topic, in its own group or in the other's", async () => {
    await produceAs('gateway', DTV);
    expect(await receivesAs('coa', COA, DTV)).toBe(0);
    expect(await receivesAs('coa', DTV, DTV)).toBe(0);
  });

  it('refuses a certificate of another authority, and one without an OIN', async () => {
    await pki.issuePeer({ name: 'no-oin', title: 'Zonder OIN (proef)' });
    await expect(produceAs('fg-dtv', DTV)).rejects.toThrow();
    await expect(produceAs('no-oin', DTV)).rejects.toThrow();
  });

  it('cuts a running consumer off when its peer is deprovisioned', async () => {
    const { ids, take } = collector();
    const consumer = consumerOf('coa', COA);
    consumer.start(take);
    await produceAs('gateway', COA);
    await until(() => ids.length > 0, 20_000);
    expect(await deprovision(admin, COA)).toHaveLength(2);
    // A fetch that was open then may still be answered.
    await sleep(1_500);
    const before = ids.length;
    await produceAs('gateway', COA);
    await until(() => ids.length > before, 4_000);
    await consumer.close();
    expect(ids).toHaveLength(before);
  });
});

describe('provisioning', () => {
  it('changes nothing the second time, takes an inactive peer its rights and gives them back', async () => {
    const peers = [DTV, IND, COA].map((oin) => ({ oin, active: true }));
    await provisionAll(peers);
    const again = await provisionAll(peers);
    expect([again.topicsCreated, again.granted, again.revoked, again.foreign]).toEqual([[], [], [], []]);
    const without = await provisionAll(peers.map((peer) => ({ ...peer, active: peer.oin !== IND })));
    expect(without.revoked.map(({ text }) => readable(text)).sort()).toEqual([
      `${IND} ALLOW READ GROUP ${adapterGroup(IND)} from *`,
      `${IND} ALLOW READ TOPIC ${notificationsTopic(IND)} from *`,
    ]);
    expect((await provisionAll(peers)).granted).toHaveLength(2);
  });

  it('reports the rights of a principal that is no registered peer and leaves them', async () => {
    const { foreign, revoked } = await provisionAll([DTV, IND].map((oin) => ({ oin, active: true })));
    expect(foreign).toHaveLength(2);
    expect(revoked).toEqual([]);
  });
});

describe('a broker that fails', () => {
  const runThrough = async (interrupt: () => Promise<void>): Promise<void> => {
    const producer = new KafkajsProducer(as('gateway'), SILENT_LOG);
    const consumer = consumerOf('dtv', DTV);
    const { ids, take } = collector();
    consumer.start(take);
    const sent = Array.from({ length: 60 }, (_, n) => event(`case-${n % 7}`));
    const sending: Promise<void>[] = [];
    for (const [n, one] of sent.entries()) {
      sending.push(sendUntilConfirmed(producer, DTV, one));
      if (n === 20) await interrupt();
      await sleep(20);
    }
    await Promise.all(sending);
    const got = () => sent.filter(({ id }) => ids.includes(id)).length;
    await until(() => got() === sent.length, 60_000);
    await Promise.all([producer.close(), consumer.close()]);
    expect(got()).toBe(sent.length);
  };

  it('loses nothing when it is killed and started again ten seconds later', async () => {
    const port = Number(broker.brokers[0]?.split(':')[1]);
    let restarting: Promise<void> = Promise.resolve();
    await runThrough(() => {
      process.kill(broker.pid, 'SIGKILL');
      restarting = sleep(10_000).then(async () => {
        broker = await started({ port });
      });
      return Promise.resolve();
    });
    await restarting;
  });

  it('loses nothing when it hangs for ten seconds', async () => {
    await runThrough(async () => {
      process.kill(broker.pid, 'SIGSTOP');
      await sleep(10_000);
      process.kill(broker.pid, 'SIGCONT');
    });
  });
});

describe('a broker that is left running', () => {
  it('is taken over with the same settings and replaced with others', async () => {
    const port = Number(broker.brokers[0]?.split(':')[1]);
    const adopted = await started({ port });
    expect(adopted.pid).toBe(broker.pid);
    const replaced = await started({ port: port + 1 });
    expect(replaced.brokers).toEqual([`127.0.0.1:${port + 1}`]);
    broker = replaced;
  });

  it('names its last log lines when it cannot start', async () => {
    const port = Number(broker.brokers[0]?.split(':')[1]);
    await expect(startBroker({ ...options, dir: join(dir, 'second'), port })).rejects.toThrow(/Address already in use/);
  });
});
