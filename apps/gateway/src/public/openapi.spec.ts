import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { contractByType } from '#contracts/catalogue.js';
import { validateEnvelope, validatePayload } from '#contracts/validate.js';
import { ERRORS, type ErrorCode } from '../errors.js';
import { API_ROUTES, API_VERSION } from '../http/api-routes.js';
import { OF_NO_CALL } from './error-groups.js';
import { openapiDocument } from './openapi.js';
import { OPERATIONS } from './operations.js';
import { RESPONSE_SCHEMAS } from './response-schemas.js';
import { submissionExamples } from './submission-schemas.js';

const document = openapiDocument('https://poort.example:8443');
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
ajv.addSchema(document, 'openapi');

describe('the OpenAPI document', () => {
  it('describes every route under its own name, and no other', () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => {
        const { operationId, servers } = operation as { operationId: string; servers?: { url: string }[] };
        return `${operationId} ${method.toUpperCase()} ${new URL((servers ?? document.servers)[0]?.url ?? '').pathname}${path}`;
      }),
    );
    expect(described.sort()).toEqual(API_ROUTES.map((one) => `${one.operationId} ${one.method} ${one.path}`).sort());
  });

  it('carries the version of the interface and the address of the gateway', () => {
    expect(document.info.version).toBe(API_VERSION);
    expect(document.servers[0]?.url).toBe('https://poort.example:8443/v1');
  });

  it('names every error of the catalogue at the calls that answer with it, once', () => {
    const named = new Set(Object.values(OPERATIONS).flatMap((operation) => operation.errors));
    const nowhere = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => !named.has(code));
    expect(nowhere.sort()).toEqual([...OF_NO_CALL].sort());
    for (const { errors } of Object.values(OPERATIONS)) expect(new Set(errors).size).toBe(errors.length);
  });

  it.each(Object.entries(submissionExamples()))(
    'shows with %s a message that the gateway takes',
    (_name, { value }) => {
      const event = value as { type: string; data: unknown };
      const contract = contractByType(event.type);
      if (!contract) throw new Error(`no contract ${event.type}`);
      expect([...validateEnvelope(event), ...validatePayload(contract, event.data)]).toEqual([]);
      expect(ajv.validate(`openapi#/components/schemas/${contract.name}Message`, event)).toBe(true);
    },
  );

  it('describes a message no wider than its contract: another type, case or attribute is not in its schema', () => {
    const { M01, M08 } = submissionExamples();
    const refuses = (schema: string, value: object): boolean =>
      !ajv.validate(`openapi#/components/schemas/${schema}`, value);
    expect(refuses('IndDossierPartMessage', M01?.value ?? {})).toBe(true);
    expect(
      refuses('ResidentApplicationMessage', { ...M01?.value, caseid: '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20' }),
    ).toBe(true);
    expect(refuses('IndDossierPartMessage', { ...M08?.value, caseid: undefined })).toBe(true);
    expect(refuses('IndDossierPartMessage', { ...M08?.value, subject: '0000123456' })).toBe(true);
  });

  const answering = Object.entries(OPERATIONS).filter(([, { answer }]) => answer.schema !== undefined);
  it.each(answering)('shows an answer of %s that meets its schema', (_name, { answer }) => {
    const valid = ajv.validate(RESPONSE_SCHEMAS[answer.schema ?? 'Receipt'], answer.example);
    expect([valid, ajv.errors ?? null]).toEqual([true, null]);
  });

  it('shows problems that meet the schema of a problem', () => {
    for (const [code, example] of Object.entries(document.components.examples)) {
      const { value } = example as { value: unknown };
      expect([code, ajv.validate('openapi#/components/schemas/Problem', value)]).toEqual([code, true]);
    }
  });
});
