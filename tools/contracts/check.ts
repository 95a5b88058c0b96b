import { existsSync, readFileSync } from 'node:fs';
import { CONTRACTS } from '#contracts/catalogue.js';
import { validatePayload } from '#contracts/validate.js';
import { examplesOf, orphanSchemas, schemaOf } from './contract-files.js';
import { unclassified } from './flatten-rules.js';
import { generatedFiles } from './generated-files.js';

/** Every gap in the contracts, each with its cause and next step; empty when all is well. */
export async function contractProblems(): Promise<readonly string[]> {
  const problems: string[] = orphanSchemas().map(
    (file) => `${file}: no contract of the catalogue has this schema. Add it to catalogue.ts, or remove it.`,
  );
  for (const contract of CONTRACTS) {
    for (const pointer of unclassified(schemaOf(contract))) {
      problems.push(
        `${contract.id} ${pointer}: has no field group. Add x-field-group and x-class, or nobody will ever receive it.`,
      );
    }
    problems.push(...exampleProblems(contract));
  }
  for (const file of await generatedFiles()) {
    const committed = existsSync(file.path) ? readFileSync(file.path, 'utf8') : null;
    if (committed !== file.text)
      problems.push(`${file.path}: differs from what the schemas give. Run: npm run contracts:generate`);
  }
  return problems;
}

function exampleProblems(contract: (typeof CONTRACTS)[number]): readonly string[] {
  const examples = examplesOf(contract);
  const problems: string[] = [];
  if (!examples.some((one) => one.valid)) problems.push(`${contract.id}: has no valid example. Add one.`);
  if (!examples.some((one) => !one.valid)) problems.push(`${contract.id}: has no invalid example. Add one.`);
  for (const example of examples) {
    const issues = validatePayload(contract, example.data);
    if (example.valid && issues.length > 0)
      problems.push(`${contract.id} ${example.file}: should be valid, but ${issues[0]?.pointer} ${issues[0]?.rule}.`);
    const expected = example.expected;
    if (!example.valid && !issues.some((one) => one.pointer === expected?.pointer && one.rule === expected?.rule)) {
      const found = issues.map((one) => `${one.pointer} ${one.rule}`).join(', ');
      problems.push(
        `${contract.id} ${example.file}: should fail at ${expected?.pointer} ${expected?.rule}, but found: ${found || 'nothing'}.`,
      );
    }
  }
  return problems;
}
