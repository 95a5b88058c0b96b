import { ANY_CALL, BODY, PURPOSE } from '../error-groups.js';
import type { Operation } from '../operation.js';

const CASE_ID = '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20';
const ACCESS_RECORD = {
  id: '01936a5e-7f00-7a11-8c22-93d4e5f60718',
  digest: '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
};
const REST_PERIOD = { startsOn: '2026-11-20', endsOn: '2026-12-04', status: 'RUNNING' };
const NOTE =
  'Wie geen partij van de zaak is krijgt altijd 404, ook als de zaak bestaat. Welke gegevens u ziet volgt uit uw rol en ' +
  'het doel.';
const CONSULTATION = {
  tag: 'Zaken',
  parameters: ['CaseId', 'Purpose', 'UserReference', 'Traceparent'],
  errors: [...ANY_CALL, ...PURPOSE, 'GRANT_ENDED', 'USER_REFERENCE_REQUIRED', 'CASE_NOT_AVAILABLE'],
} as const;

export const CASE_OPERATIONS = {
  getCase: {
    ...CONSULTATION,
    summary: 'Een zaak raadplegen',
    description: `De stand van de zaak. ${NOTE}`,
    answer: {
      status: 200,
      description: 'De zaak.',
      schema: 'CaseConsultation',
      recorded: true,
      example: {
        data: {
          caseId: CASE_ID,
          caseNumber: 'LVV-GRO-2026-000017',
          pilot: 'GRO',
          state: 'REST_PERIOD',
          openedAt: '2026-11-02T09:00:00.000Z',
          dtvNotified: true,
          dossierUnderCorrection: false,
          outOfCovenant: false,
          provisionalIdentity: false,
          stays: [{ stayId: 'b7e0a3f6-6f0c-4f8e-8a9e-3a4f5b6c7d8e', kind: 'SHELTER', startedOn: '2026-11-03' }],
          restPeriod: REST_PERIOD,
        },
        released: ['FG01', 'FG08'],
        withheld: ['FG15'],
        accessRecord: ACCESS_RECORD,
      },
    },
  },
  getDossier: {
    ...CONSULTATION,
    summary: 'Het dossier van een zaak raadplegen',
    description: `Welke delen er zijn, wat nog moet komen en sinds wanneer, en of de rusttermijn loopt. ${NOTE}`,
    answer: {
      status: 200,
      description: 'Het dossier.',
      schema: 'DossierConsultation',
      recorded: true,
      example: {
        data: {
          caseId: CASE_ID,
          dossierId: '0b8f5a1e-9d1c-4c2b-9f36-5a7d1e2c3b4a',
          requestedAt: '2026-11-03T10:00:00.000Z',
          parts: [
            {
              supplier: 'IND',
              partId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
              partVersion: 1,
              status: 'ACCEPTED',
              messageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12',
              acceptedAt: '2026-11-05T14:30:00.000Z',
            },
          ],
          outstanding: [{ supplier: 'DTV', since: '2026-11-03T10:00:00.000Z' }],
        },
        released: ['FG01'],
        withheld: [],
        accessRecord: ACCESS_RECORD,
      },
    },
  },
  getTimeline: {
    ...CONSULTATION,
    summary: 'Het verloop van een zaak raadplegen',
    description: `Elke stap die de zaak zette, met tijd en bericht. ${NOTE}`,
    answer: {
      status: 200,
      description: 'Het verloop.',
      schema: 'TimelineConsultation',
      recorded: true,
      example: {
        data: {
          caseId: CASE_ID,
          events: [
            {
              at: '2026-11-02T09:00:00.000Z',
              transition: 'T01',
              title: 'Aangemeld',
              to: 'APPLIED',
              messageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12',
            },
          ],
        },
        released: ['FG01'],
        withheld: [],
        accessRecord: ACCESS_RECORD,
      },
    },
  },
  searchCases: {
    tag: 'Zaken',
    summary: 'Een zaak zoeken op nummer',
    description:
      'Zoek op precies één V-nummer of zaaknummer; het nummer staat in de body, nooit in het adres. Mogelijk voor een ' +
      'gemeente in de eigen pilot, IND en DT&V, voor een doel waarvoor u de stand van een zaak mag zien. Een onbekend ' +
      'nummer, een zaak van een ander en een zaak waarin het doel voorbij is geven dezelfde lege lijst. ' +
      'Hoogstens zestig keer per minuut.',
    parameters: ['Purpose', 'UserReference', 'Traceparent'],
    body: {
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/CaseSearch' },
      examples: {
        vNumber: { summary: 'Op V-nummer (verzonnen)', value: { vNumber: '0000123456' } },
        caseNumber: { summary: 'Op zaaknummer', value: { caseNumber: 'LVV-GRO-2026-000017' } },
      },
    },
    answer: {
      status: 200,
      description: 'De zaken met dit nummer waarvan u partij bent en waarin het doel loopt.',
      schema: 'FoundCases',
      example: { items: [{ caseId: CASE_ID, pilot: 'GRO', state: 'REST_PERIOD' }] },
    },
    errors: [
      ...ANY_CALL,
      ...BODY,
      'PURPOSE_REQUIRED',
      'PURPOSE_NOT_ALLOWED',
      'USER_REFERENCE_REQUIRED',
      'SEARCH_NOT_ALLOWED',
    ],
  },
} as const satisfies Record<string, Operation>;
