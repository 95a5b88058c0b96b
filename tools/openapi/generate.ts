import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { asyncapiDocument } from '../../apps/gateway/src/public/asyncapi.js';
import { openapiDocument } from '../../apps/gateway/src/public/openapi.js';
import { renderErrors } from './render-errors.js';

/** A running gateway serves the same document with its own address. */
const EXAMPLE_GATEWAY = 'https://ketenpoort.example:8443';

const FILES: Readonly<Record<string, () => string>> = {
  'docs/errors.md': renderErrors,
  'docs/generated/openapi.json': () => json(openapiDocument(EXAMPLE_GATEWAY)),
  'docs/generated/asyncapi.json': () => json(asyncapiDocument()),
};

/**
 * Writes the documents of the interface, or with `--check` compares them with those that stand. Run from the root of
 * the repository. Returns the exit code: 1 when one is out of date.
 */
export function main(args: readonly string[]): number {
  const outdated = Object.entries(FILES).filter(([file, render]) => readIfThere(file) !== render());
  if (args.includes('--check')) {
    for (const [file] of outdated) console.error(`${file} is out of date: run node dist/tools/openapi/generate.js`);
    return outdated.length === 0 ? 0 : 1;
  }
  for (const [file, render] of outdated) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, render());
    console.log(`${file}: written`);
  }
  return 0;
}

function json(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = main(process.argv.slice(2));
}
