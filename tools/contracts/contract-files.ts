import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTRACTS, kebabName } from '#contracts/catalogue.js';
import type { Contract } from '#contracts/contract.js';

/** The built tools stand under dist/, schemas and examples do not. */
export const PROJECT_ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist\/$/, '');
export const CONTRACTS_FOLDER = join(PROJECT_ROOT, 'libs', 'contracts');

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface ExampleFile {
  readonly file: string;
  readonly valid: boolean;
  readonly data: unknown;
  /** Of an invalid example: the violation it must cause. */
  readonly expected?: { readonly pointer: string; readonly rule: string };
}

export function envelopeSchema(): JsonSchema {
  return readJson(join(CONTRACTS_FOLDER, 'schemas', 'envelope.v1.schema.json')) as JsonSchema;
}

/** Throws when a contract of the catalogue has no schema. */
export function schemaOf(contract: Contract): JsonSchema {
  return readJson(join(CONTRACTS_FOLDER, 'schemas', 'messages', `${fileStem(contract)}.schema.json`)) as JsonSchema;
}

/** Valid examples are the payload itself; invalid ones wrap it as `{expected: {pointer, rule}, data}`. */
export function examplesOf(contract: Contract): readonly ExampleFile[] {
  return examplesIn(fileStem(contract));
}

/** Whole events, in the same form as the payloads. */
export function envelopeExamples(): readonly ExampleFile[] {
  return examplesIn('envelope.v1');
}

function examplesIn(stem: string): readonly ExampleFile[] {
  const folder = join(CONTRACTS_FOLDER, 'examples', stem);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const document = readJson(join(folder, file));
      if (file.startsWith('valid-')) return { file, valid: true, data: document };
      const { data, expected } = document as { data: unknown; expected: { pointer: string; rule: string } };
      return { file, valid: false, data, expected };
    });
}

/** Schema files that no contract of the catalogue claims. */
export function orphanSchemas(): readonly string[] {
  const known = new Set(CONTRACTS.map((contract) => `${fileStem(contract)}.schema.json`));
  return readdirSync(join(CONTRACTS_FOLDER, 'schemas', 'messages')).filter((file) => !known.has(file));
}

export function fileStem(contract: Contract): string {
  return `${kebabName(contract.name)}.v${contract.version}`;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
