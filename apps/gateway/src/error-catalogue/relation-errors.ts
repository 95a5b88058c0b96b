import type { ErrorEntry } from './error-entry.js';

/** Purpose and relation. */
export const RELATION_ERRORS = {
  PURPOSE_REQUIRED: {
    status: 403,
    title: 'Het doel ontbreekt',
    nextStep: 'Stuur de header Purpose-Of-Use mee, bijvoorbeeld P03.',
  },
  PURPOSE_NOT_ALLOWED: {
    status: 403,
    title: 'Dit doel past niet bij uw rol of bij dit bericht',
    nextStep: 'Gebruik het doel waarvoor het bericht is verstuurd, of een opvolger daarvan.',
  },
  PURPOSE_ENDED: { status: 403, title: 'Dit doel is geëindigd', nextStep: 'Vraag alleen wat u al is toegezonden.' },
  GRANT_ENDED: {
    status: 403,
    title: 'Uw tijdelijke toegang is geëindigd',
    nextStep: 'Vraag de gemeente van de zaak om nieuwe toegang als het overleg nog loopt.',
  },
  USER_REFERENCE_REQUIRED: {
    status: 400,
    title: 'De verwijzing naar de raadpleger ontbreekt',
    nextStep: 'Stuur de header User-Reference mee met het pseudoniem van de medewerker.',
  },
  CASE_NOT_AVAILABLE: { status: 404, title: 'Niet beschikbaar', nextStep: 'Controleer het kenmerk.' },
  SEARCH_NOT_ALLOWED: {
    status: 403,
    title: 'Zoeken is voor uw organisatie niet mogelijk',
    nextStep: 'Gebruik het zaakkenmerk uit een bericht aan u.',
  },
} as const satisfies Record<string, ErrorEntry>;
