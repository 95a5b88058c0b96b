import type { ErrorEntry } from './error-entry.js';

/** What officers ask of the log. */
export const AUDIT_ERRORS = {
  OFFICER_ROLE_NOT_ALLOWED: {
    status: 403,
    title: 'Uw rol geeft geen toegang tot het verwerkingslogboek',
    nextStep:
      'Alleen een functionaris gegevensbescherming (FG) kan dit vragen; laat de registratie van uw rol nakijken.',
  },
  ENTRY_NOT_AVAILABLE: {
    status: 404,
    title: 'Deze regel is niet beschikbaar',
    nextStep: 'Controleer het kenmerk; u ziet regels die uw organisatie betreffen.',
  },
  NOT_SEQUENCED_YET: {
    status: 404,
    title: 'Deze regel staat nog niet in het logboek',
    nextStep: 'De regel is vastgelegd; vraag het bewijs opnieuw na het aantal seconden in Retry-After.',
  },
  SEARCH_TOO_BROAD: {
    status: 400,
    title: 'Deze vraag is te ruim',
    nextStep:
      'Noem een persoon, zaak, bericht of organisatie, of een periode van hoogstens 31 dagen; duurt ook dat te lang, neem een kortere periode.',
  },
  NATIONAL_VIEW_NOT_GRANTED: {
    status: 403,
    title: 'Voor een landelijk beeld loopt geen toestemming',
    nextStep: 'Vraag een landelijk beeld aan; het loopt zodra elke verantwoordelijke heeft ingestemd.',
  },
  GRANT_NOT_AVAILABLE: {
    status: 404,
    title: 'Deze toestemming is niet beschikbaar',
    nextStep: 'Controleer het kenmerk; u ziet toestemmingen die uw organisatie betreffen.',
  },
  GRANT_OVER: {
    status: 409,
    title: 'Deze toestemming is voorbij',
    nextStep: 'Vraag een nieuw landelijk beeld aan.',
  },
  GRANT_ALREADY_OPEN: {
    status: 409,
    title: 'U hebt al een landelijk beeld gevraagd',
    nextStep: 'Wacht op de instemming, of beëindig het eerste en vraag opnieuw.',
  },
} as const satisfies Record<string, ErrorEntry>;
