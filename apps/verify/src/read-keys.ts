import { readFileSync } from 'node:fs';
import { LedgerError } from '#ledger/ledger-error.js';
import { parseVerifierKey, type NoteVerifier } from '#ledger/verifier-key.js';
import { UsageError } from './options.js';

const KEY = /^[^+\s]+\+[0-9a-f]{8}\+\S+$/;

/** Keys from the command line: each a vkey, or a file with one. @throws UsageError */
export function readKeys(given: readonly string[]): NoteVerifier[] {
  return given.map((one) => keyFrom(KEY.test(one) ? one : readFile(one, '--key')));
}

/** Keys of witnesses: a vkey a line (`#` begins a comment), or a JSON array of `{vkey}`. @throws UsageError */
export function parseWitnesses(text: string): NoteVerifier[] {
  const lines = text.trimStart().startsWith('[') ? vkeysIn(text) : text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map(keyFrom);
  for (const key of keys) {
    if (key.type !== 'cosignature/v1') throw new UsageError(`The key of ${key.name} is not one of a witness.`);
  }
  return keys;
}

export function keyFrom(text: string): NoteVerifier {
  try {
    return parseVerifierKey(text.trim());
  } catch (error) {
    if (error instanceof LedgerError) throw new UsageError(`A verifier key cannot be read: ${error.detail}.`);
    throw error;
  }
}

/** @throws UsageError */
export function readFile(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
}

function vkeysIn(json: string): string[] {
  try {
    return (JSON.parse(json) as { vkey: string }[]).map(({ vkey }) => String(vkey));
  } catch {
    throw new UsageError('The witnesses are no JSON array of objects with a vkey.');
  }
}
