import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRY_BYTES, SALT_BYTES } from '#ledger/entry.js';

const BUNDLE_ENTRY = 2 + ENTRY_BYTES;

export function edit(dir: string, file: string, change: (bytes: Buffer) => Buffer | void): void {
  const bytes = readFileSync(join(dir, file));
  writeFileSync(join(dir, file), change(bytes) ?? bytes);
}

/** Where the record of a leaf stands in the first records file. */
export function recordSpan(bytes: Buffer, index: number): { readonly at: number; readonly end: number } {
  let at = 0;
  for (let before = 0; ; before += 1) {
    const length = bytes.readUInt32BE(at);
    const end = at + 4 + (length === 0 ? 0 : SALT_BYTES + length);
    if (before === index) return { at, end };
    at = end;
  }
}

export function editRecord(dir: string, index: number, change: (text: string) => string): void {
  edit(dir, 'records/000.bin', (bytes) => {
    const { at, end } = recordSpan(bytes, index);
    const text = Buffer.from(change(bytes.toString('utf8', at + 4 + SALT_BYTES, end)));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    const salt = bytes.subarray(at + 4, at + 4 + SALT_BYTES);
    return Buffer.concat([bytes.subarray(0, at), length, salt, text, bytes.subarray(end)]);
  });
}

export function editLine(dir: string, index: number, change: (columns: Record<string, unknown>) => void): void {
  edit(dir, 'columns/000.jsonl', (bytes) => {
    const lines = bytes.toString().split('\n');
    const columns = JSON.parse(lines[index] ?? '') as Record<string, unknown>;
    change(columns);
    lines[index] = JSON.stringify(columns);
    return Buffer.from(lines.join('\n'));
  });
}

export function removeRecord(dir: string, index: number): void {
  edit(dir, 'records/000.bin', (bytes) => {
    const { at, end } = recordSpan(bytes, index);
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(4), bytes.subarray(end)]);
  });
  edit(dir, 'columns/000.jsonl', (bytes) => {
    const lines = bytes.toString().split('\n');
    lines[index] = JSON.stringify({ absent: (JSON.parse(lines[index] ?? '') as { id: string }).id });
    return Buffer.from(lines.join('\n'));
  });
}

export const flip = (at: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
};
export const swapEntries = (a: number, b: number) => (bytes: Buffer) => {
  const [one, other] = [a, b].map((index) =>
    Buffer.from(bytes.subarray(index * BUNDLE_ENTRY, (index + 1) * BUNDLE_ENTRY)),
  );
  one?.copy(bytes, b * BUNDLE_ENTRY);
  other?.copy(bytes, a * BUNDLE_ENTRY);
};
