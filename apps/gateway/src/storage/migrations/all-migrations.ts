import { Foundation } from './0001-foundation.js';

/** In the order in which they run. The last one is the schema version that the gateway demands. */
export const MIGRATIONS = [Foundation] as const;
