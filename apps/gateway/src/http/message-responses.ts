import { ENVELOPE_SCHEMA } from '#contracts/generated/schemas.js';
import { UUID_PATTERN } from './api-schemas.js';
import { NOTIFICATION_SCHEMA } from './notification-schema.js';
import { ACCESS_RECORD, CONTRACT_TYPE, FIELD_GROUPS, INSTANT, OIN, UUID } from './schema-parts.js';

/*
 * Answers about messages. The OpenAPI document shows these schemas and a story holds every real answer against them.
 * They are closed: a property that is not here may not leave the gateway.
 */
export const RECEIPT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['messageId', 'caseId', 'acceptedAt', 'receipt'],
  properties: {
    messageId: UUID,
    caseId: { type: ['string', 'null'], pattern: UUID_PATTERN, description: 'null: dit bericht hoort bij geen zaak.' },
    acceptedAt: INSTANT,
    receipt: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$',
      description: 'JWS (EdDSA): het bewijs dat de poort dit bericht heeft aanvaard. Bewaar het.',
    },
  },
} as const;

export const MESSAGE_STATUS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['messageId', 'contract', 'caseId', 'acceptedAt', 'recipients'],
  properties: {
    messageId: UUID,
    contract: CONTRACT_TYPE,
    caseId: { type: ['string', 'null'], pattern: UUID_PATTERN },
    acceptedAt: INSTANT,
    recipients: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['oin', 'name', 'state', 'acceptedAt'],
        properties: {
          oin: OIN,
          name: { type: ['string', 'null'] },
          state: { enum: ['OUTSTANDING', 'FETCHED', 'TAKEN', 'PARKED', 'DEAD', 'WITHDRAWN', 'PURGED'] },
          acceptedAt: INSTANT,
          publishedAt: { ...INSTANT, description: 'Op Kafka gezet; geen bewijs van aankomst.' },
          fetchedAt: { ...INSTANT, description: 'Inhoud opgehaald.' },
          takenAt: { ...INSTANT, description: 'Het systeem van de ontvanger heeft het bericht.' },
          confirmedAt: { ...INSTANT, description: 'Inhoudelijk bevestigd (M06).' },
          parkedAt: { ...INSTANT, description: 'De ontvanger kon het niet verwerken; latere berichten wachten.' },
          deadLetteredAt: { ...INSTANT, description: 'Te lang geparkeerd; de beheerder moet kijken.' },
        },
      },
    },
  },
} as const;

export const MESSAGE_CONTENT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['event', 'released', 'withheld', 'accessRecord'],
  properties: {
    event: {
      type: 'object',
      additionalProperties: false,
      required: ['specversion', 'id', 'source', 'type', 'data'],
      properties: ENVELOPE_SCHEMA.properties,
      description:
        'Het CloudEvent zoals de afzender het schreef, met in data alleen de velden die u voor dit doel mag zien. ' +
        'Het schema voor de ontvanger is open: er kunnen velden bijkomen.',
    },
    released: FIELD_GROUPS,
    withheld: { ...FIELD_GROUPS, description: 'Wat het contract kent en u voor dit doel niet ziet, gevuld of niet.' },
    accessRecord: ACCESS_RECORD,
  },
} as const;

export const INBOX_PAGE_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['items', 'next', 'highest'],
  properties: {
    items: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['sequence', 'caseSequence', 'state', 'messageId', 'event'],
        properties: {
          sequence: { type: 'integer', minimum: 1, description: 'Per ontvanger, zonder gaten.' },
          caseSequence: { type: ['integer', 'null'], minimum: 1, description: 'Per ontvanger en zaak, zonder gaten.' },
          state: MESSAGE_STATUS_SCHEMA.properties.recipients.items.properties.state,
          messageId: UUID,
          contract: { ...CONTRACT_TYPE, description: 'Ontbreekt als het bericht is ingetrokken of verwijderd.' },
          event: NOTIFICATION_SCHEMA,
        },
      },
    },
    next: { type: 'integer', minimum: 0, description: 'Geef dit mee als after voor de volgende bladzijde.' },
    highest: { type: 'integer', minimum: 0, description: 'Het hoogste volgnummer dat u tot nu toe hebt gekregen.' },
  },
} as const;

export const ACKNOWLEDGEMENT_RESULTS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['results'],
  properties: {
    results: {
      type: 'array',
      description: 'In de volgorde van het verzoek.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['messageId', 'status'],
        properties: {
          messageId: UUID,
          status: { enum: ['recorded', 'refused'] },
          code: { enum: ['CASE_NOT_AVAILABLE', 'WITHDRAWN', 'ACKNOWLEDGEMENT_REFUSED'] },
        },
      },
    },
  },
} as const;
