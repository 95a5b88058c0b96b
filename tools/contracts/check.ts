import { existsSync, readFileSync } from 'node:fs';
import { CONTRACTS } from '#contracts/catalogue.js';
import type { ValidationIssue } from '#contracts/contract.js';
import { validateEnvelope, validatePayload } from '#contracts/validate.js';
import { catalogueProblems } from './catalogue-problems.js';
import {
  envelopeExamples,
  envelopeSchema,
  examplesOf,
  orphanSchemas,
  schemaOf,
  type ExampleFile,
} from './contract-files.js';
import { generatedFiles } from './generated-files.js';
import { envelopeProblems, schemaProblems } from './schema-problems.js';

/** Every gap in the contracts, each with its cause and next step; empty when all is well. */
export async function contractProblems(): Promise<readonly string[]> {
  const orphans = orphanSchemas().map(
    (file) => `${file}: no contract of the catalogue has this schema. Add it to catalogue.ts, or remove it.`,
  );
  const payloads = CONTRACTS.flatMap((contract) => [
    ...schemaProblems(schemaOf(contract)).map((problem) => `${contract.id} ${problem}`),
    ...exampleProblems(contract.id, examplesOf(contract), (data) => validatePayload(contract, data)),
  ]);
  const envelope = [
    ...envelopeProblems(envelopeSchema()).map((problem) => `envelope ${problem}`),
    ...exampleProblems('envelope', envelopeExamples(), validateEnvelope),
  ];
  return [...orphans, ...catalogueProblems(CONTRACTS), ...payloads, ...envelope, ...(await generatedProblems())];
}

/** An example that does not do what it says, or none of a kind at all. */
export function exampleProblems(
  name: string,
  examples: readonly ExampleFile[],
  validate: (data: unknown) => readonly ValidationIssue[],
): readonly string[] {
  const missing = [true, false]
    .filter((valid) => !examples.some((one) => one.valid === valid))
    .map((valid) => `${name}: has no ${valid ? 'valid' : 'invalid'} example. Add one.`);
  const wrong = examples.flatMap((example) => {
    const issues = validate(example.data);
    const found = issues.map((one) => `${one.pointer} ${one.rule}`).join(', ');
    if (example.valid) return found ? [`${name} ${example.file}: should be valid, but: ${found}. Mend it.`] : [];
    const { pointer, rule } = example.expected ?? {};
    if (issues.some((one) => one.pointer === pointer && one.rule === rule)) return [];
    return [`${name} ${example.file}: should fail at ${pointer} ${rule}, but found: ${found || 'nothing'}. Mend it.`];
  });
  return [...missing, ...wrong];
}

async function generatedProblems(): Promise<readonly string[]> {
  const files = await generatedFiles();
  return files
    .filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
    .map(({ path }) => `${path}: differs from what the schemas give. Run: npm run contracts:generate`);
}
