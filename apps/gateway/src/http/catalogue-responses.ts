import { PEER_KINDS, PURPOSES } from '#contracts/domain.js';
import { CONTRACT_TYPE } from './schema-parts.js';

/* Answers about the contracts themselves: nothing personal, the same for every organisation. */
const PEER_KIND = { enum: PEER_KINDS } as const;
const PURPOSE = { enum: PURPOSES } as const;

export const CONTRACT_LIST_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: [
          'id',
          'name',
          'title',
          'type',
          'version',
          'kind',
          'senders',
          'purposes',
          'caseId',
          'recipients',
          'address',
        ],
        properties: {
          id: { type: 'string', pattern: '^M[0-9]{2}$' },
          name: { type: 'string' },
          title: { type: 'string', description: 'Nederlandse naam.' },
          type: CONTRACT_TYPE,
          version: { type: 'integer', minimum: 1 },
          kind: { enum: ['REQUEST', 'RESPONSE', 'NOTIFICATION', 'COMMAND'] },
          senders: { type: 'array', items: PEER_KIND, description: 'Leeg: alleen de poort zelf maakt dit bericht.' },
          purposes: { type: 'array', items: PURPOSE, description: 'Het eerste geldt als u geen doel noemt.' },
          caseId: { enum: ['none', 'required', 'optional'] },
          recipients: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['kind', 'purpose'],
              properties: { kind: PEER_KIND, purpose: PURPOSE },
            },
          },
          address: { type: 'string', pattern: '^/v1/contracts/[a-z0-9-]+/versions/[0-9]+$' },
        },
      },
    },
  },
} as const;

export const CONTRACT_DOCUMENT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'dataSchema', 'examples'],
  properties: {
    type: CONTRACT_TYPE,
    dataSchema: {
      type: 'object',
      description: 'JSON Schema 2020-12 van de inhoud (data), met veldgroep en klasse per veld.',
    },
    examples: { type: 'array', items: { type: 'object' }, description: 'Geldige voorbeelden met verzonnen personen.' },
  },
} as const;
