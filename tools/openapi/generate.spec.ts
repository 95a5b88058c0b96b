import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { main } from './generate.js';

const root = process.cwd();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ketenpoort-documents-'));
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => {
  process.chdir(root);
  rmSync(folder, { recursive: true, force: true });
  jest.restoreAllMocks();
});

it('finds the committed documents up to date', () => {
  expect(main(['--check'])).toBe(0);
});

it('writes the same documents wherever it runs, and finds a changed or missing one', () => {
  process.chdir(folder);
  expect(main(['--check'])).toBe(1);
  expect(main([])).toBe(0);
  expect(main(['--check'])).toBe(0);
  for (const file of ['docs/errors.md', 'docs/generated/openapi.json', 'docs/generated/asyncapi.json']) {
    const text = readFileSync(file, 'utf8');
    expect(text).toBe(readFileSync(join(root, file), 'utf8'));
    writeFileSync(file, `${text} `);
    expect([file, main(['--check'])]).toEqual([file, 1]);
    writeFileSync(file, text);
  }
});
