import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KafkajsConsumer } from '#messaging/kafkajs-consumer.js';
import { KafkajsProducer } from '#messaging/kafkajs-producer.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { adapterGroup, notificationsTopic } from '#messaging/topics.js';
import { startBroker } from '../tools/broker/broker.js';
import { deprovision, readable } from '../tools/broker/provision.js';
import { freePort } from '../tools/support/free-port.js';
import { collector, event, sendUntilConfirmed, TestKafka, until } from './messaging-kit.js';

// A broker of its own in every run: these stories kill it.
jest.setTimeout(120_000);
const DTV = '00000099000000000302';
const IND = '00000099000000000301';
const COA = '00000099000000000304';

let kafka: TestKafka;

beforeAll(async () => {
  kafka = await TestKafka.start();
  await kafka.provision([DTV, IND, COA].map((oin) => ({ oin, active: true })));
});
afterAll(() => kafka?.remove());

const as = (name: string) => kafka.connection(name);

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

  it('goes on sending for callers who wait for one send before the next', async () => {
    const producer = new KafkajsProducer(as('gateway'), SILENT_LOG);
    const caller = async () => {
      for (let n = 0; n < 5; n += 1) await producer.send(notificationsTopic(COA), [event('x'), event('y')]);
    };
    await Promise.all([caller(), caller(), caller()]);
    await producer.close();
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
    await kafka.pki.issuePeer({ name: 'no-oin', title: 'Zonder OIN (proef)' });
    await expect(produceAs('fg-dtv', DTV)).rejects.toThrow();
    await expect(produceAs('no-oin', DTV)).rejects.toThrow();
  });

  it('cuts a running consumer off when its peer is deprovisioned', async () => {
    const { ids, take } = collector();
    const consumer = consumerOf('coa', COA);
    consumer.start(take);
    await produceAs('gateway', COA);
    await until(() => ids.length > 0, 20_000);
    expect(await deprovision(kafka.admin, COA)).toHaveLength(2);
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
    await kafka.provision(peers);
    const again = await kafka.provision(peers);
    expect([again.topicsCreated, again.granted, again.revoked, again.foreign]).toEqual([[], [], [], []]);
    const without = await kafka.provision(peers.map((peer) => ({ ...peer, active: peer.oin !== IND })));
    expect(without.revoked.map(({ text }) => readable(text)).sort()).toEqual([
      `${IND} ALLOW READ GROUP ${adapterGroup(IND)} from *`,
      `${IND} ALLOW READ TOPIC ${notificationsTopic(IND)} from *`,
    ]);
    expect((await kafka.provision(peers)).granted).toHaveLength(2);
  });

  it('reports the rights of a principal that is no registered peer and leaves them', async () => {
    const { foreign, revoked } = await kafka.provision([DTV, IND].map((oin) => ({ oin, active: true })));
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

  it('loses nothing when it is killed and started again six seconds later', async () => {
    const { port } = kafka;
    let restarting: Promise<void> = Promise.resolve();
    await runThrough(() => {
      process.kill(kafka.broker.pid, 'SIGKILL');
      restarting = sleep(6_000).then(async () => {
        await kafka.restart(port);
      });
      return Promise.resolve();
    });
    await restarting;
  });

  it('loses nothing when it hangs for six seconds', async () => {
    await runThrough(async () => {
      process.kill(kafka.broker.pid, 'SIGSTOP');
      await sleep(6_000);
      process.kill(kafka.broker.pid, 'SIGCONT');
    });
  });
});

describe('a broker that is left running', () => {
  it('is taken over with the same settings and replaced with others', async () => {
    const { port } = kafka;
    const { pid } = kafka.broker;
    await kafka.restart(port);
    expect(kafka.broker.pid).toBe(pid);
    const other = await freePort();
    await kafka.restart(other);
    expect(kafka.broker.pid).not.toBe(pid);
    expect(kafka.broker.brokers).toEqual([`127.0.0.1:${other}`]);
  });

  it('names its last log lines when it cannot start', async () => {
    const { port } = kafka;
    await expect(startBroker({ ...kafka.options, dir: join(kafka.dir, 'second'), port })).rejects.toThrow(
      /Address already in use/,
    );
  });
});
