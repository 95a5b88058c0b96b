import { PURPOSES, ROLES, LEVELS } from '#contracts/domain.js';
import { ACCESS_RECORD, CONTRACT_TYPE, UUID } from './schema-parts.js';

const VIEW = { enum: ['case', 'dossier', 'timeline'] } as const;
const PURPOSE = { enum: PURPOSES } as const;
const TOKEN = '^[\\w.:@-]{1,100}$';
const CODE = { type: 'string', pattern: '^[A-Z][A-Z0-9_]{0,39}$' } as const;
const BASIS = {
  enum: ['CASE', 'POLICY'],
  description: 'CASE: wat in de zaak is geëindigd of toegestaan telt mee; POLICY: alleen het beleid.',
} as const;
const REASONS = { type: 'array', maxItems: 20, items: { type: 'string' } } as const;
const POLICY_VERSION = { type: 'string' } as const;

export const POLICY_EVALUATION_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['purpose'],
  properties: {
    purpose: PURPOSE,
    contract: { ...CONTRACT_TYPE, description: 'Een bericht; of een overzicht (view); of geen van beide.' },
    view: VIEW,
    messagePurpose: { ...PURPOSE, description: 'Het doel waarvoor u het bericht kreeg; anders dat van de route.' },
    caseId: { ...UUID, description: 'Telt alleen mee als u partij bent in deze zaak.' },
  },
  dependentSchemas: { view: { type: 'object', properties: { contract: false } } },
} as const;

const GROUP = { type: 'string', pattern: '^FG[0-9]{2}$' } as const;

export const POLICY_EVALUATION_ANSWER_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['permit', 'rule', 'released', 'withheld', 'reasons', 'policyVersion', 'basis', 'accessRecord'],
  properties: {
    permit: { type: 'boolean' },
    code: { ...CODE, description: 'De fout die u bij een echte vraag zou krijgen.' },
    role: { enum: ROLES },
    rule: {
      type: 'object',
      additionalProperties: false,
      required: ['file', 'line', 'text'],
      description: 'De regel van het beleid die besliste; regel 0: er is geen regel, en dus geen toegang.',
      properties: {
        file: { type: 'string' },
        line: { type: 'integer', minimum: 0 },
        text: { type: 'string' },
      },
    },
    released: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['group', 'nl', 'level', 'words'],
        properties: { group: GROUP, nl: { type: 'string' }, level: { enum: LEVELS }, words: { type: 'string' } },
      },
    },
    withheld: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['group', 'nl', 'words'],
        properties: { group: GROUP, nl: { type: 'string' }, words: { type: 'string' } },
      },
    },
    reasons: REASONS,
    policyVersion: POLICY_VERSION,
    basis: BASIS,
    accessRecord: ACCESS_RECORD,
  },
} as const;

/** AuthZEN Authorization API 1.0 in the NL GOV profile, as far as the gateway answers it. */
export const ACCESS_EVALUATION_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['subject', 'action', 'resource'],
  properties: {
    subject: {
      type: 'object',
      additionalProperties: false,
      required: ['type', 'id'],
      properties: {
        type: {
          enum: ['user', 'organisation'],
          description: 'user: id is de User-Reference van uw medewerker; organisation: id is uw OIN.',
        },
        id: { type: 'string', pattern: TOKEN },
      },
    },
    action: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: {
        name: { enum: ['read'] },
        properties: {
          type: 'object',
          additionalProperties: false,
          properties: {
            processing_activity_id: {
              type: 'string',
              maxLength: 500,
              description: 'Wordt niet gebruikt: de verwerkingsactiviteit volgt uit het beleid.',
            },
          },
        },
      },
    },
    resource: {
      type: 'object',
      additionalProperties: false,
      required: ['type', 'id'],
      properties: {
        type: { enum: ['case', 'dossier', 'timeline', 'contract'] },
        id: { type: 'string', minLength: 1, maxLength: 200, description: 'caseId, of het type van het contract.' },
      },
    },
    context: {
      type: 'object',
      additionalProperties: false,
      properties: {
        time: { type: 'string', format: 'date-time' },
        traceparent: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
        purpose: { ...PURPOSE, description: 'Het doel. Zonder doel is het antwoord nee.' },
      },
    },
  },
} as const;

export const ACCESS_DECISION_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['decision', 'context'],
  properties: {
    decision: { type: 'boolean' },
    context: {
      type: 'object',
      additionalProperties: false,
      required: ['reasons', 'policyVersion', 'basis', 'accessRecord'],
      properties: {
        code: CODE,
        reasons: REASONS,
        policyVersion: POLICY_VERSION,
        basis: BASIS,
        accessRecord: ACCESS_RECORD,
      },
    },
  },
} as const;
