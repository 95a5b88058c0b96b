/**
 * The reading extension of Logboek Dataverwerkingen (0.9; standards 1.6): members named as the standard names them, times
 * in milliseconds since 1970. A trace id is 32 hex digits, or the same as a UUID.
 */
const TRACE_ID = '^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$';
const MILLISECONDS = { type: 'integer', minimum: 0, maximum: 8_640_000_000_000_000 } as const;
const ATTRIBUTES = { type: 'object', additionalProperties: { type: 'string' } } as const;

/** At least one of the three keys that the standard names. */
const keyed = (name: string) => ({ type: 'object', required: [name], properties: { [name]: true } }) as const;

export const PROCESSING_SEARCH_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  anyOf: [keyed('traceId'), keyed('dpl.core.processing_activity_id'), keyed('dpl.core.data_subject_id')],
  properties: {
    traceId: { type: 'string', pattern: TRACE_ID },
    'dpl.core.processing_activity_id': { type: 'string', pattern: '^https?://[^ ]+$', maxLength: 300 },
    'dpl.core.data_subject_id': { type: 'string', pattern: '^[0-9]{10}$', description: 'V-nummer, precies.' },
    'dpl.core.data_subject_id_type': { const: 'Vreemdelingennummer' },
    startTime: MILLISECONDS,
    endTime: MILLISECONDS,
  },
} as const;

export const PROCESSING_LIST = {
  type: 'object',
  additionalProperties: false,
  required: ['processingActivities'],
  properties: {
    processingActivities: {
      type: 'array',
      maxItems: 2_000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['traceId', 'spanId', 'status', 'name', 'startTime', 'endTime', 'attributes'],
        properties: {
          traceId: { type: 'string', pattern: '^[0-9a-f]{32}$' },
          spanId: { type: 'string', pattern: '^[0-9a-f]{16}$' },
          parentSpanId: { type: 'string', pattern: '^[0-9a-f]{16}$' },
          status: { enum: ['Unset', 'Ok', 'Error'] },
          name: { type: 'string' },
          startTime: MILLISECONDS,
          endTime: MILLISECONDS,
          resource: {
            type: 'object',
            additionalProperties: false,
            required: ['attributes'],
            properties: { attributes: ATTRIBUTES },
          },
          attributes: ATTRIBUTES,
        },
      },
    },
  },
} as const;
