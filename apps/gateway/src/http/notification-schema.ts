import { EVENT_FAMILIES } from '#contracts/domain.js';
import { INSTANT, UUID } from './schema-parts.js';

/** Types of the notifications: the family is all that Kafka may know about what a message is. */
export const NOTIFICATION_TYPES = EVENT_FAMILIES.map((family) => `nl.lvv.${family}.v1`);

const COUNTER = { type: 'string', pattern: '^[1-9][0-9]*$' } as const;

/** The information-poor CloudEvent of inbox and Kafka (NL GOV profile for CloudEvents 1.1); no data, no case, no purpose. */
export const NOTIFICATION_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['specversion', 'id', 'source', 'type', 'time', 'dataref', 'sequence', 'partitionkey'],
  properties: {
    specversion: { const: '1.0' },
    id: { ...UUID, description: 'Kenmerk van deze aflevering; samen met source uniek.' },
    source: { type: 'string', pattern: '^urn:nld:oin:[0-9]{8}[0-9A-Za-z]{12}:ketenpoort$' },
    type: { enum: NOTIFICATION_TYPES },
    time: { ...INSTANT, description: 'Het tijdstip waarop de poort het bericht aanvaardde.' },
    dataref: {
      type: 'string',
      format: 'uri',
      pattern: '^https://[^/]+/v1/messages/[0-9a-f-]{36}/content$',
      description: 'Haal hier de inhoud op, met een doel; dat wordt vastgelegd.',
    },
    sequence: { ...COUNTER, description: 'Volgnummer per ontvanger, zonder gaten.' },
    casesequence: {
      ...COUNTER,
      description:
        'Volgnummer per ontvanger en zaak; ontbreekt als er geen zaak is. Verwerk een zaak in deze volgorde.',
    },
    partitionkey: {
      type: 'string',
      description: 'Pseudoniem van de zaak bij deze ontvanger; ook de sleutel in Kafka.',
    },
    traceparent: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
  },
} as const;
