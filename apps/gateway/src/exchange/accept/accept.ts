import type { Pool } from 'pg';
import { localDateAt } from '../../cases/calendar.js';
import type { CaseClock } from '../../clock.js';
import type { DemoFaults } from '../../delivery/demo-faults.js';
import { releaseBehindWithdrawn } from '../../delivery/parking.js';
import type { Settled } from '../group-commit.js';
import { inHotTransaction } from '../../storage/transaction.js';
import type { AcceptItem, AcceptResult } from './accept-types.js';
import { BatchWork, type AcceptParts } from './batch-work.js';
import { decideBatch } from './decide-batch.js';
import { loadBatch } from './load.js';
import { writeBatch } from './write.js';

/**
 * Steps 4 to 9 of docs/lifecycle.md: accepts a batch in one transaction. One round trip locks and reads, decisions are
 * made in memory, one statement writes, commit. Only after the commit does anyone hear of it.
 */
export function acceptor(
  pool: Pool,
  parts: AcceptParts & { readonly demoFaults: DemoFaults | null },
  clock: CaseClock,
) {
  return async (items: readonly AcceptItem[]): Promise<readonly Settled<AcceptResult>[]> => {
    const caseNow = clock.now();
    const today = localDateAt(caseNow);
    return inHotTransaction(pool, async (client, writer) => {
      const loaded = await loadBatch(client, items, today);
      const work = new BatchWork(parts, loaded, new Date(), caseNow, today);
      const settled = decideBatch(work, items);
      await writeBatch(writer, work.set);
      const withdrawn = work.set.withdrawn.map((one) => one.messageId);
      if (withdrawn.length > 0) await releaseBehindWithdrawn(client, withdrawn);
      await parts.demoFaults?.(
        client,
        work.set.messages.map((one) => one.id),
      );
      return settled;
    });
  };
}
