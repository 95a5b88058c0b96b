import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { PEER_KINDS } from '#contracts/domain.js';
import { RegisterDocumentError, type RegisterDocument } from './register-document.js';

const MAX_ERRORS = 50;
const MAX_ROWS = 10_000;
/** Those that open something at the gateway: a privacy officer the log. Another one would be registered and refused. */
const OFFICER_ROLES = ['FG'];

const oin = { type: 'string', pattern: '^[0-9]{8}[0-9A-Za-z]{12}$' };
const pilot = { type: 'string', pattern: '^[A-Z]{3}$' };
const name = { type: 'string', minLength: 1, maxLength: 200 };
const thumbprint = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const date = { type: 'string', pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' };
const active = { type: 'boolean' };
const kind = { enum: PEER_KINDS };
const period = { validFrom: date, validTo: date };
const certificate = { thumbprint, file: { type: 'string', minLength: 1 } };
/** Where a row comes from: for readers of the document, not stored. */
const source = { type: 'string', maxLength: 500 };
const oneReference = { oneOf: [{ required: ['thumbprint'] }, { required: ['file'] }] };

function rows(properties: object, required: readonly string[], more: object = {}): object {
  const items = {
    type: 'object',
    additionalProperties: false,
    properties: { ...properties, source },
    required,
    ...more,
  };
  return { type: 'array', maxItems: MAX_ROWS, items };
}

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    label: { type: 'string' },
    peers: rows(
      { oin, name, kind, pilot, active, certificates: rows({ ...certificate, label: name, active }, [], oneReference) },
      ['oin', 'name', 'kind'],
    ),
    officers: rows(
      { ...certificate, name, organisationOin: oin, role: { enum: OFFICER_ROLES }, active },
      ['name', 'organisationOin', 'role'],
      oneReference,
    ),
    pilots: rows(
      { code: pilot, name, municipalityOin: oin, municipalityCode: { type: 'string', pattern: '^[0-9]{4}$' } },
      ['code', 'name', 'municipalityCode'],
    ),
    municipalities: rows({ pilot, oin }, ['pilot', 'oin']),
    capacities: rows({ pilot, agreedPlaces: { type: 'integer', minimum: 0 }, ...period }, [
      'pilot',
      'agreedPlaces',
      'validFrom',
    ]),
    covenants: rows({ id: name, pilot, ...period, parties: { type: 'array' } }, [
      'id',
      'pilot',
      'validFrom',
      'validTo',
      'parties',
    ]),
    policies: rows({ pilot, key: { type: 'string', minLength: 1, maxLength: 100 }, value: true, ...period }, [
      'pilot',
      'key',
      'value',
      'validFrom',
    ]),
    witnesses: rows(
      {
        name,
        vkey: { type: 'string', maxLength: 400 },
        oin,
        url: { type: 'string', pattern: '^https?://\\S+$' },
        active,
      },
      ['name', 'vkey'],
      { oneOf: [{ required: ['oin'] }, { required: ['url'] }] },
    ),
    routeBases: rows(
      { contract: { type: 'string', pattern: '^M[0-9]{2}$' }, receiverKind: kind, basis: name, ...period },
      ['contract', 'receiverKind', 'basis', 'validFrom'],
    ),
  },
};

const validate = new Ajv2020({ allErrors: true, strictRequired: false }).compile<RegisterDocument>(SCHEMA);

/** The document, checked. Throws RegisterDocumentError with every error (at most 50). */
export function parseRegisterDocument(value: unknown): RegisterDocument {
  if (validate(value)) return value;
  const errors = (validate.errors ?? []).slice(0, MAX_ERRORS);
  throw new RegisterDocumentError(errors.map(describe));
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: string[] };
  const which = additionalProperty ?? allowedValues?.join(', ');
  return `${instancePath || '/'} ${message ?? ''}${which === undefined ? '' : `: ${which}`}`;
}
