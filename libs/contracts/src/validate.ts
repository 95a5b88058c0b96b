import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule, { type FormatsPlugin } from 'ajv-formats';
import type { Contract, ValidationIssue } from './contract.js';
import { isInstant, isLocalDate } from './date-formats.js';
import { ENVELOPE_SCHEMA, MESSAGE_SCHEMAS } from './generated/schemas.js';

const ANNOTATIONS = ['x-field-group', 'x-class', 'x-levels', 'x-values'];
/** More than a person mends in one go. */
const MAX_ISSUES = 50;
/** Of a long list the contract says the rest. */
const MAX_ALLOWED_SHOWN = 20;

// The package is CommonJS: its default export stands one level deeper under ESM.
const addFormats = addFormatsModule as unknown as FormatsPlugin;
const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
  verbose: false,
  // To judge the schemas themselves costs more than to compile them; a test does it.
  validateSchema: false,
});
addFormats(ajv, ['uri']);
ajv.addFormat('date', isLocalDate).addFormat('date-time', isInstant);
ajv.addVocabulary(ANNOTATIONS);

const compiled = new Map<string, ValidateFunction>();

/** All violations of a payload against its contract, at most 50, without any value of it; empty when it is valid. */
export function validatePayload(contract: Pick<Contract, 'id'>, data: unknown): readonly ValidationIssue[] {
  return issuesOf(
    validator(contract.id, () => MESSAGE_SCHEMAS[contract.id]),
    data,
  );
}

/** All violations of a submitted CloudEvent against the envelope (standards 1.5); its `data` is judged by its contract. */
export function validateEnvelope(event: unknown): readonly ValidationIssue[] {
  return issuesOf(
    validator('envelope', () => ENVELOPE_SCHEMA),
    event,
  );
}

/** Compiled when it is first asked for: all of them at the start would take more than half a second. */
function validator(name: string, schema: () => object | undefined): ValidateFunction {
  const known = compiled.get(name);
  if (known) return known;
  const found = schema();
  if (!found) throw new Error(`no schema for ${name}`);
  const fresh = ajv.compile(found);
  compiled.set(name, fresh);
  return fresh;
}

function issuesOf(validate: ValidateFunction, value: unknown): readonly ValidationIssue[] {
  if (validate(value)) return [];
  // `if` only says that a branch failed; the branch itself says what.
  const errors = (validate.errors ?? []).filter((error) => error.keyword !== 'if');
  return errors.slice(0, MAX_ISSUES).map(issueOf);
}

function issueOf(error: ErrorObject): ValidationIssue {
  switch (error.keyword) {
    case 'required': {
      const { missingProperty } = error.params as { missingProperty: string };
      return { pointer: `${error.instancePath}/${missingProperty}`, rule: 'required', detail: 'is required' };
    }
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return {
        pointer: error.instancePath,
        rule: 'additionalProperties',
        detail: 'has a property that the contract does not know',
      };
    case 'false schema':
      return { pointer: error.instancePath, rule: 'absent', detail: 'must be absent here' };
    case 'enum':
    case 'const': {
      const { allowedValues, allowedValue } = error.params as { allowedValues?: unknown[]; allowedValue?: unknown };
      return { pointer: error.instancePath, rule: error.keyword, detail: allowed(allowedValues ?? [allowedValue]) };
    }
    case 'pattern':
      return { pointer: error.instancePath, rule: 'pattern', detail: 'does not have the required form' };
    default:
      return { pointer: error.instancePath, rule: error.keyword, detail: error.message ?? 'is not valid' };
  }
}

/** What the contract itself says, never what was sent. */
function allowed(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_ALLOWED_SHOWN).map((value) => JSON.stringify(value));
  return `is not one of ${shown.join(', ')}${values.length > shown.length ? ' and others (see the contract)' : ''}`;
}
