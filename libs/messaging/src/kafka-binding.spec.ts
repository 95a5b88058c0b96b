import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NotificationEvent } from '#messaging/event.js';
import { fromKafkaRecord, type ReceivedRecord, toKafkaRecord } from '#messaging/kafka-binding.js';
import { adapterGroup, notificationsTopic } from '#messaging/topics.js';

const EVENT: NotificationEvent = {
  specversion: '1.0',
  id: '0190a000-0000-7000-8000-000000000001',
  source: 'urn:nld:oin:00000099000000000001:ketenpoort',
  type: 'nl.lvv.dossier-part.v1',
  time: '2026-11-22T10:00:00.123Z',
  dataref: 'https://localhost:8443/v1/messages/0190a000-0000-7000-8000-000000000002/content',
  sequence: '17',
  casesequence: '3',
  partitionkey: 'k7Zq',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

const without = (event: NotificationEvent, ...names: string[]): NotificationEvent =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name))) as unknown as NotificationEvent;

/** What a broker gives back: header values as bytes. */
const received = ({ value, headers }: ReturnType<typeof toKafkaRecord>): ReceivedRecord => ({
  value,
  headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
});

/** Structured mode, which the gateway does not send: the whole event as JSON in the value. */
const structured = (event: NotificationEvent): ReturnType<typeof toKafkaRecord> => ({
  key: event.partitionkey,
  value: Buffer.from(JSON.stringify(event)),
  headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
});

describe('Kafka binding (C24)', () => {
  it('carries the attributes as headers and nothing as value', () => {
    const record = toKafkaRecord(EVENT);
    expect(record.key).toBe(EVENT.partitionkey);
    expect(record.value).toHaveLength(0);
    expect(Object.keys(record.headers).sort()).toEqual(
      Object.keys(EVENT)
        .map((name) => `ce_${name}`)
        .sort(),
    );
  });

  it('sends no header for an absent, undefined or empty attribute', () => {
    const odd = { ...without(EVENT, 'casesequence'), traceparent: '' };
    const { headers } = toKafkaRecord({ ...odd, casesequence: undefined } as unknown as NotificationEvent);
    expect(Object.keys(headers)).not.toContain('ce_traceparent');
    expect(Object.keys(headers)).not.toContain('ce_casesequence');
  });

  it('reads binary and structured mode back to the same event', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => /^\S/.test(value));
    const events = fc.record({ id: text, source: text, partitionkey: text, sequence: fc.integer({ min: 1 }) });
    fc.assert(
      fc.property(events, fc.boolean(), (parts, hasCase) => {
        const whole = { ...EVENT, ...parts, sequence: String(parts.sequence) };
        const event = hasCase ? whole : without(whole, 'casesequence', 'traceparent');
        expect(fromKafkaRecord(received(toKafkaRecord(event)))).toEqual(event);
        expect(fromKafkaRecord(received(structured(event)))).toEqual(event);
      }),
    );
  });

  it('leaves attributes out that it does not know', () => {
    const record = toKafkaRecord(EVENT);
    expect(fromKafkaRecord({ ...record, headers: { ...record.headers, ce_newer: 'x', other: 'y' } })).toEqual(EVENT);
  });

  it.each(['id', 'source', 'type', 'time', 'dataref', 'sequence', 'partitionkey', 'specversion'])(
    'refuses a record without %s, and names it',
    (name) => {
      const record = toKafkaRecord(without(EVENT, name));
      expect(() => fromKafkaRecord(record)).toThrow(`malformed notification: ${name}`);
    },
  );

  it('refuses what is not a notification without repeating it', () => {
    const structured = { 'content-type': 'application/cloudevents+json' };
    expect(() => fromKafkaRecord({ value: null })).toThrow('specversion');
    expect(() => fromKafkaRecord({ value: Buffer.from('secret'), headers: structured })).toThrow(
      /^malformed.*: value$/,
    );
    expect(() => fromKafkaRecord({ value: Buffer.from('null'), headers: structured })).toThrow('value');
    expect(() => fromKafkaRecord({ value: Buffer.alloc(65_537), headers: structured })).toThrow('size');
    expect(() => fromKafkaRecord(toKafkaRecord({ ...EVENT, sequence: '017' }))).toThrow('sequence');
    expect(() => fromKafkaRecord(toKafkaRecord({ ...EVENT, dataref: 'http://elsewhere/' }))).toThrow('dataref');
  });
});

describe('topic and group names', () => {
  it('follow from the OIN and from nothing else', () => {
    expect(notificationsTopic('00000099000000000302')).toBe('ketenpoort.notifications.00000099000000000302');
    expect(adapterGroup('00000099000000000302')).toBe('ketenpoort-adapter-00000099000000000302');
    expect(() => notificationsTopic('*')).toThrow('not an OIN');
    expect(() => adapterGroup('')).toThrow('not an OIN');
  });
});
