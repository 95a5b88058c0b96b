import { INSTANT, LOCAL_DATE, OIN, UUID } from './schema-parts.js';

/* Answers about reports to residents. Closed: no name of an employee and no number of a person has a place in them. */
const TEXT = { type: 'string' } as const;
const TEXTS = { type: 'array', items: TEXT } as const;
const GROUND = { type: 'string', pattern: '^[A-Z][A-Z0-9_]{1,30}$' } as const;

const PART = {
  type: 'object',
  additionalProperties: false,
  required: ['oin', 'name', 'regime', 'state', 'dueOn', 'overdue'],
  properties: {
    oin: OIN,
    name: TEXT,
    regime: { enum: ['AVG', 'WPG'], description: 'De wet die voor dit deel geldt.' },
    state: { enum: ['OPEN', 'RELEASED', 'REFUSED'] },
    dueOn: { ...LOCAL_DATE, description: 'Laatste dag om te antwoorden, verlenging meegerekend.' },
    overdue: { type: 'boolean' },
    extension: { enum: ['COMPLEX', 'MANY_REQUESTS', 'POSTPONED', 'SEVERAL_UNITS'] },
    answeredOn: LOCAL_DATE,
    ground: { ...GROUND, description: 'Grond van een weigering.' },
    showFrom: { ...LOCAL_DATE, description: 'Vanaf deze dag mag de betrokkene het geweigerde zien.' },
    entries: { type: 'integer', minimum: 0, description: 'Aantal regels; alleen bij het eigen deel.' },
    withheld: { type: 'integer', minimum: 0, description: 'Aantal achtergehouden regels; alleen bij het eigen deel.' },
  },
} as const;

export const DATA_SUBJECT_REPORT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'requestMessageId', 'caseId', 'receivedOn', 'coversUntil', 'handledBy', 'parts'],
  properties: {
    id: UUID,
    requestMessageId: UUID,
    caseId: UUID,
    receivedOn: LOCAL_DATE,
    coversUntil: { ...INSTANT, description: 'Regels tot en met dit moment horen erbij.' },
    handledBy: {
      type: 'object',
      additionalProperties: false,
      required: ['oin', 'name'],
      description: 'Wie het overzicht aan de betrokkene geeft.',
      properties: { oin: OIN, name: TEXT },
    },
    parts: {
      type: 'array',
      items: PART,
      description:
        'Uw eigen deel. Geeft u het overzicht aan de betrokkene, dan ook de delen van wie in het verzoek is genoemd of al ' +
        'heeft geantwoord. Een deel van de politie pas als het is vrijgegeven.',
    },
  },
} as const;

export const DATA_SUBJECT_REPORT_LIST_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['items'],
  properties: {
    items: { type: 'array', maxItems: 500, items: DATA_SUBJECT_REPORT_SCHEMA },
    next: { ...UUID, description: 'Geef dit mee als after voor de volgende bladzijde. Afwezig op de laatste.' },
  },
} as const;

const WORDS = {
  organisation: TEXT,
  what: TEXT,
  outcome: TEXT,
  purpose: TEXT,
  legalBases: TEXTS,
  data: TEXTS,
  source: { ...TEXT, description: 'Waar de gegevens vandaan kwamen; leeg als dat niet bij deze regel hoort.' },
  recipients: TEXTS,
} as const;
const WORD_NAMES = Object.keys(WORDS);

export const REPORT_PART_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['part', 'items'],
  properties: {
    part: PART,
    items: {
      type: 'array',
      maxItems: 500,
      description: 'De regels zoals de betrokkene ze leest, oudste eerst.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['entryId', 'at', ...WORD_NAMES],
        properties: { entryId: UUID, at: INSTANT, ...WORDS },
      },
    },
    next: { ...UUID, description: 'Geef dit mee als after voor de volgende bladzijde. Afwezig op de laatste.' },
  },
} as const;

const COUNT = { type: 'integer', minimum: 0 } as const;

export const REPORT_DOCUMENT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['title', 'language', 'reportId', 'caseNumber', 'handledBy', 'receivedOn', 'madeOn', 'coversUntil', 'count', 'texts', 'organisations', 'groups', 'entries'],
  properties: {
    title: TEXT,
    language: { const: 'nl' },
    reportId: UUID,
    caseNumber: { type: 'string', pattern: '^LVV-[A-Z]{3}-[0-9]{4}-[0-9]{6}$' },
    handledBy: TEXT,
    receivedOn: LOCAL_DATE,
    madeOn: LOCAL_DATE,
    coversUntil: INSTANT,
    count: COUNT,
    texts: {
      type: 'object',
      additionalProperties: false,
      properties: { introduction: TEXTS, police: TEXT, rights: TEXTS, proof: TEXTS },
    },
    organisations: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'state', 'answer', 'shown', 'withheld'],
        properties: {
          name: TEXT,
          state: { enum: ['OPEN', 'RELEASED', 'REFUSED'] },
          answer: TEXT,
          shown: COUNT,
          withheld: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['ground', 'words', 'showFrom', 'count', 'sentence'],
              properties: {
                ground: GROUND,
                words: TEXT,
                showFrom: { type: ['string', 'null'], format: 'date' },
                count: COUNT,
                sentence: TEXT,
              },
            },
          },
        },
      },
    },
    groups: {
      type: 'array',
      description: 'Regels die hetzelfde zeggen, met aantal en tijd.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['number', 'count', 'first', 'last', ...WORD_NAMES],
        properties: { number: COUNT, count: COUNT, first: INSTANT, last: INSTANT, ...WORDS },
      },
    },
    entries: {
      type: 'array',
      description: 'Alle regels, oudste eerst; group verwijst naar het nummer van de groep.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['number', 'id', 'at', 'group'],
        properties: { number: COUNT, id: UUID, at: INSTANT, group: COUNT },
      },
    },
  },
} as const; // prettier-ignore
