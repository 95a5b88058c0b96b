import { ANY_CALL, BODY, OFFICER_CALL } from '../error-groups.js';
import type { Operation } from '../operation.js';

const ENTRY_ID = '01936a5e-7f00-7a11-8c22-93d4e5f60718';
const CASE_ID = '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20';
const IND = { oin: '00000099000000000301', name: 'Immigratie- en Naturalisatiedienst (proef)' };
const GRONINGEN = { oin: '00000099000000000105', name: 'Gemeente Groningen (proef)' };
const WHO =
  'Alleen voor een functionaris gegevensbescherming (FG), met een persoonlijk certificaat. U ziet regels die uw organisatie ' +
  'betreffen: als aanvrager, bron, ontvanger of coördinerende gemeente. Regels van een vertrouwelijke verwerking ziet ' +
  'alleen de FG van een verantwoordelijke daarvan. Verwijzingen naar medewerkers ziet u alleen van uw eigen organisatie. ' +
  'Elke vraag wordt zelf een regel in het logboek.';

const ENTRY = {
  id: ENTRY_ID,
  at: '2026-11-20T09:12:33.481Z',
  nl: 'Gemeente Groningen (proef) las een bericht (dossierdeel IND). Toegestaan.',
  kind: 'DELIVERY',
  action: 'content.read',
  peer: { ...GRONINGEN, kind: 'MUNICIPALITY' },
  userReference: 'medewerker-4711',
  purpose: { code: 'P03', nl: 'samenstellen van het dossier' },
  decision: { outcome: 'permit', role: 'MC', policyVersion: '2026.1', reasons: ['P03 is the purpose of the message'] },
  caseId: CASE_ID,
  messageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12',
  contract: { id: 'M08', version: 1, nl: 'dossierdeel IND' },
  processingActivity: 'https://ketenpoort.example/verwerkingen/dossier',
  legalBases: ['LB2'],
  fieldGroups: {
    released: [{ code: 'FG11', nl: 'verblijfsstatus en procedures, gecodeerd' }],
    withheld: [{ code: 'FG16', nl: 'signaal openbare orde' }],
  },
  source: IND,
  municipality: GRONINGEN,
  recipients: [],
  traceId: '0af7651916cd43dd8448eb211c80319c',
};

const HASH = 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=';
const NOTE = `poort.example/log\n2\n${HASH}\n\n\u2014 poort.example/log 3q2+7wAAAAA=\n`;
const PROOF = {
  recordId: ENTRY_ID,
  epoch: 1,
  origin: 'poort.example/log',
  index: 1,
  entry: 'AQFfPqurq6urq6urq6urq6urq6urq6urq6urq6urq6urq6ur',
  leafHash: HASH,
  checkpoint: { size: 2, root: HASH, note: NOTE, quorum: false },
  proof: [HASH],
  tlogProof: `c2sp.org/tlog-proof@v1\nindex 1\n${HASH}\n\n${NOTE}`,
};

export const ACCESS_LOG_OPERATIONS = {
  searchAccessLog: {
    tag: 'Verwerkingslogboek',
    summary: 'Zoeken in het verwerkingslogboek',
    description:
      'Wie zag wat van wie, waarom, en mocht het; weigeringen ook. Een V-nummer staat in de body, nooit in het adres; met een ' +
      'V-nummer vindt u ook regels die alleen de zaken van die persoon kennen. Zonder persoon, zaak, bericht of organisatie is ' +
      'de periode hoogstens 31 dagen, en zonder periode de laatste 31. De nieuwste eerst; een cursor hoort bij één vraag van ' +
      `één functionaris. Hoogstens zestig keer per minuut. ${WHO}`,
    parameters: ['Traceparent'],
    body: {
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/AccessLogSearch' },
      examples: {
        subject: { summary: 'Alles over één persoon (verzonnen)', value: { subject: '0000123456' } },
        refusals: {
          summary: 'Weigeringen in een week',
          value: { decision: 'refuse', from: '2026-11-16T00:00:00+01:00', to: '2026-11-23T00:00:00+01:00' },
        },
        national: {
          summary: 'Landelijk, met een lopende toestemming',
          value: { subject: '0000123456', scope: 'national' },
        },
      },
    },
    answer: {
      status: 200,
      description: 'Een bladzijde.',
      schema: 'AccessLogPage',
      recorded: true,
      example: { items: [ENTRY], nextCursor: 'AZNqXn8AehGMIpPU5fYHGAGTal5_AAEjRWeJq83vASNFZ4mr' },
    },
    errors: [...OFFICER_CALL, ...BODY, 'SEARCH_TOO_BROAD', 'NATIONAL_VIEW_NOT_GRANTED'],
  },
  getAccessLogEntry: {
    tag: 'Verwerkingslogboek',
    summary: 'Een regel van het verwerkingslogboek',
    description:
      'De regel in woorden en zoals hij is vastgelegd. De precieze bytes en het zout, waarmee u zelf de binding aan het logboek ' +
      'narekent, krijgt een FG wiens organisatie de regel betreft, als er geen verwijzing naar een medewerker van een ander in ' +
      `staat. Wat niet bestaat en wat u niet mag zien geven hetzelfde antwoord. ${WHO}`,
    parameters: ['EntryId', 'Traceparent'],
    answer: {
      status: 200,
      description: 'De regel.',
      schema: 'AccessLogEntry',
      recorded: true,
      example: {
        entry: ENTRY,
        record: {
          version: 1,
          id: ENTRY_ID,
          kind: 'DELIVERY',
          action: 'content.read',
          subjects: [{ id: 'AZ-Ql7KY2TBH' }],
        },
        hidden: [],
        proof: PROOF,
        evidence: {
          canonical: 'eyJhY3Rpb24iOiJjb250ZW50LnJlYWQifQ==',
          salt: 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=',
        },
      },
    },
    errors: [...OFFICER_CALL, 'ENTRY_NOT_AVAILABLE'],
  },
  getInclusionProof: {
    tag: 'Verwerkingslogboek',
    summary: 'Bewijs dat een regel in het logboek staat',
    description:
      'Voor een FG die de regel mag zien, en voor het systeem van een organisatie die de regel betreft. Alleen hashes: vergelijk ' +
      'SHA-256(entry) met het digest dat u bij het ontvangstbewijs of de inhoud kreeg. Het checkpoint is het nieuwste waaraan ' +
      'genoeg getuigen meetekenden, anders het nieuwste.',
    parameters: ['EntryId', 'Traceparent'],
    answer: { status: 200, description: 'Het bewijs.', schema: 'InclusionProof', recorded: 'officers', example: PROOF },
    errors: [...new Set([...OFFICER_CALL, ...ANY_CALL]), 'ENTRY_NOT_AVAILABLE', 'NOT_SEQUENCED_YET'],
  },
} as const satisfies Record<string, Operation>;
