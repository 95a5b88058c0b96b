import { CASE_STATES } from '#contracts/domain.js';
import { ACCESS_RECORD, FIELD_GROUPS, INSTANT, LOCAL_DATE, UUID } from './schema-parts.js';

/* Answers to consultations: closed, like those about messages. */
const REST_PERIOD = {
  type: 'object',
  additionalProperties: false,
  required: ['startsOn', 'endsOn', 'status'],
  properties: {
    startsOn: LOCAL_DATE,
    endsOn: {
      ...LOCAL_DATE,
      description: 'Laatste dag; de termijn is voorbij om 00:00 uur daarna (Nederlandse tijd).',
    },
    status: { enum: ['RUNNING', 'ELAPSED', 'VOIDED'] },
  },
} as const;
const CASE_STATE = { enum: CASE_STATES } as const;
const SUPPLIER = { enum: ['IND', 'DTV'] } as const;

/** What a consultation answers; which properties of the view are there follows from purpose and role. */
function consultation(properties: Readonly<Record<string, object>>) {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['data', 'released', 'withheld', 'accessRecord'],
    properties: {
      data: { type: 'object', additionalProperties: false, properties },
      released: FIELD_GROUPS,
      withheld: FIELD_GROUPS,
      accessRecord: ACCESS_RECORD,
    },
  } as const;
}

export const CASE_CONSULTATION_SCHEMA = consultation({
  caseId: UUID,
  caseNumber: { type: 'string', pattern: '^LVV-[A-Z]{3}-[0-9]{4}-[0-9]{6}$' },
  pilot: { type: 'string', pattern: '^[A-Z]{3}$' },
  state: CASE_STATE,
  openedAt: INSTANT,
  dtvNotified: { type: 'boolean' },
  dossierUnderCorrection: { type: 'boolean' },
  outOfCovenant: { type: 'boolean' },
  provisionalIdentity: { type: 'boolean' },
  stays: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['stayId', 'kind', 'startedOn'],
      properties: { stayId: { type: 'string' }, kind: { enum: ['SHELTER', 'GUIDANCE_ONLY'] }, startedOn: LOCAL_DATE },
    },
  },
  restPeriod: REST_PERIOD,
});

export const DOSSIER_CONSULTATION_SCHEMA = consultation({
  caseId: UUID,
  dossierId: UUID,
  requestedAt: INSTANT,
  deliveredAt: INSTANT,
  parts: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['supplier', 'partId', 'partVersion', 'status', 'messageId', 'acceptedAt'],
      properties: {
        supplier: SUPPLIER,
        partId: { type: 'string' },
        partVersion: { type: 'integer', minimum: 1 },
        status: { enum: ['ACCEPTED', 'SUPERSEDED', 'REJECTED', 'WITHDRAWN'] },
        messageId: UUID,
        acceptedAt: INSTANT,
      },
    },
  },
  outstanding: {
    type: 'array',
    description: 'Wat nog moet komen, en sinds wanneer het is gevraagd.',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['supplier', 'since'],
      properties: { supplier: SUPPLIER, since: INSTANT },
    },
  },
  restPeriod: REST_PERIOD,
});

export const TIMELINE_CONSULTATION_SCHEMA = consultation({
  caseId: UUID,
  events: {
    type: 'array',
    maxItems: 1_000,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['at', 'transition', 'title', 'to'],
      properties: {
        at: INSTANT,
        transition: { type: 'string', pattern: '^T[0-9]{2}b?$', description: 'Rij in de tabel van het zaakproces.' },
        title: { type: 'string' },
        from: CASE_STATE,
        to: CASE_STATE,
        messageId: UUID,
      },
    },
  },
});

export const FOUND_CASES_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      maxItems: 20,
      description: 'Leeg als het nummer onbekend is en ook als de zaak niet van u is.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['caseId', 'pilot', 'state'],
        properties: { caseId: UUID, pilot: { type: 'string', pattern: '^[A-Z]{3}$' }, state: CASE_STATE },
      },
    },
  },
} as const;
