import type { ErrorEntry } from './error-entry.js';

/** Exchange. */
export const EXCHANGE_ERRORS = {
  MESSAGE_ID_REUSED: {
    status: 409,
    title: 'Dit kenmerk is al gebruikt voor een ander bericht',
    nextStep: 'Geef een nieuw bericht een nieuw id.',
  },
  WITHDRAWN: {
    status: 410,
    title: 'Dit bericht is ingetrokken',
    nextStep: 'Verwijder wat u ervan hebt en bevestig dat met M30.',
  },
  ACKNOWLEDGEMENT_REFUSED: { status: 409, title: 'Deze bevestiging kan niet', nextStep: 'Haal eerst de inhoud op.' },
} as const satisfies Record<string, ErrorEntry>;
