import type { ErrorEntry } from './error-entry.js';

/** The public log and its witnesses. */
export const LOG_ERRORS = {
  NOT_COSIGNED_YET: {
    status: 404,
    title: 'Nog geen controlepunt is door genoeg getuigen medeondertekend',
    nextStep: 'Haal /v1/log/checkpoint op, of probeer het over enkele seconden opnieuw.',
  },
  WITNESS_UNKNOWN: {
    status: 403,
    title: 'Uw organisatie heeft hier geen getuige',
    nextStep: 'Laat de beheerder de sleutel van uw getuige registreren.',
  },
  COSIGNATURE_INVALID: {
    status: 400,
    title: 'Dit is geen medeondertekend controlepunt van dit logboek',
    nextStep: 'Haal /v1/log/checkpoint op, onderteken het met de geregistreerde sleutel en stuur het geheel.',
  },
  LOG_SMALLER_THAN_WITNESSED: {
    status: 409,
    title: 'Het logboek is kleiner dan uw getuige het zag',
    nextStep: 'Bewaar dit controlepunt: het is bewijs. De beheerder is gewaarschuwd.',
  },
  LOG_FORKED: {
    status: 409,
    title: 'Het logboek is een ander dan uw getuige het zag',
    nextStep: 'Bewaar dit controlepunt: het is bewijs. De beheerder is gewaarschuwd.',
  },
} as const satisfies Record<string, ErrorEntry>;
