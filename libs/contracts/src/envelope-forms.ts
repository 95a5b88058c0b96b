import { ENVELOPE_SCHEMA } from './generated/schemas.js';

const { id, source } = ENVELOPE_SCHEMA.properties;

/** Form of the `id` that a sender gives its message, as the gateway demands it: a regular expression. */
export const EVENT_ID_PATTERN: string = id.pattern;

/** Form of the last part of `source`, the name of the sender's system. */
export const SYSTEM_PATTERN: string = `^${source.pattern.slice(source.pattern.lastIndexOf(':') + 1)}`;
