import type { ErrorEntry } from './error-entry.js';

/** The gateway. */
export const GATEWAY_ERRORS = {
  RATE_LIMITED: { status: 429, title: 'Te veel verzoeken', nextStep: 'Wacht het aantal seconden in Retry-After.' },
  OVERLOADED: {
    status: 503,
    title: 'De poort is vol',
    nextStep: 'Wacht het aantal seconden in Retry-After en stuur hetzelfde bericht opnieuw.',
  },
  LOG_UNAVAILABLE: {
    status: 503,
    title: 'Het verwerkingslogboek is niet beschikbaar',
    nextStep:
      'Er is niets verstrekt. Doe hetzelfde later opnieuw, een bericht met hetzelfde id: dan telt het één keer.',
  },
  INTERNAL: { status: 500, title: 'Er ging iets mis in de poort', nextStep: 'Meld het foutnummer aan de beheerder.' },
} as const satisfies Record<string, ErrorEntry>;
