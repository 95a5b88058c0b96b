import type { Erasure } from './erasure.js';
import { eraseEndedCases } from './expired-cases.js';
import { eraseDoneContents, START } from './expired-contents.js';
import { eraseExpiredRecords } from './expired-records.js';
import type { RetentionSession } from './retention-session.js';

export interface RunOptions {
  /** At most this many records, contents and cases each. */
  readonly limit: number;
  /** Called after each commit, before the next batch. */
  readonly onErased: (erasure: Erasure) => Promise<void>;
}

/**
 * Removes what is past its term, batch by batch; each batch is one transaction with its own ERASURE record. Cases first:
 * with a case go its notifications, and one record says it for all of them. Killed between two batches it leaves nothing
 * half; the next run goes on where it was.
 */
export async function runRetention(session: RetentionSession, options: RunOptions): Promise<void> {
  await repeat(options, (left) => eraseEndedCases(session, left));
  let after = START;
  await repeat(options, async (left) => {
    const batch = await eraseDoneContents(session, left, after);
    after = batch?.last ?? after;
    return batch?.erasure ?? null;
  });
  await repeat(options, (left) => eraseExpiredRecords(session, left));
}

async function repeat(options: RunOptions, erase: (left: number) => Promise<Erasure | null>): Promise<void> {
  for (let left = options.limit; left > 0;) {
    const erasure = await erase(left);
    if (erasure === null) return;
    await options.onErased(erasure);
    left -= erasure.count;
  }
}
