import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { messageIdOf } from '#messaging/event.js';
import { fromKafkaRecord } from '#messaging/kafka-binding.js';
import { KafkajsProducer } from '#messaging/kafkajs-producer.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { notificationsTopic } from '#messaging/topics.js';
import { issueForeignClient } from '../tools/pki/foreign-ca.js';
import { CaseSteps, type OpenCase } from './support/case-steps.js';
import { eventProblems } from './support/cloud-event-rules.js';
import { leaksIn } from './support/leaks.js';
import { stayStarted } from './support/messages.js';
import { sharedKafka, type SharedKafka } from './support/shared-kafka.js';
import { topicReader, type TopicReader, type TopicRecord } from './support/topic-reader.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

jest.setTimeout(120_000);
const ARRIVAL_LIMIT_MS = 30_000;
const CLOSE_LIMIT_MS = 5_000;
const FAMILIES = ['dossier-request', 'dossier-part', 'case-notification', 'control'];
/** What the transport adds to the notification of a message without a case, or without a trace. */
const OPTIONAL = ['casesequence', 'traceparent'];
const REQUIRED = ['specversion', 'id', 'source', 'type', 'time', 'dataref', 'sequence', 'partitionkey'];

let kafka: SharedKafka;
let world: World;
let steps: CaseSteps;
let read: TopicReader;
let opened: OpenCase;
let records: readonly TopicRecord[] = [];

beforeAll(async () => {
  kafka = await sharedKafka();
  read = await topicReader();
  world = await World.open(kafka);
  await world.startGateway(kafka.environment);
  steps = new CaseSteps(world);
  opened = await steps.admitted('rot', 'Zwaluwstaartveld');
  await steps.accepted('rot', stayStarted('rot', opened.caseId));
  await steps.part('ind', opened);
  await steps.part('dtv', opened);
  const sent = await world.rows<{ n: number }>('SELECT count(*)::int AS n FROM delivery WHERE recipient_oin = $1', [
    peer('dtv').oin,
  ]);
  await until('all of them on the topic', ARRIVAL_LIMIT_MS, async () => {
    records = await read(kafka, 'dtv', 'dtv');
    return records.length >= (sent[0]?.n ?? Infinity);
  });
});

afterAll(async () => {
  steps?.close();
  await world?.close();
});

const textOf = (record: TopicRecord): string => JSON.stringify(record);
const attributesOf = (record: TopicRecord): Record<string, string> =>
  Object.fromEntries(record.headers.map(([name, value]) => [name.replace(/^ce_/, ''), value]));

describe("what a reader of DT&V's topic learns", () => {
  it('C23 C25 is nothing of the person, the case, the exact contract or the purpose', async () => {
    const numbers = await world.rows<{ number: string }>('SELECT number FROM lvv_case');
    const secrets = {
      'family name': 'Zwaluwstaartveld',
      'V-number': opened.person.vNumber,
      'birth date': '"1986"',
      'case number': numbers[0]?.number ?? '',
      'case id': opened.caseId,
      contracts: 'dtv-resident-notification',
      delivered: 'dossier-delivered',
      'rest period': 'rest-period',
      'contract id': '"M05"',
      'notification purpose': 'P02',
      'dossier purpose': 'P03',
      'rest period purpose': 'P04',
      pilot: '"ROT"',
      municipality: peer('rot').oin,
    };
    expect(records.length).toBeGreaterThanOrEqual(4);
    expect(records.flatMap((record) => leaksIn(textOf(record), secrets))).toEqual([]);
    expect(new Set(Object.values(secrets)).has('')).toBe(false);
  });

  it('would show a planted value in any form', () => {
    const secrets = { name: 'Zwaluwstaartveld', number: opened.person.vNumber };
    for (const before of ['', 'x', 'xy']) {
      const planted = Buffer.from(`${before}${opened.person.vNumber}, Zwaluwstaartveld.`);
      for (const form of ['utf8', 'base64', 'hex'] as const)
        expect(leaksIn(planted.toString(form), secrets)).toHaveLength(2);
    }
    const digest = createHash('sha256').update('Zwaluwstaartveld').digest('hex');
    expect(leaksIn(digest, secrets)).toEqual(['name (SHA-256 in hex)']);
    expect(leaksIn('nothing of it', secrets)).toEqual([]);
  });

  it('is the same pseudonym for the same case, and another one than any other recipient has for it', async () => {
    const key = new Set(records.map((record) => record.key));
    expect(key.size).toBe(1);
    const others = [...(await read(kafka, 'ind', 'ind')), ...(await read(kafka, 'rot', 'rot'))];
    expect(others.length).toBeGreaterThanOrEqual(6);
    expect(others.filter((record) => key.has(record.key))).toEqual([]);
  });
});

describe('each notification', () => {
  it('C23 C25 is a CloudEvent of the Dutch profile in binary mode, without data', () => {
    for (const record of records) {
      const names = record.headers.map(([name]) => name);
      expect(names.every((name) => /^ce_[a-z0-9]{1,20}$/.test(name))).toBe(true);
      expect(new Set(names).size).toBe(names.length);
      const attributes = attributesOf(record);
      expect(eventProblems(attributes)).toEqual([]);
      expect(REQUIRED.filter((name) => !(name in attributes))).toEqual([]);
      expect(Object.keys(attributes).filter((name) => ![...REQUIRED, ...OPTIONAL].includes(name))).toEqual([]);
      expect(attributes.specversion).toBe('1.0');
      expect(attributes.source).toMatch(/^urn:nld:oin:[0-9]{20}:[a-z]+$/);
      expect(FAMILIES.map((family) => `nl.lvv.${family}.v1`)).toContain(attributes.type);
      expect(attributes.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(attributes.dataref).toMatch(/^https:\/\/localhost:\d+\/v1\/messages\/[0-9a-f-]{36}\/content$/);
      expect(record.key).toBe(attributes.partitionkey);
      expect(Buffer.byteLength(textOf(record))).toBeLessThan(64 * 1024);
    }
    const ids = records.map((record) => attributesOf(record).id);
    expect(new Set(ids).size).toBe(records.length);
  });

  it('C24 has no empty header, and an empty value instead of none, which would be a tombstone', () => {
    expect(records.flatMap(({ headers }) => headers).filter(([, value]) => value === '')).toEqual([]);
    expect(new Set(records.map(({ value }) => value))).toEqual(new Set(['']));
  });

  it('C24 reads back to the very event that the inbox shows', async () => {
    const inbox = await steps.as('dtv').inbox();
    const parsed = records.map(({ headers }) =>
      fromKafkaRecord({ value: Buffer.alloc(0), headers: Object.fromEntries(headers) }),
    );
    const bySequence = [...parsed].sort((a, b) => Number(a.sequence) - Number(b.sequence));
    expect(bySequence).toEqual(inbox.map(({ event }) => event));
  });

  it('C25 leads to content that is released for a purpose only', async () => {
    const notice = (await steps.as('dtv').inbox()).find((item) => item.contract?.includes('resident-notification'));
    const messageId = messageIdOf(notice!.event);
    const without = await steps.as('dtv').call('GET', `/v1/messages/${messageId}/content`);
    expect([without.status, without.body.code]).toEqual([403, 'PURPOSE_REQUIRED']);
    const content = await steps.as('dtv').content(messageId, 'P02');
    expect(content.body).toMatchObject({ event: { data: { family_name: 'Zwaluwstaartveld' } } });
  });
});

describe('who reaches the topics', () => {
  const produce = async (name: string, recipient: string): Promise<void> => {
    const connection = { brokers: kafka.brokers, ...kafka.pki.files(name), caFile: kafka.pki.caFile, clientId: name };
    const producer = new KafkajsProducer(connection, SILENT_LOG, 10_000);
    const [first] = records;
    const forged = fromKafkaRecord({ value: Buffer.alloc(0), headers: Object.fromEntries(first!.headers) });
    await producer.send(notificationsTopic(peer(recipient).oin), [forged]).finally(() => producer.close());
  };
  const openConnections = (): number =>
    process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;
  /** What the broker does with a TLS client that shows these certificates. */
  const handshake = (identity: { cert?: Buffer; key?: Buffer }): Promise<string> =>
    new Promise<string>((resolve) => {
      const [host, port] = kafka.brokers[0]!.split(':');
      const ca = readFileSync(kafka.pki.caFile);
      const socket = connect({ host, port: Number(port), ca, servername: 'localhost', ...identity });
      const end = (outcome: string): void => {
        resolve(outcome);
        socket.destroy();
      };
      // In TLS 1.3 the refusal comes after the client's own "connected": a kept connection is one that stays quiet.
      socket.once('secureConnect', () => socket.setTimeout(3_000, () => end('kept')));
      socket.once('data', () => end('answered'));
      socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
      socket.once('close', () => end('closed'));
    });

  it("keeps IND from DT&V's topic", async () => {
    await expect(read(kafka, 'ind', 'dtv')).rejects.toThrow(/authorization failed|not authorized/i);
  });

  it.each([
    ['dtv', 'ind'],
    ['ind', 'ind'],
  ])("keeps IND from writing to %s's topic, and no connection of it is left", async (recipient, name) => {
    const before = openConnections();
    await expect(produce(name, recipient)).rejects.toThrow(/authoriz/i);
    await until('all that it opened is closed', CLOSE_LIMIT_MS, () => openConnections() <= before);
  });

  it('does not talk to a client without a certificate, or with one of another authority', async () => {
    const { certFile, keyFile } = await issueForeignClient(world.folder);
    const own = kafka.pki.files('dtv');
    expect(await handshake({ cert: readFileSync(own.certFile), key: readFileSync(own.keyFile) })).toBe('kept');
    expect(await handshake({})).not.toMatch(/kept|answered/);
    expect(await handshake({ cert: readFileSync(certFile), key: readFileSync(keyFile) })).not.toMatch(/kept|answered/);
  });
});
