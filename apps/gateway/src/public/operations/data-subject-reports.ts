import { BODY, OFFICER_CALL } from '../error-groups.js';
import type { Operation } from '../operation.js';

const REPORT_ID = '01936a60-1a2b-7c3d-8e4f-5a6b7c8d9e0f';
const ENTRY_ID = '01936a5e-7f00-7a11-8c22-93d4e5f60718';
const OWN_PART = {
  oin: '00000099000000000105',
  name: 'Gemeente Groningen (proef)',
  regime: 'AVG',
  state: 'OPEN',
  dueOn: '2026-12-22',
  overdue: false,
  entries: 14,
};
const REPORT = {
  id: REPORT_ID,
  requestMessageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12',
  caseId: '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20',
  receivedOn: '2026-11-22',
  coversUntil: '2026-11-23T09:00:00.000Z',
  handledBy: { oin: '00000099000000000105', name: 'Gemeente Groningen (proef)' },
  parts: [OWN_PART],
};
const WORDS = {
  organisation: 'Immigratie- en Naturalisatiedienst (proef)',
  what: 'Las een bericht over u (dossierverzoek)',
  outcome: 'Toegestaan',
  purpose: 'om uw dossier samen te stellen',
  legalBases: ['de Vreemdelingenwet: overheden krijgen de gegevens die zij nodig hebben (artikel 107)'],
  data: ['uw V-nummer'],
  source: 'Gemeente Groningen (proef)',
  recipients: [],
};
const DOCUMENT = {
  title: 'Wie heeft uw gegevens gezien?',
  language: 'nl',
  reportId: REPORT_ID,
  caseNumber: 'LVV-GRO-2026-000017',
  handledBy: 'Gemeente Groningen (proef)',
  receivedOn: '2026-11-22',
  madeOn: '2026-12-01',
  coversUntil: '2026-11-23T09:00:00.000Z',
  count: 1,
  texts: {},
  organisations: [],
  groups: [{ number: 1, count: 1, first: '2026-11-03T10:00:00.000Z', last: '2026-11-03T10:00:00.000Z', ...WORDS }],
  entries: [{ number: 1, id: ENTRY_ID, at: '2026-11-03T10:00:00.000Z', group: 1 }],
};

const CALL = { tag: 'Inzage', parameters: ['ReportId', 'Traceparent'] } as const;
const OF_PART = { tag: 'Inzage', parameters: ['ReportId', 'PartOin', 'Traceparent'] } as const;
const ERRORS = [...OFFICER_CALL, 'PURPOSE_NOT_ALLOWED', 'REPORT_NOT_AVAILABLE'] as const;
const CHANGE_ERRORS = [...ERRORS, ...BODY, 'PART_ANSWERED', 'GROUND_NOT_APPLICABLE'] as const;
const changed = (description: string) =>
  ({ status: 200, description, schema: 'DataSubjectReport', recorded: true, example: REPORT }) as const;
const json = (schema: string, examples: Readonly<Record<string, { summary: string; value: object }>>) => ({
  mediaType: 'application/json',
  schema: { $ref: `#/components/schemas/${schema}` },
  examples,
});

/** Reports to residents; docs/inzageverzoek.md says how they are used. */
export const DATA_SUBJECT_REPORT_OPERATIONS = {
  createDataSubjectReport: {
    tag: 'Inzage',
    summary: 'Een overzicht bij een inzageverzoek maken',
    description:
      'Bij een verzoek om inzage (M37, right ACCESS) waarvan is vastgesteld wie het doet. Uw organisatie stuurde of kreeg ' +
      'dat verzoek. Elke verantwoordelijke krijgt een eigen deel met een eigen termijn. Nog een keer vragen geeft hetzelfde ' +
      'overzicht. Hoogstens dertig keer per minuut.',
    parameters: ['Traceparent'],
    body: json('DataSubjectReportRequest', {
      request: {
        summary: 'Bij een bericht M37 (verzonnen persoon)',
        value: { requestMessageId: REPORT.requestMessageId, vNumber: '0000123456' },
      },
    }),
    answer: changed('Het overzicht, met de delen die u mag kennen.'),
    errors: [...ERRORS, ...BODY, 'SUBJECT_MISMATCH', 'NOT_AN_ACCESS_REQUEST', 'IDENTITY_NOT_CHECKED', 'WITHDRAWN'],
  },
  listDataSubjectReports: {
    tag: 'Inzage',
    summary: 'De overzichten van uw organisatie',
    description: 'Overzichten die u aan een betrokkene geeft of waarin u een deel hebt, oudste eerst.',
    parameters: ['AfterId', 'PageSize', 'Traceparent'],
    answer: {
      status: 200,
      description: 'De overzichten.',
      schema: 'DataSubjectReports',
      recorded: true,
      example: { items: [REPORT] },
    },
    errors: ERRORS.filter((code) => code !== 'REPORT_NOT_AVAILABLE'),
  },
  getDataSubjectReport: {
    ...CALL,
    summary: 'De stand van een overzicht',
    description: 'Wie heeft geantwoord, en tot wanneer de anderen de tijd hebben.',
    answer: changed('Het overzicht.'),
    errors: ERRORS,
  },
  getDataSubjectReportDocument: {
    ...CALL,
    parameters: ['ReportId', 'ReportFormat', 'Traceparent'],
    summary: 'Het document voor de betrokkene',
    description:
      'Alles wat tot nu toe is vrijgegeven, in gewoon Nederlands: als JSON, tabel (CSV), PDF of bewijsbestand. Alleen voor ' +
      'wie het aan de betrokkene geeft. Elke keer ophalen wordt vastgelegd. Een deel van de politie staat erin als het is ' +
      'vrijgegeven; daarvoor is het document hetzelfde als wanneer er geen deel is.',
    answer: {
      status: 200,
      description: 'Het document.',
      schema: 'DataSubjectReportDocument',
      recorded: true,
      example: DOCUMENT,
      alsoAs: ['text/csv', 'application/pdf'],
    },
    errors: ERRORS,
  },
  getReportPart: {
    ...OF_PART,
    parameters: ['ReportId', 'PartOin', 'AfterId', 'PageSize', 'Traceparent'],
    summary: 'Uw eigen deel van een overzicht',
    description:
      'De regels waarover u beslist, zoals de betrokkene ze leest. Het deel van een ander is er voor u niet.',
    answer: {
      status: 200,
      description: 'Een bladzijde van uw deel.',
      schema: 'DataSubjectReportPart',
      recorded: true,
      example: { part: OWN_PART, items: [{ entryId: ENTRY_ID, at: '2026-11-03T10:00:00.000Z', ...WORDS }] },
    },
    errors: ERRORS,
  },
  extendReportPart: {
    ...OF_PART,
    summary: 'De termijn van uw deel verlengen',
    description:
      'Eén keer, zolang de eerste termijn loopt. AVG: twee maanden, omdat het ingewikkeld is (COMPLEX) of om het aantal ' +
      'verzoeken (MANY_REQUESTS). Wpg: vier weken (POSTPONED) of zes (SEVERAL_UNITS).',
    body: json('ReportPartExtension', { complex: { summary: 'Ingewikkeld', value: { ground: 'COMPLEX' } } }),
    answer: changed('Het overzicht met de nieuwe termijn.'),
    errors: [...CHANGE_ERRORS, 'TERM_NOT_EXTENDABLE'],
  },
  releaseReportPart: {
    ...OF_PART,
    summary: 'Uw deel vrijgeven',
    description: 'Noem de regels die u achterhoudt, elk met een grond van de wet van uw deel. Dit kan één keer.',
    body: json('ReportPartRelease', {
      all: { summary: 'Alles', value: { withheld: [] } },
      some: { summary: 'Op één regel na', value: { withheld: [{ entryId: ENTRY_ID, ground: 'UAVG_41_1_I' }] } },
    }),
    answer: changed('Het overzicht met uw deel vrijgegeven.'),
    errors: [...CHANGE_ERRORS, 'ENTRY_NOT_IN_PART'],
  },
  refuseReportPart: {
    ...OF_PART,
    summary: 'Uw hele deel weigeren',
    description:
      'Met een grond van de wet van uw deel, en als dat kan een dag vanaf wanneer de betrokkene het mag zien.',
    body: json('ReportPartRefusal', {
      refusal: { summary: 'Tot een dag', value: { ground: 'UAVG_41_1_D', showFrom: '2027-06-01' } },
    }),
    answer: changed('Het overzicht met uw deel geweigerd.'),
    errors: CHANGE_ERRORS,
  },
} as const satisfies Record<string, Operation>;
