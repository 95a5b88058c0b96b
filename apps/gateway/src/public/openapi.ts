import { ACKNOWLEDGEMENTS_SCHEMA, SEARCH_SCHEMA } from '../http/api-schemas.js';
import { ACCESS_EVALUATION_SCHEMA, POLICY_EVALUATION_SCHEMA } from '../http/evaluation-schemas.js';
import { GRANT_END_SCHEMA, GRANT_SCHEMA } from '../http/grant-schemas.js';
import { API_ROUTES, API_VERSION, type ApiRoute } from '../http/api-routes.js';
import { GRANT_REQUEST_SCHEMA, LOG_SEARCH_SCHEMA } from '../http/audit-schemas.js';
import { PROCESSING_SEARCH_SCHEMA } from '../http/processing-schemas.js';
import { PROBLEM_SCHEMA } from '../http/problem-schema.js';
import {
  PART_EXTENSION_SCHEMA,
  PART_REFUSAL_SCHEMA,
  PART_RELEASE_SCHEMA,
  REPORT_REQUEST_SCHEMA,
} from '../http/report-schemas.js';
import { UUID } from '../http/schema-parts.js';
import { TAGS, type Operation } from './operation.js';
import { OPERATIONS } from './operations.js';
import { PARAMETERS } from './parameters.js';
import { problemExamples, problemResponses } from './problem-responses.js';
import { RESPONSE_SCHEMAS } from './response-schemas.js';
import { submissionSchemas } from './submission-schemas.js';

export const CONTACT = {
  name: 'Beheer Ketenpoort',
  email: 'beheer@ketenpoort.example',
  url: 'https://ketenpoort.example/contact',
} as const;

const BASE_PATH = '/v1';
const DESCRIPTION = `Uitwisseling van dossierverzoeken en zaakberichten over bewoners van de Landelijke Vreemdelingenvoorzieningen.

- **Toegang**: alleen met een geregistreerd certificaat waarin uw OIN staat (wederzijdse TLS). Er zijn geen tokens.
  Functionarissen gegevensbescherming gebruiken hun eigen persoonlijke certificaat.
- **Fouten**: elk antwoord vanaf 400 is \`application/problem+json\` met een vaste \`code\` en een volgende stap. Een
  bestaand adres met een andere methode geeft 405 met \`Allow\`; een onbekend adres, ook met een schuine streep aan het
  eind, geeft 404.
- **Tijden**: u mag elke tijdzone sturen; de poort antwoordt in UTC.
- **Vastlegging**: elke verstrekking en elke weigering komt in het verwerkingslogboek. Zet nooit een nummer van een
  persoon in een adres of header.`;

type Route = (typeof API_ROUTES)[number];

/**
 * The OpenAPI 3.1 document of the agency interface, made from the very routes, schemas and errors that the code uses
 * (API Design Rules /core/doc-openapi).
 * @param gatewayUrl `https://host:port` without a slash at the end
 */
export function openapiDocument(gatewayUrl: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ketenpoort',
      version: API_VERSION,
      summary: 'Gegevensuitwisseling tussen de organisaties rond de LVV',
      description: DESCRIPTION,
      contact: CONTACT,
      license: { name: 'EUPL-1.2', url: 'https://eupl.eu/1.2/nl' },
    },
    servers: [{ url: `${gatewayUrl}${BASE_PATH}`, description: 'De poort' }],
    security: [{ mutualTls: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: paths(gatewayUrl),
    components: {
      securitySchemes: {
        mutualTls: {
          type: 'mutualTLS',
          description: 'Certificaat van een vertrouwde uitgever, met de OIN in Subject.serialNumber.',
        },
        personalCertificate: {
          type: 'mutualTLS',
          description:
            'Persoonlijk certificaat van een functionaris gegevensbescherming (FG), van de uitgever voor functionarissen ' +
            'en met organisatie en rol geregistreerd. Een systeemcertificaat geeft hier 403, een persoonlijk certificaat ' +
            'geeft 403 op elk ander adres.',
        },
      },
      headers: {
        ApiVersion: {
          description: 'Versie van de interface, op elk antwoord.',
          required: true,
          schema: { type: 'string', const: API_VERSION },
        },
        AccessRecord: {
          description: 'De regel in het logboek die bij dit antwoord hoort.',
          required: true,
          schema: UUID,
        },
        OfficerAccessRecord: {
          description: 'De regel in het logboek die bij dit antwoord hoort; alleen voor een functionaris.',
          required: false,
          schema: UUID,
        },
        RetryAfter: { description: 'Wacht zoveel seconden.', schema: { type: 'integer', minimum: 1 } },
      },
      parameters: PARAMETERS,
      examples: problemExamples([...new Set(Object.values(OPERATIONS).flatMap((operation) => operation.errors))]),
      schemas: {
        Problem: PROBLEM_SCHEMA,
        Acknowledgements: ACKNOWLEDGEMENTS_SCHEMA,
        CaseSearch: SEARCH_SCHEMA,
        NewGrant: GRANT_SCHEMA,
        GrantEnd: GRANT_END_SCHEMA,
        PolicyQuestion: POLICY_EVALUATION_SCHEMA,
        AccessQuestion: ACCESS_EVALUATION_SCHEMA,
        AccessLogSearch: LOG_SEARCH_SCHEMA,
        ProcessingSearch: PROCESSING_SEARCH_SCHEMA,
        AccessGrantRequest: GRANT_REQUEST_SCHEMA,
        DataSubjectReportRequest: REPORT_REQUEST_SCHEMA,
        ReportPartExtension: PART_EXTENSION_SCHEMA,
        ReportPartRelease: PART_RELEASE_SCHEMA,
        ReportPartRefusal: PART_REFUSAL_SCHEMA,
        ...RESPONSE_SCHEMAS,
        ...submissionSchemas(),
      },
    },
  };
}

export type OpenApiDocument = ReturnType<typeof openapiDocument>;

function paths(gatewayUrl: string): Record<string, Record<string, object>> {
  const result: Record<string, Record<string, object>> = {};
  for (const route of API_ROUTES) {
    const base = route.path.slice(0, route.path.indexOf(BASE_PATH) + BASE_PATH.length);
    const path = route.path.slice(base.length);
    // What a standard gives an address of its own stands beside the interface, under that standard's version.
    const servers = base === BASE_PATH ? {} : { servers: [{ url: `${gatewayUrl}${base}`, description: 'De poort' }] };
    const item = { ...pathItem(route, OPERATIONS[route.operationId]), ...servers };
    result[path] = { ...result[path], [route.method.toLowerCase()]: item };
  }
  return result;
}

/** The document's own scheme is that of systems. */
function securityOf({ caller }: ApiRoute): { readonly security?: readonly object[] } {
  if (caller === undefined) return {};
  return { security: [{ personalCertificate: [] }, ...(caller === 'either' ? [{ mutualTls: [] }] : [])] };
}

const RECORD_HEADERS = { true: 'AccessRecord', officers: 'OfficerAccessRecord' } as const;

function pathItem(route: Route, operation: Operation): object {
  const { tag, summary, description, parameters, body, answer, errors } = operation;
  const headers = {
    'API-Version': { $ref: '#/components/headers/ApiVersion' },
    ...(answer.recorded
      ? { 'Access-Record': { $ref: `#/components/headers/${RECORD_HEADERS[`${answer.recorded}`]}` } }
      : {}),
  };
  const content = answer.schema && {
    'application/json': { schema: { $ref: `#/components/schemas/${answer.schema}` }, example: answer.example },
    ...Object.fromEntries((answer.alsoAs ?? []).map((type) => [type, { schema: { type: 'string' } }])),
  };
  return {
    operationId: route.operationId,
    ...securityOf(route),
    tags: [tag],
    summary,
    description,
    parameters: parameters.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { [body.mediaType]: { schema: body.schema, examples: body.examples } },
          },
        }
      : {}),
    responses: {
      [answer.status]: {
        description: answer.description,
        headers,
        ...(content ? { content } : {}),
      },
      ...problemResponses(errors),
    },
  };
}
