/**
 * The one catalogue of errors that leave the gateway. `title` is Dutch (agencies read it), `nextStep` says what to do.
 * `docs/errors.md` is generated from this table.
 */
interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly nextStep: string;
}

export const ERRORS = {
  // Who is calling
  PEER_UNKNOWN: {
    status: 403,
    title: 'Deze organisatie is niet geregistreerd',
    nextStep: 'Vraag de beheerder de OIN uit uw certificaat te registreren.',
  },
  PEER_INACTIVE: {
    status: 403,
    title: 'Deze organisatie is niet actief',
    nextStep: 'Neem contact op met de beheerder.',
  },
  CERTIFICATE_NOT_REGISTERED: {
    status: 403,
    title: 'Dit certificaat is niet geregistreerd',
    nextStep: 'Laat het certificaat bij uw OIN registreren; twee certificaten mogen elkaar overlappen.',
  },
  CERTIFICATE_EXPIRED: {
    status: 403,
    title: 'Dit certificaat is verlopen',
    nextStep: 'Gebruik het nieuwe certificaat; twee certificaten mogen elkaar overlappen.',
  },
  CERTIFICATE_REVOKED: {
    status: 403,
    title: 'Dit certificaat is ingetrokken',
    nextStep: 'Gebruik een geldig certificaat.',
  },
  REVOCATION_STATUS_UNKNOWN: {
    status: 503,
    title: 'De intrekkingslijst is verlopen',
    nextStep: 'Probeer het later opnieuw; de beheerder moet de CRL verversen.',
  },
  PERSON_CERTIFICATE: {
    status: 403,
    title: 'Een persoonscertificaat hoort niet op deze route',
    nextStep: 'Gebruik het certificaat van het systeem van uw organisatie.',
  },
  // The request itself
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Het bericht is te groot',
    nextStep: 'Houd het bericht onder de grens van 256 kB.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'De headers zijn te groot',
    nextStep: 'Houd adres en headers samen onder 16 kB.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Het verzoek kwam niet op tijd binnen',
    nextStep: 'Stuur het hele verzoek binnen 30 seconden.',
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
  INVALID_PARAMETER: { status: 400, title: 'Een parameter is ongeldig', nextStep: 'Zie de lijst met fouten.' },
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
  FREE_TEXT_REFUSED: {
    status: 400,
    title: 'Vrije tekst is hier niet toegestaan',
    nextStep: 'Gebruik de gecodeerde redenen van het contract.',
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
  // Purpose and relation
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
  // Case process
  CASE_STATE_CONFLICT: {
    status: 409,
    title: 'Dit kan niet in de huidige stand van de zaak',
    nextStep: 'Vraag de zaak op en kijk welke stap nu kan.',
  },
  NOT_ENTITLED_IN_CASE: {
    status: 403,
    title: 'Deze stap is in deze zaak niet aan u',
    nextStep: 'Zie docs/lifecycle.md voor wie welke stap zet.',
  },
  CASE_ALREADY_OPEN: {
    status: 409,
    title: 'Er loopt al een zaak voor deze persoon',
    nextStep: 'Gebruik de lopende zaak, of vraag DT&V.',
  },
  SHELTER_ALREADY_OPEN: {
    status: 409,
    title: 'Er loopt al een verblijf met onderdak',
    nextStep: 'Sluit of draag eerst het lopende verblijf over.',
  },
  STAY_NOT_OPEN: { status: 409, title: 'Dit verblijf loopt niet', nextStep: 'Controleer het verblijfskenmerk.' },
  GROUNDS_UNANSWERED: {
    status: 409,
    title: 'De toelatingsgronden zijn nog niet alle beantwoord',
    nextStep: 'Wacht op het antwoord, of leg een besluit met naam en reden vast.',
  },
  GROUND_REQUIRED: {
    status: 409,
    title: 'Een weigering heeft ten minste één grond nodig',
    nextStep: 'Noem de grondklasse.',
  },
  COVENANT_EXPIRED: {
    status: 409,
    title: 'Er is geen geldig convenant op deze datum',
    nextStep: 'Alleen berichten over lopende verblijven gaan door.',
  },
  IDENTITY_MISMATCH: {
    status: 409,
    title: 'Het V-nummer hoort niet bij deze zaak',
    nextStep: 'Controleer voor wie dit dossierdeel is.',
  },
  TARGET_NOT_FOUND: {
    status: 409,
    title: 'Het bericht waarnaar u verwijst hoort niet bij deze zaak',
    nextStep: 'Controleer target_message_id.',
  },
  PILOT_UNKNOWN: {
    status: 409,
    title: 'Deze pilot is niet geregistreerd, of niet van u',
    nextStep: 'Controleer de pilotcode.',
  },
  PART_ALREADY_ACCEPTED: {
    status: 409,
    title: 'Dit dossierdeel is al aanvaard',
    nextStep: 'Stuur een hogere versie met een correctiebericht.',
  },
  // Exchange
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
  // The gateway
  RATE_LIMITED: { status: 429, title: 'Te veel verzoeken', nextStep: 'Wacht het aantal seconden in Retry-After.' },
  OVERLOADED: {
    status: 503,
    title: 'De poort is vol',
    nextStep: 'Wacht het aantal seconden in Retry-After en stuur hetzelfde bericht opnieuw.',
  },
  LOG_UNAVAILABLE: {
    status: 503,
    title: 'Het verwerkingslogboek is niet beschikbaar',
    nextStep: 'Er is niets verstrekt en niets gewijzigd; probeer het later opnieuw.',
  },
  INTERNAL: { status: 500, title: 'Er ging iets mis in de poort', nextStep: 'Meld het foutnummer aan de beheerder.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** The one typed error that crosses rooms; the problem document is made only at the HTTP edge. */
export class GatewayError extends Error {
  constructor(
    readonly code: ErrorCode,
    /** English, for logs and the `detail` member. Never holds a value from the request. */
    readonly detail: string,
    readonly extra: {
      readonly issues?: readonly { pointer: string; rule: string; detail: string }[];
      readonly headers?: Readonly<Record<string, string>>;
      /** The true reason, for the access record alone, where the caller must not learn it. No value either. */
      readonly reason?: string;
    } = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'GatewayError';
  }

  /** Why, as the access record says it. */
  get reason(): string {
    return this.extra.reason ?? this.detail;
  }
}
