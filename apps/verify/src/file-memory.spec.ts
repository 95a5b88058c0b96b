import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileMemory } from './file-memory.js';

const root = mkdtempSync(join(tmpdir(), 'ketenpoort-memory-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, content: Buffer): string {
  writeFileSync(join(root, name), content);
  return join(root, name);
}

describe('memory into which files are read', () => {
  it('gives each file whole and nothing of the one before', () => {
    const memory = new FileMemory();
    const contents = [100, 70_000, 3, 0, 200_000].map((length, fill) => Buffer.alloc(length, fill + 1));
    for (const [position, content] of contents.entries()) {
      expect(memory.read(file(`f${position}`, content), 200_000)).toEqual(content);
    }
  });

  it('refuses a file over the limit, and one that is not there', () => {
    const memory = new FileMemory();
    expect(() => memory.read(file('large', Buffer.alloc(11)), 10)).toThrow('larger than 10 bytes');
    expect(() => memory.read(join(root, 'none'), 10)).toThrow('ENOENT');
  });
});
