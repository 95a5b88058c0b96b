import { expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CONFIG_SCHEMA } from './config/config-schema.js';
import { ANSWER_SCHEMA } from './witness/judge-proof.js';

it.each([
  ['configuration', CONFIG_SCHEMA],
  ['inclusion proof', ANSWER_SCHEMA],
])('the schema of the %s is a JSON Schema of 2020-12: the adapter itself compiles it unjudged', (_what, schema) => {
  const ajv = new Ajv2020();
  void ajv.validateSchema(schema);
  expect(ajv.errors ?? []).toEqual([]);
});
