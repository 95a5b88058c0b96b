import { PURPOSES } from '#contracts/domain.js';
import { UUID_PATTERN } from './api-schemas.js';
import { OIN } from './schema-parts.js';

/** Kinds of record, as the log writes them. */
export const RECORD_KIND = { enum: ['DELIVERY', 'CONSULTATION', 'EVALUATION', 'ADMIN', 'REFUSAL', 'ERASURE'] } as const;
export const RECORD_ACTION = { type: 'string', maxLength: 50, pattern: '^[a-z][a-z-]*\\.[a-z][a-z-]*$' } as const;
const ANY_INSTANT = {
  type: 'string',
  maxLength: 40,
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T.+(Z|[+-][0-9]{2}:[0-9]{2})$',
} as const;

/** Bodies of the calls of officers. */
export const LOG_SEARCH_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    subject: { type: 'string', pattern: '^[0-9]{10}$', description: 'V-nummer, precies.' },
    peer: { ...OIN, description: 'OIN van wie iets vroeg of verstuurde.' },
    purpose: { enum: PURPOSES },
    caseId: { type: 'string', pattern: UUID_PATTERN },
    messageId: { type: 'string', pattern: UUID_PATTERN },
    decision: { enum: ['permit', 'refuse'], description: 'Toegestaan of geweigerd.' },
    kind: RECORD_KIND,
    action: { ...RECORD_ACTION, description: 'Wat er gebeurde, bijvoorbeeld content.read.' },
    traceId: { type: 'string', pattern: '^[0-9a-f]{32}$', description: 'Trace van de aanroeper (W3C).' },
    processingActivity: {
      type: 'string',
      pattern: '^https?://[^ ]+$',
      maxLength: 300,
      description: 'Verwerkingsactiviteit.',
    },
    from: { ...ANY_INSTANT, description: 'Vanaf, in elke tijdzone.' },
    to: { ...ANY_INSTANT, description: 'Tot, dit tijdstip niet meegerekend.' },
    scope: {
      enum: ['own', 'national'],
      description: 'own: wat uw organisatie betreft. national: alles, alleen met een lopende toestemming.',
    },
    limit: { type: 'integer', minimum: 1, maximum: 100 },
    cursor: { type: 'string', pattern: '^[A-Za-z0-9_-]{48}$', description: 'nextCursor van de vorige bladzijde.' },
  },
} as const;

/** Why an officer needs to see beyond the own organisation. */
export const GRANT_GROUNDS = [
  'BREACH',
  'DATA_SUBJECT_REQUEST',
  'COMPLAINT',
  'SUPERVISOR_REQUEST',
  'JOINT_AUDIT',
] as const;

export const GRANT_REQUEST_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['validUntil', 'ground'],
  properties: {
    validUntil: { ...ANY_INSTANT, description: 'Tot wanneer: hoogstens dertig dagen vooruit.' },
    ground: { enum: GRANT_GROUNDS, description: 'Waarom het landelijke beeld nodig is.' },
  },
} as const;
