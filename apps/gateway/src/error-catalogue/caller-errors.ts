import type { ErrorEntry } from './error-entry.js';

/** Who is calling. */
export const CALLER_ERRORS = {
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
  SYSTEM_CERTIFICATE: {
    status: 403,
    title: 'Een systeemcertificaat hoort niet op deze route',
    nextStep: 'Gebruik uw persoonlijke certificaat als functionaris.',
  },
  OFFICER_UNKNOWN: {
    status: 403,
    title: 'Deze functionaris is niet geregistreerd',
    nextStep: 'Laat uw certificaat registreren, met uw organisatie en uw rol.',
  },
} as const satisfies Record<string, ErrorEntry>;
