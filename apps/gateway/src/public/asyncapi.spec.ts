import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EVENT_FAMILIES, type EventFamily } from '#contracts/domain.js';
import { toKafkaRecord } from '#messaging/kafka-binding.js';
import { adapterGroup, notificationsTopic } from '#messaging/topics.js';
import { notificationEvent } from '../delivery/notification-event.js';
import { asyncapiDocument, messageName } from './asyncapi.js';

const document = asyncapiDocument();
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document, 'asyncapi');

function recordOf(family: EventFamily) {
  const delivery = {
    id: '01936a5e-7c20-7e44-8d55-66f7a8b9c0d1',
    messageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12',
    family,
    partitionKey: 'pN0xWcVwE2m1Zc4t',
    sequence: '42',
    caseSequence: 3,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    acceptedAt: new Date('2026-11-20T10:15:00Z'),
  };
  const origin = { gatewayOin: '00000099000000000001', gatewayUrl: 'https://poort.example:8443' };
  return toKafkaRecord(notificationEvent(delivery, origin));
}

function meets(family: EventFamily, headers: object): boolean {
  const message = document.components.messages[messageName(family)] as { headers: { $ref: string } };
  return ajv.validate(`asyncapi${message.headers.$ref}`, headers);
}

describe('the AsyncAPI document', () => {
  it.each(EVENT_FAMILIES)('C24 describes the very headers of a %s notification, and its empty value', (family) => {
    const record = recordOf(family);
    expect(meets(family, record.headers)).toBe(true);
    expect(record.value).toHaveLength(0);
    expect(Object.values(record.headers).every((value) => value.length > 0)).toBe(true);
  });

  it('C23 has no place for a case, a purpose, an exact contract or anything else', () => {
    const { headers } = recordOf('dossier-part');
    for (const name of ['ce_caseid', 'ce_purpose', 'ce_subject', 'ce_data', 'authorization']) {
      expect([name, meets('dossier-part', { ...headers, [name]: 'x' })]).toEqual([name, false]);
    }
    expect(meets('dossier-part', { ...headers, ce_type: 'nl.lvv.ind-dossier-part.v1' })).toBe(false);
    expect(meets('control', headers)).toBe(false);
  });

  it('names the topic and the group that the broker lets an organisation use', () => {
    const oin = '00000099000000000302';
    expect(document.channels.notifications.address.replace('{oin}', oin)).toBe(notificationsTopic(oin));
    expect(document.info.description).toContain(adapterGroup(oin).replace(oin, '{oin}'));
  });
});
