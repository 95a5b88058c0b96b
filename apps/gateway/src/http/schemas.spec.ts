import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ENVELOPE_SCHEMA, MESSAGE_SCHEMAS } from '#contracts/generated/schemas.js';
import { REGISTER_SCHEMA } from '../cases/register-schema.js';
import { POLICY_SCHEMAS } from '../policy/policy-schemas.js';
import * as api from './api-schemas.js';
import * as audit from './audit-schemas.js';
import * as evaluation from './evaluation-schemas.js';
import * as grant from './grant-schemas.js';
import * as processing from './processing-schemas.js';
import * as report from './report-schemas.js';

/** The processes compile these schemas without judging them, since that takes most of the time of their start. */
const requests = Object.entries({ ...api, ...audit, ...evaluation, ...grant, ...processing, ...report }).filter(
  ([name]) => name.endsWith('_SCHEMA'),
);
const schemas = Object.entries({
  ...Object.fromEntries(requests),
  ...MESSAGE_SCHEMAS,
  ...POLICY_SCHEMAS,
  ENVELOPE_SCHEMA,
  REGISTER_SCHEMA,
});

describe('the schemas of requests, messages, policy and register', () => {
  const ajv = new Ajv2020();

  it.each(schemas)('%s is a JSON Schema of 2020-12', (_name, schema) => {
    void ajv.validateSchema(schema);
    expect(ajv.errors ?? []).toEqual([]);
  });

  it('are judged by a check that refuses what is none', () => {
    expect(ajv.validateSchema({ type: 'strng' })).toBe(false);
    expect(schemas.length).toBeGreaterThan(40);
  });
});
