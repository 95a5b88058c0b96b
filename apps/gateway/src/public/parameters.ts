import { PURPOSES } from '#contracts/domain.js';
import { INBOX_QUERY_SCHEMA } from '../http/api-schemas.js';
import { REPORT_DOCUMENT_QUERY_SCHEMA, REPORT_PAGE_QUERY_SCHEMA } from '../http/report-schemas.js';
import { OIN, UUID } from '../http/schema-parts.js';

const { after, limit, waitSeconds, state } = INBOX_QUERY_SCHEMA.properties;
const USER_REFERENCE = {
  name: 'User-Reference',
  in: 'header',
  schema: { type: 'string', pattern: '^[\\w.:@-]{1,100}$' },
  example: 'medewerker-4711',
} as const;

/** Path, query and header parameters by the name under which operations refer to them. */
export const PARAMETERS = {
  MessageId: {
    name: 'messageId',
    in: 'path',
    required: true,
    description: 'Het kenmerk dat de poort aan het bericht gaf.',
    schema: UUID,
    example: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12',
  },
  CaseId: {
    name: 'caseId',
    in: 'path',
    required: true,
    description: 'Het kenmerk van de zaak; nooit een nummer van een persoon.',
    schema: UUID,
    example: '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20',
  },
  EntryId: {
    name: 'entryId',
    in: 'path',
    required: true,
    description: 'Het kenmerk van de regel, bijvoorbeeld uit de header Access-Record.',
    schema: UUID,
    example: '01936a5e-7f00-7a11-8c22-93d4e5f60718',
  },
  GrantId: {
    name: 'grantId',
    in: 'path',
    required: true,
    description: 'Het kenmerk van de tijdelijke toegang of het landelijke beeld.',
    schema: UUID,
    example: '01936a5e-9a10-7c55-8e66-77f8a9b0c1d2',
  },
  ContractName: {
    name: 'name',
    in: 'path',
    required: true,
    description: 'Naam van het contract in kebab-case.',
    schema: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
    example: 'dossier-request',
  },
  ContractVersion: {
    name: 'version',
    in: 'path',
    required: true,
    description: 'Versie van het contract.',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  ReportId: {
    name: 'reportId',
    in: 'path',
    required: true,
    description: 'Het kenmerk van het overzicht.',
    schema: UUID,
    example: '01936a60-1a2b-7c3d-8e4f-5a6b7c8d9e0f',
  },
  PartOin: {
    name: 'oin',
    in: 'path',
    required: true,
    description: 'De OIN van uw organisatie: een deel is van één verantwoordelijke.',
    schema: OIN,
    example: '00000099000000000105',
  },
  ReportFormat: {
    name: 'format',
    in: 'query',
    required: false,
    description: 'pdf om af te drukken, csv als tabel, proofs als bewijsbestand voor de controleur.',
    schema: REPORT_DOCUMENT_QUERY_SCHEMA.properties.format,
    example: 'pdf',
  },
  AfterId: {
    name: 'after',
    in: 'query',
    required: false,
    description: 'Toon wat na dit kenmerk komt: next van de vorige bladzijde.',
    schema: REPORT_PAGE_QUERY_SCHEMA.properties.after,
    example: '01936a5e-7f00-7a11-8c22-93d4e5f60718',
  },
  PageSize: {
    name: 'limit',
    in: 'query',
    required: false,
    description: 'Hoogstens zoveel op een bladzijde.',
    schema: REPORT_PAGE_QUERY_SCHEMA.properties.limit,
    example: 100,
  },
  Purpose: {
    name: 'Purpose-Of-Use',
    in: 'header',
    required: true,
    description:
      'Het doel waarvoor u leest. Bij een bericht: het doel van dat bericht of een opvolger daarvan. Het doel bepaalt ' +
      'welke velden u ziet en wordt vastgelegd.',
    schema: { enum: PURPOSES },
    example: 'P03',
  },
  UserReference: {
    ...USER_REFERENCE,
    required: true,
    description:
      'Het pseudoniem dat uw organisatie aan de raadplegende medewerker geeft. Het staat alleen in het logboek.',
  },
  OptionalUserReference: {
    ...USER_REFERENCE,
    required: false,
    description: 'Het pseudoniem van de medewerker, als een persoon leest en niet een systeem.',
  },
  Traceparent: {
    name: 'traceparent',
    in: 'header',
    required: false,
    description:
      'W3C Trace Context. De poort zet uw trace voort in logboek en notificaties; zonder deze header begint een nieuwe.',
    schema: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
    example: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
  After: {
    name: 'after',
    in: 'query',
    required: false,
    description: 'Toon wat na dit volgnummer komt.',
    schema: after,
    example: 41,
  },
  Limit: {
    name: 'limit',
    in: 'query',
    required: false,
    description: 'Hoogstens zoveel regels.',
    schema: limit,
    example: 100,
  },
  WaitSeconds: {
    name: 'waitSeconds',
    in: 'query',
    required: false,
    description: 'Wacht zo lang als er nog niets is (long poll).',
    schema: waitSeconds,
    example: 20,
  },
  State: {
    name: 'state',
    in: 'query',
    required: false,
    description: 'outstanding: alleen wat u nog niet als ontvangen hebt gemeld.',
    schema: state,
    example: 'outstanding',
  },
} as const;

export type ParameterName = keyof typeof PARAMETERS;
