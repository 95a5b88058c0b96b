import { UUID_PATTERN } from './api-schemas.js';

/* What officers send about reports to residents. Grounds are checked against their law in audit/report/grounds.ts. */
const UUID = { type: 'string', pattern: UUID_PATTERN } as const;
const GROUND = {
  type: 'string',
  pattern: '^[A-Z][A-Z0-9_]{1,30}$',
  description: 'Wettelijke grond als code, bijvoorbeeld UAVG_41_1_I of WPG_27_1_B.',
} as const;
const SHOW_FROM = {
  type: 'string',
  format: 'date',
  maxLength: 10,
  description: 'Vanaf deze dag mag de betrokkene het alsnog zien.',
} as const;
/** A release names the entries that it withholds; one that withholds more is a refusal. */
const MAX_WITHHELD = 1_000;

export const REPORT_REQUEST_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['requestMessageId'],
  properties: {
    requestMessageId: { ...UUID, description: 'Het bericht M37 waarin de betrokkene om inzage vraagt.' },
    vNumber: {
      type: 'string',
      pattern: '^[0-9]{10}$',
      description: 'Ter controle dat het om de juiste persoon gaat. Verplicht als de persoon een V-nummer heeft.',
    },
  },
} as const;

export const PART_EXTENSION_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['ground'],
  properties: { ground: { enum: ['COMPLEX', 'MANY_REQUESTS', 'POSTPONED', 'SEVERAL_UNITS'] } },
} as const;

export const PART_RELEASE_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['withheld'],
  properties: {
    withheld: {
      type: 'array',
      maxItems: MAX_WITHHELD,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['entryId', 'ground'],
        properties: { entryId: UUID, ground: GROUND, showFrom: SHOW_FROM },
      },
    },
  },
} as const;

export const PART_REFUSAL_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['ground'],
  properties: { ground: GROUND, showFrom: SHOW_FROM },
} as const;

/** Reports, or entries of a part, come in pages; `after` is the last id of the page before. */
export const REPORT_PAGE_QUERY_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    after: UUID,
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
  },
} as const;

export const REPORT_FORMATS = ['json', 'csv', 'pdf', 'proofs'] as const;
export const REPORT_DOCUMENT_QUERY_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: { format: { enum: REPORT_FORMATS, default: 'json' } },
} as const;
