import type { ErrorEntry } from './error-entry.js';

/** Case process. */
export const CASE_ERRORS = {
  CASE_STATE_CONFLICT: {
    status: 409,
    title: 'Dit kan niet in de huidige stand van de zaak',
    nextStep: 'Vraag de zaak op en kijk welke stap nu kan.',
  },
  NOT_ENTITLED_IN_CASE: {
    status: 403,
    title: 'Deze stap is in deze zaak niet aan u',
    nextStep:
      'Vraag de zaak op en kijk welke organisatie deze stap zet; zie /docs van de poort, of vraag de gemeente van de zaak.',
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
    nextStep: 'Controleer voor wie dit bericht is.',
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
  GRANT_MEMBER_REFUSED: {
    status: 409,
    title: 'Iemand van deze organisatie kan hier geen lid zijn',
    nextStep: 'Kies een organisatie die partij is in de zaak en in dit overleg zit.',
  },
  GRANT_TERM_REFUSED: {
    status: 409,
    title: 'De termijn van deze toegang kan niet',
    nextStep: 'Kies een einde in de toekomst, hoogstens 30 dagen na nu.',
  },
  PART_ALREADY_ACCEPTED: {
    status: 409,
    title: 'Dit dossierdeel is al aanvaard',
    nextStep: 'Stuur een hogere versie met een correctiebericht.',
  },
} as const satisfies Record<string, ErrorEntry>;
