import { parseCheckpoint, type Checkpoint } from '#ledger/checkpoint.js';

/** End of the epoch before, as the first record of a restarted log names it; null when it is no such record. */
export function previousEnd(record: unknown): Checkpoint | null {
  const { action, details } = (record ?? {}) as { action?: string; details?: Record<string, unknown> };
  if (action !== 'log.restart' || !details) return null;
  const { origin, size, root } = details;
  try {
    return parseCheckpoint(`${String(origin)}\n${String(size)}\n${String(root)}\n`);
  } catch {
    return null;
  }
}
