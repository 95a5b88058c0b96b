import { open, readFile } from 'node:fs/promises';
import type { Erasure } from './erasure.js';

/** Only who runs retention, and the gateway's account by its group, read it. */
const JOURNAL_MODE = 0o640;

/**
 * The journal says beside the database what was erased, one JSON line an ERASURE record, so that a database restored from
 * an older backup cannot pass for a whole one. A missing file is an empty journal. A line that a crash has cut off is
 * skipped: the next run writes it again.
 */
export async function readJournal(path: string): Promise<readonly Erasure[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => entryOf(line) ?? []);
}

function entryOf(line: string): Erasure | null {
  try {
    return JSON.parse(line) as Erasure;
  } catch {
    return null;
  }
}

/** Resolves when the lines are on disk. */
export async function appendToJournal(path: string, erasures: readonly Erasure[]): Promise<void> {
  if (erasures.length === 0) return;
  const file = await open(path, 'a+', JOURNAL_MODE);
  try {
    const { size } = await file.stat();
    const lastByte = Buffer.alloc(1, '\n');
    if (size > 0) await file.read(lastByte, 0, 1, size - 1);
    const lines = erasures.map((erasure) => `${JSON.stringify(erasure)}\n`).join('');
    await file.appendFile(lastByte.toString() === '\n' ? lines : `\n${lines}`);
    await file.sync();
  } finally {
    await file.close();
  }
}
