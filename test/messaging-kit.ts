import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NotificationEvent } from '#messaging/event.js';
import type { KafkaConnection } from '#messaging/kafka-connection.js';
import type { NotificationProducer, SettleHandler } from '#messaging/kafka-port.js';
import { notificationsTopic } from '#messaging/topics.js';
import { type BrokerOptions, type RunningBroker, startBroker } from '../tools/broker/broker.js';
import { type AdminAccess, provision, type ProvisionOptions, type ProvisionResult } from '../tools/broker/provision.js';
import { GATEWAY_OIN } from '../tools/demo/roster.js';
import type { DemoPki } from '../tools/pki/demo-pki.js';
import { copyOfPki } from './support/world.js';

/** A broker that a test owns and may kill, with certificates of its own. */
export class TestKafka {
  private constructor(
    readonly dir: string,
    readonly pki: DemoPki,
    readonly options: BrokerOptions,
    public broker: RunningBroker,
  ) {}

  static async start(): Promise<TestKafka> {
    const dir = mkdtempSync(join(tmpdir(), 'ketenpoort-kafka-'));
    const pki = await copyOfPki(join(dir, 'pki'));
    const own = { caFile: pki.caFile, broker: pki.files('kafka'), admin: pki.files('kafka-admin') };
    const options = { dir: join(dir, 'kafka'), pki: own, log: () => undefined };
    return new TestKafka(dir, pki, options, await startedBroker(options));
  }

  get port(): number {
    return Number(this.broker.brokers[0]?.split(':')[1]);
  }

  get admin(): AdminAccess {
    return { brokers: this.broker.brokers, adminTls: { ...this.pki.files('kafka-admin'), caFile: this.pki.caFile } };
  }

  provision(peers: ProvisionOptions['peers']): Promise<ProvisionResult> {
    return provision({ ...this.admin, gatewayOin: GATEWAY_OIN, peers });
  }

  /** With the certificate of this name. */
  connection(name: string): KafkaConnection {
    return { brokers: this.broker.brokers, ...this.pki.files(name), caFile: this.pki.caFile, clientId: `test-${name}` };
  }

  async restart(port: number): Promise<void> {
    this.broker = await startedBroker({ ...this.options, port });
  }

  async remove(): Promise<void> {
    await this.broker.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

async function startedBroker(options: BrokerOptions): Promise<RunningBroker> {
  const result = await startBroker(options);
  if (!result.available) throw new Error(result.reason);
  return result;
}

let events = 0;
/** A new, valid notification. */
export function event(partitionkey: string): NotificationEvent {
  events += 1;
  const messageId = `0190a000-0000-7000-8000-${String(events).padStart(12, '0')}`;
  return {
    specversion: '1.0',
    id: `event-${events}`,
    source: `urn:nld:oin:${GATEWAY_OIN}:ketenpoort`,
    type: 'nl.lvv.case-notification.v1',
    time: '2026-11-22T10:00:00Z',
    dataref: `https://localhost:8443/v1/messages/${messageId}/content`,
    sequence: String(events),
    partitionkey,
  };
}

/** Takes everything and remembers it. */
export function collector(): { ids: string[]; take: SettleHandler } {
  const ids: string[] = [];
  const take: SettleHandler = (batch) => {
    ids.push(...batch.map(({ id }) => id));
    return Promise.resolve({ settled: batch.length, retryAfterMs: 0 });
  };
  return { ids, take };
}

/** Waits until the condition holds, at most so long. */
export async function until(condition: () => boolean, limitMs: number): Promise<void> {
  for (const end = Date.now() + limitMs; Date.now() < end && !condition();) await sleep(50);
}

/** What the relay does: the rows stay until a send of theirs has been confirmed. */
export async function sendUntilConfirmed(
  producer: NotificationProducer,
  oin: string,
  sent: NotificationEvent,
): Promise<void> {
  for (;;) {
    try {
      return await producer.send(notificationsTopic(oin), [sent]);
    } catch {
      await sleep(250);
    }
  }
}
