import type { ErrorEntry } from './error-entry.js';

/** The public log and its witnesses. */
export const LOG_ERRORS = {
  NOT_COSIGNED_YET: {
    status: 404,
    title: 'Nog geen controlepunt is door genoeg getuigen medeondertekend',
    nextStep: 'Haal /v1/log/checkpoint op, of probeer het over enkele seconden opnieuw.',
  },
} as const satisfies Record<string, ErrorEntry>;
