import { UUID_PATTERN } from './api-schemas.js';

/** Values that stand in more than one answer. */
export const UUID = { type: 'string', pattern: UUID_PATTERN } as const;
/** API Design Rules /core/date-time: answers are in UTC. */
export const INSTANT = { type: 'string', format: 'date-time', pattern: 'Z$' } as const;
export const LOCAL_DATE = { type: 'string', format: 'date' } as const;
export const OIN = { type: 'string', pattern: '^[0-9]{8}[0-9A-Za-z]{12}$' } as const;
export const CONTRACT_TYPE = { type: 'string', pattern: '^nl\\.lvv\\.[a-z][a-z0-9-]*\\.v[0-9]+$' } as const;
export const FIELD_GROUPS = {
  type: 'array',
  items: { type: 'string', pattern: '^FG[0-9]{2}$' },
  description: 'Veldgroepen, zie docs/glossary.md.',
} as const;
export const ACCESS_RECORD = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'digest'],
  description: 'De regel in het verwerkingslogboek die bij deze verstrekking hoort.',
  properties: { id: UUID, digest: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' } },
} as const;
