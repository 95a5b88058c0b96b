import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { parseCheckpoint, type Checkpoint } from '#ledger/checkpoint.js';
import type { Findings } from './finding.js';
import type { CheckedEpoch } from './log-check.js';
import { UsageError } from './options.js';
import { readFile } from './read-keys.js';

/** What a log showed at the last check, by origin. */
export type Seen = Map<string, Checkpoint>;

interface StateFile {
  readonly format: 1;
  readonly logs: readonly { readonly origin: string; readonly size: number; readonly root: string }[];
}

/** @throws UsageError when the file is not one of ours: to go on without it would forget what was seen. */
export function readSeen(file: string | null): Seen {
  if (file === null || !existsSync(file)) return new Map();
  try {
    const { logs } = JSON.parse(readFile(file, '--state')) as StateFile;
    const seen = logs.map(({ origin, size, root }) => parseCheckpoint(`${origin}\n${size}\n${root}\n`));
    return new Map(seen.map((checkpoint) => [checkpoint.origin, checkpoint]));
  } catch {
    throw new UsageError(`--state: ${file} holds no state of this command.`);
  }
}

const CONTRADICTIONS = ['CHECKPOINT_INVALID', 'ROOT_MISMATCH', 'FORK', 'LOG_SHRUNK'] as const;

/**
 * Remembers what was checked; of an epoch that is not the one that was seen, or does not add up, what was seen before.
 * Returns whether there was none of those.
 */
export function rememberSeen(file: string, seen: Seen, epochs: readonly CheckedEpoch[], findings: Findings): boolean {
  const wrong = findings.epochsWith(CONTRADICTIONS);
  const known = [...seen.values()].map(({ origin, size, root }) => ({ origin, size, root: root.toString('base64') }));
  const checked = epochs
    .filter(({ epoch }) => !wrong.has(epoch))
    .map(({ origin, size, root }) => ({ origin, size, root }));
  const logs = [...known.filter(({ origin }) => !checked.some((one) => one.origin === origin)), ...checked];
  writeFileSync(`${file}.tmp`, `${JSON.stringify({ format: 1, logs } satisfies StateFile, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
  return wrong.size === 0;
}
