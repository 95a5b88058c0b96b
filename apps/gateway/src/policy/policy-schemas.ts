import { LEVELS, PEER_KINDS, PURPOSES, ROLES, SENSITIVITY_CLASSES } from '#contracts/domain.js';
import { PURPOSE_ENDS } from './policy.js';
import { RETENTION_CODES, RETENTION_STARTS } from './retention.js';

const text = { type: 'string', minLength: 1, maxLength: 500 } as const;
const purpose = { enum: PURPOSES } as const;

/** A closed object: every named member is required unless listed as optional. */
function record(properties: Record<string, unknown>, optional: readonly string[] = []): Record<string, unknown> {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, properties, required };
}

function list(items: unknown): Record<string, unknown> {
  return { type: 'array', items, minItems: 1, maxItems: 100 };
}

/** JSON Schema (2020-12) of each JSON file of the policy folder. The two tables in CSV are checked by the loader. */
export const POLICY_SCHEMAS = {
  'version.json': record({
    version: text,
    validFrom: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
    note: text,
  }),
  'purposes.json': list(
    record({
      code: purpose,
      nl: text,
      en: text,
      endsWhen: text,
      ends: { enum: PURPOSE_ENDS },
      successors: { type: 'array', maxItems: PURPOSES.length, items: record({ code: purpose, nl: text, en: text }) },
    }),
  ),
  'roles.json': list(record({ kind: { enum: PEER_KINDS }, purposes: list(purpose), role: { enum: ROLES }, nl: text })),
  'field-groups.json': list(
    record(
      {
        code: { type: 'string', pattern: '^FG\\d{2}$' },
        nl: text,
        en: text,
        classes: list({ enum: SENSITIVITY_CLASSES }),
        everyReceiver: { const: true },
      },
      ['everyReceiver'],
    ),
  ),
  'conditions.json': list(
    record(
      {
        number: { type: 'integer', minimum: 1, maximum: 99 },
        nl: text,
        en: text,
        bareLevel: { enum: LEVELS },
        requires: { type: 'array', maxItems: 5, items: { enum: ['15', '16a', '16c', '17', 'M'] } },
      },
      ['bareLevel'],
    ),
  ),
  'legal-bases.json': list(
    record({ code: { type: 'string', pattern: '^LB\\d{1,2}$' }, nl: text, basis: text, covers: text, note: text }, [
      'note',
    ]),
  ),
  'processing-activities.json': list(
    record({
      uri: { type: 'string', pattern: '^https://[!-~]{1,190}$' },
      nl: text,
      description: text,
      controllers: list({ enum: PEER_KINDS }),
      purposes: list(purpose),
      legalBases: list({ type: 'string', pattern: '^LB\\d{1,2}$' }),
      dataSubjects: list(text),
      retention: list({ enum: RETENTION_CODES }),
      regime: { enum: ['AVG', 'WPG'] },
      confidential: { type: 'boolean' },
      consultations: { type: 'array', maxItems: PURPOSES.length, items: purpose },
    }),
  ),
  'retention.json': list(
    record({
      code: { enum: RETENTION_CODES },
      nl: text,
      from: { enum: RETENTION_STARTS },
      term: {
        oneOf: [
          { const: 'PERMANENT' },
          record({ months: { type: 'integer', minimum: 1, maximum: 1_200 } }),
          record({ days: { type: 'integer', minimum: 1, maximum: 36_500 } }),
        ],
      },
      source: text,
    }),
  ),
} as const;

export type PolicyJsonFile = keyof typeof POLICY_SCHEMAS;
