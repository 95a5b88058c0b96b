import type { ErrorEntry } from './error-entry.js';

/** Reports to residents (AVG art. 15, Wpg art. 25). */
export const REPORT_ERRORS = {
  REPORT_NOT_AVAILABLE: { status: 404, title: 'Niet beschikbaar', nextStep: 'Controleer het kenmerk.' },
  NOT_AN_ACCESS_REQUEST: {
    status: 409,
    title: 'Dit bericht vraagt niet om inzage',
    nextStep: 'Noem het bericht M37 waarin de betrokkene om inzage vraagt (right ACCESS).',
  },
  IDENTITY_NOT_CHECKED: {
    status: 409,
    title: 'Niet is vastgesteld wie om inzage vraagt',
    nextStep: 'Stel de identiteit vast en stuur een nieuw bericht M37 met identity_checked true.',
  },
  SUBJECT_MISMATCH: {
    status: 409,
    title: 'Dit V-nummer hoort niet bij de zaak van het verzoek',
    nextStep: 'Controleer het V-nummer, en of het verzoek in de goede zaak staat.',
  },
  PART_ANSWERED: {
    status: 409,
    title: 'Dit deel is al vrijgegeven of geweigerd',
    nextStep: 'Bekijk het deel. Voor later bekend geworden gegevens is een nieuw verzoek nodig.',
  },
  TERM_NOT_EXTENDABLE: {
    status: 409,
    title: 'De termijn kan niet meer worden verlengd',
    nextStep: 'Verlengen kan één keer, en alleen zolang de eerste termijn loopt.',
  },
  GROUND_NOT_APPLICABLE: {
    status: 409,
    title: 'Deze grond hoort niet bij dit deel',
    nextStep: 'Gebruik een grond van de wet waaronder het deel valt: AVG en UAVG, of Wpg.',
  },
  ENTRY_NOT_IN_PART: {
    status: 409,
    title: 'Een van de regels hoort niet bij dit deel',
    nextStep: 'Gebruik alleen kenmerken van regels die u in uw deel ziet.',
  },
} as const satisfies Record<string, ErrorEntry>;
