import { ERRORS } from '../errors.js';

/** Every answer of 400 and higher (RFC 9457; API Design Rules /core/error-handling/problem-details). */
export const PROBLEM_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'code', 'nextStep'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string', description: 'Wat er aan de hand is, in het Nederlands.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'De oorzaak, in het Engels. Bevat nooit een waarde uit uw verzoek.' },
    code: { enum: Object.keys(ERRORS), description: 'Vaste code: laat uw programma hierop beslissen.' },
    nextStep: { type: 'string', description: 'Wat u kunt doen.' },
    errors: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      description: 'Alle schemafouten tegelijk. Namen van onbekende velden worden niet herhaald.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['pointer', 'rule', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer (RFC 6901) naar de plaats in uw verzoek.' },
          rule: { type: 'string', description: 'De regel van het schema die niet klopt, bijvoorbeeld required.' },
          detail: { type: 'string' },
        },
      },
    },
    instance: {
      type: 'string',
      pattern: '^urn:uuid:',
      description: 'Foutnummer; alleen als de fout in de poort zelf zit. Geef het door aan de beheerder.',
    },
  },
};
