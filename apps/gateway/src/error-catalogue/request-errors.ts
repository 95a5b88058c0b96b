import type { ErrorEntry } from './error-entry.js';

/** The request itself. */
export const REQUEST_ERRORS = {
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Het bericht is te groot',
    nextStep: 'Houd het bericht onder de grens van 256 kB.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'De headers zijn te groot',
    nextStep: 'Stuur hoogstens 100 headers, met het adres samen onder 16 kB.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Het verzoek kwam niet op tijd binnen',
    nextStep: 'Stuur de headers binnen 10 seconden en het hele verzoek binnen 30.',
  },
  MALFORMED_JSON: { status: 400, title: 'Het bericht is geen geldige JSON', nextStep: 'Controleer de JSON.' },
  DUPLICATE_KEY: {
    status: 400,
    title: 'Een sleutel komt meer dan eens voor in hetzelfde object',
    nextStep: 'Gebruik elke sleutel één keer (RFC 7493).',
  },
  NESTING_TOO_DEEP: { status: 400, title: 'De JSON is te diep genest', nextStep: 'Blijf binnen 32 niveaus.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Dit mediatype wordt niet aanvaard',
    nextStep: 'Zie de OpenAPI-beschrijving voor het juiste Content-Type.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    title: 'Het gevraagde mediatype is niet beschikbaar',
    nextStep: 'Vraag application/json of application/problem+json.',
  },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Deze methode bestaat hier niet', nextStep: 'Zie de header Allow.' },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'Dit adres bestaat niet',
    nextStep: 'Zie /v1/openapi.json. Let op: geen schuine streep aan het eind.',
  },
  INVALID_PARAMETER: {
    status: 400,
    title: 'Het adres, een parameter of een header is ongeldig',
    nextStep: 'Zie de lijst met fouten; is die er niet, controleer dan adres en headers.',
  },
  SCHEMA_INVALID: {
    status: 400,
    title: 'Het bericht voldoet niet aan het contract',
    nextStep: 'Herstel de genoemde velden; zie /v1/contracts voor schema en voorbeelden.',
  },
  CONTRACT_UNKNOWN: { status: 400, title: 'Dit contract bestaat niet', nextStep: 'Zie /v1/contracts.' },
  FORBIDDEN_IDENTIFIER: {
    status: 400,
    title: 'Het bericht bevat een nummer of gegeven dat hier nooit mag',
    nextStep: 'Verwijder BSN, SKN of biometrie; het bericht is nergens bewaard.',
  },
  SOURCE_MISMATCH: {
    status: 403,
    title: 'De bron hoort niet bij uw certificaat',
    nextStep: 'Gebruik urn:nld:oin:<uw OIN>:<systeem> als source.',
  },
  SIGNATURE_INVALID: {
    status: 400,
    title: 'De handtekening van de verzender klopt niet',
    nextStep: 'Onderteken de canonieke vorm (RFC 8785) met de sleutel van uw certificaat, of laat jws weg.',
  },
  SENDER_NOT_ENTITLED: {
    status: 403,
    title: 'Uw soort organisatie mag dit bericht niet versturen',
    nextStep: 'Zie de berichtencatalogus.',
  },
  SYNTHETIC_DATA_ONLY: {
    status: 400,
    title: 'Deze omgeving aanvaardt alleen verzonnen personen',
    nextStep: 'Gebruik V-nummers die met 0000 of 9999 beginnen.',
  },
  SYNTHETIC_DATA_REFUSED: {
    status: 400,
    title: 'Deze omgeving aanvaardt geen verzonnen personen',
    nextStep: 'Gebruik de demo-omgeving.',
  },
  MESSAGE_EXPIRED: {
    status: 400,
    title: 'Het bericht is verlopen',
    nextStep: 'Stuur het opnieuw met een latere expiresat.',
  },
} as const satisfies Record<string, ErrorEntry>;
