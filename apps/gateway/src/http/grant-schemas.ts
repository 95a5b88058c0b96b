import { ACCESS_RECORD, INSTANT, OIN, UUID } from './schema-parts.js';

const GRANT_KIND = {
  enum: ['MRT', 'NATIONAL_ESCALATION'],
  description: 'MRT: doel P07; landelijke opschaling: doel P08.',
} as const;

export const GRANT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'member', 'person', 'validUntil', 'basis'],
  properties: {
    kind: GRANT_KIND,
    member: { ...OIN, description: 'Organisatie van het lid; partij in deze zaak.' },
    person: {
      type: 'string',
      pattern: '^[\\w.:@-]{1,100}$',
      description: 'Het pseudoniem dat die organisatie aan haar medewerker geeft, zoals in User-Reference.',
    },
    validUntil: { type: 'string', format: 'date-time', description: 'Hoogstens 30 dagen na nu.' },
    basis: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$',
      description: 'Kenmerk van het besluit om advies te vragen; geen tekst en geen naam.',
    },
  },
} as const;

export const GRANT_END_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['reason'],
  properties: {
    reason: {
      enum: ['ADVICE_GIVEN', 'OUTCOME_GIVEN', 'WITHDRAWN'],
      description: 'Het advies is er, de uitkomst is er, of de toegang wordt ingetrokken.',
    },
  },
} as const;

export const GRANT_ANSWER_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['grantId', 'kind', 'member', 'validFrom', 'validUntil', 'accessRecord'],
  properties: {
    grantId: UUID,
    kind: GRANT_KIND,
    member: OIN,
    validFrom: INSTANT,
    validUntil: INSTANT,
    endedAt: INSTANT,
    accessRecord: ACCESS_RECORD,
  },
} as const;
