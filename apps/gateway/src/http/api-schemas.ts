/** Request schemas of the agency interface: what the code checks and what the OpenAPI document shows is this. */
export const UUID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

export const ACKNOWLEDGEMENTS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['acknowledgements'],
  properties: {
    acknowledgements: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['messageId', 'status'],
        properties: {
          messageId: { type: 'string', pattern: UUID_PATTERN },
          status: { enum: ['taken', 'failed'] },
          code: {
            type: 'string',
            pattern: '^[A-Z][A-Z0-9_]{0,39}$',
            description: 'Waarom het niet lukte: een code, geen tekst.',
          },
        },
      },
    },
  },
} as const;

export const SEARCH_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    vNumber: { type: 'string', pattern: '^[0-9]{10}$' },
    caseNumber: { type: 'string', pattern: '^LVV-[A-Z]{3}-[0-9]{4}-[0-9]{6}$' },
  },
} as const;

export const INBOX_QUERY_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    after: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 },
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 100 },
    waitSeconds: { type: 'integer', minimum: 0, maximum: 30, default: 0 },
    state: { enum: ['outstanding'] },
  },
} as const;
