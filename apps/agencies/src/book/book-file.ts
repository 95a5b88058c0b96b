import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { BookEntry } from './book-entry.js';

const FILE_NAME = 'book.jsonl';

/**
 * Append-only file of one system, one JSON entry a line. An entry counts once its line is complete and synced; a half
 * line at the end is what a crash leaves, and the sender of it never had an answer, so it is cut off at the next start.
 */
export class BookFile {
  private tail: Promise<void> = Promise.resolve();

  private constructor(private readonly file: FileHandle) {}

  /** Opens or creates `<dir>/book.jsonl` (0600 in a 0700 folder). Throws when a complete line is not JSON. */
  static async open(dir: string): Promise<{ file: BookFile; entries: BookEntry[] }> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const path = join(dir, FILE_NAME);
    const file = await open(path, 'a+', 0o600);
    try {
      return { file: new BookFile(file), entries: await readEntries(file, path) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Resolves once the entry is on disk. Entries keep the order of the calls. */
  append(entry: BookEntry): Promise<void> {
    const written = this.tail.then(async () => {
      await this.file.appendFile(`${JSON.stringify(entry)}\n`);
      await this.file.datasync();
    });
    this.tail = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.tail;
    await this.file.close();
  }
}

async function readEntries(file: FileHandle, path: string): Promise<BookEntry[]> {
  const text = await readFile(path, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) await file.truncate(Buffer.byteLength(text.slice(0, end)));
  return text
    .slice(0, end)
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => parseLine(line, index + 1, path));
}

function parseLine(line: string, number: number, path: string): BookEntry {
  try {
    return JSON.parse(line) as BookEntry;
  } catch {
    throw new Error(`${path}: line ${number} is not JSON; restore the book or remove that line`);
  }
}
