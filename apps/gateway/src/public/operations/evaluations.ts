import { ANY_CALL, BODY } from '../error-groups.js';
import type { Operation } from '../operation.js';

const CASE_ID = '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20';
const ACCESS_RECORD = {
  id: '01936a5e-7f00-7a11-8c22-93d4e5f60718',
  digest: '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
};
const NO_ORACLE =
  'Noemt u een zaak waarin u partij bent, dan telt mee wat daarin is geëindigd of toegestaan. Van elke andere zaak, ook een ' +
  'die niet bestaat, is het antwoord dat van het beleid alleen. Er verandert niets; de vraag komt in het logboek.';

export const EVALUATION_OPERATIONS = {
  evaluatePolicy: {
    tag: 'Beleid',
    summary: 'Vragen wat u mag zien en waarom',
    description: `Mag uw organisatie dit lezen voor dit doel, welke regel beslist, en welke velden ziet u dan? ${NO_ORACLE}`,
    parameters: ['OptionalUserReference', 'Traceparent'],
    body: {
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/PolicyQuestion' },
      examples: {
        message: {
          summary: 'Een dossierdeel van de IND, voor het scenario',
          value: { purpose: 'P04', contract: 'nl.lvv.ind-dossier-part.v1' },
        },
        view: { summary: 'Een zaak raadplegen', value: { purpose: 'P05', view: 'case', caseId: CASE_ID } },
      },
    },
    answer: {
      status: 200,
      description: 'Wat het beleid zegt; ook een weigering is een antwoord.',
      schema: 'PolicyEvaluation',
      recorded: true,
      example: {
        permit: true,
        role: 'IN',
        rule: { file: '2026.1/release-table.csv', line: 26, text: 'P06;IN;FG01=F,FG22=m' },
        released: [{ group: 'FG01', nl: 'zaakkenmerk, pilot, stand, data', level: 'F', words: 'volledig' }],
        withheld: [
          {
            group: 'FG08',
            nl: 'uitkomst van de toelating',
            words: 'niet verstrekt: de tabel noemt deze groep niet voor dit doel en deze rol',
          },
        ],
        reasons: ['P06 (medewerkingstoets) loopt nog.', 'De rol voor P06 is IN (IND, liaison).'],
        policyVersion: '2026.1',
        basis: 'CASE',
        accessRecord: ACCESS_RECORD,
      },
    },
    errors: [...ANY_CALL, ...BODY, 'CONTRACT_UNKNOWN'],
  },
  evaluateAccess: {
    tag: 'Beleid',
    summary: 'Dezelfde vraag volgens AuthZEN (NL GOV)',
    description:
      'Voor software die de Authorization API spreekt. Het adres is dat van de standaard en staat naast `/v1`. Het doel staat ' +
      `in \`context.purpose\`; een weigering is 200 met \`decision: false\`. ${NO_ORACLE}`,
    parameters: ['Traceparent'],
    body: {
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/AccessQuestion' },
      examples: {
        dossier: {
          summary: 'Mag deze medewerker het dossier lezen?',
          value: {
            subject: { type: 'user', id: 'medewerker-4711' },
            action: { name: 'read' },
            resource: { type: 'dossier', id: CASE_ID },
            context: {
              time: '2026-11-20T10:15:00Z',
              traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
              purpose: 'P04',
            },
          },
        },
      },
    },
    answer: {
      status: 200,
      description: 'Ja of nee, en waarom.',
      schema: 'AccessDecision',
      recorded: true,
      example: {
        decision: false,
        context: {
          code: 'PURPOSE_ENDED',
          reasons: ['P04 (bepalen van het begeleidingsscenario in het LSO) is geëindigd.'],
          policyVersion: '2026.1',
          basis: 'CASE',
          accessRecord: ACCESS_RECORD,
        },
      },
    },
    errors: [...ANY_CALL, ...BODY, 'CONTRACT_UNKNOWN'],
  },
} as const satisfies Record<string, Operation>;
