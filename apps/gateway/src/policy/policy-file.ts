import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { lineOfPointer } from './json-line.js';
import { PolicyError } from './policy-error.js';
import { POLICY_SCHEMAS, type PolicyJsonFile } from './policy-schemas.js';

/** A policy table is a page or two; anything larger is a mistake. */
const MAX_POLICY_FILE_BYTES = 256 * 1024;

/** To judge the schemas themselves costs a process more than to compile them; a test does it. */
const ajv = new Ajv2020({ strict: true, validateSchema: false });

function readText(dir: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(join(dir, file), 'utf8');
  } catch (error) {
    throw new PolicyError(file, 0, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  if (Buffer.byteLength(text) > MAX_POLICY_FILE_BYTES) {
    throw new PolicyError(file, 0, `is larger than ${MAX_POLICY_FILE_BYTES} bytes`);
  }
  return text;
}

/** A JSON file that is valid against its schema, and the means to name the line of a part of it. */
export interface PolicyDocument<T> {
  readonly data: T;
  readonly refuse: (pointer: string, reason: string) => PolicyError;
  /** Line (from 1) on which the part at this pointer starts. */
  readonly lineOf: (pointer: string) => number;
}

/** Reads and checks one JSON file. Throws PolicyError with the line of the first violation. */
export function readPolicyJson<T>(dir: string, file: PolicyJsonFile): PolicyDocument<T> {
  const text = readText(dir, file);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new PolicyError(file, 0, `is not JSON: ${(error as Error).message}`);
  }
  const refuse = (pointer: string, reason: string): PolicyError =>
    new PolicyError(file, lineOfPointer(text, pointer), reason);
  const validate = ajv.compile(POLICY_SCHEMAS[file]);
  if (!validate(data)) {
    const first = validate.errors?.[0];
    throw refuse(first?.instancePath ?? '', `${first?.instancePath || '/'} ${first?.message ?? 'is invalid'}`);
  }
  return { data: data as T, refuse, lineOf: (pointer) => lineOfPointer(text, pointer) };
}

/** Entries by code, each once. Whether every code is there is the caller's check. */
export function byCode<T, K extends string>(document: PolicyDocument<T[]>, key: (entry: T) => K): Record<K, T> {
  const entries = {} as Record<K, T>;
  for (const [index, entry] of document.data.entries()) {
    const code = key(entry);
    if (Object.hasOwn(entries, code)) throw document.refuse(`/${index}`, `${code} stands here twice`);
    entries[code] = entry;
  }
  return entries;
}

export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Reads a semicolon table; the first row is the header. Refuses rows that are not as wide as the header. */
export function readPolicyCsv(
  dir: string,
  file: string,
): { readonly header: CsvRow; readonly rows: readonly CsvRow[] } {
  const [header, ...rows] = readText(dir, file)
    .split('\n')
    .map((text, index) => ({ line: index + 1, text: text.trim() }))
    .filter(({ text }) => text !== '')
    .map(({ line, text }) => ({ line, cells: text.split(';').map((cell) => cell.trim()) }));
  if (header === undefined) throw new PolicyError(file, 0, 'is empty');
  for (const row of rows) {
    if (row.cells.length !== header.cells.length) {
      throw new PolicyError(file, row.line, `has ${row.cells.length} columns, expected ${header.cells.length}`);
    }
  }
  return { header, rows };
}
