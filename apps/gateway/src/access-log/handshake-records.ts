import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { HandshakeRefusal } from '../peers/handshake-refusals.js';
import { insertRecords } from './insert-records.js';
import type { RecordMaker } from './record-maker.js';

/** Failed handshakes as records: one for each (address, reason) and minute, with a count (G2). */
export function handshakeRecorder(
  pool: Pool,
  log: Logger,
  makeRecord: RecordMaker,
): (entries: readonly HandshakeRefusal[]) => Promise<void> {
  return async (entries) => {
    const records = entries.map(({ address, reason, count }) =>
      makeRecord({
        kind: 'REFUSAL',
        action: 'connection.open',
        legalBases: [],
        subjects: [],
        decision: { outcome: 'refuse', code: reason, reasons: [] },
        fieldGroups: { released: [], withheld: [] },
        handshake: { address, count },
      }),
    );
    await insertRecords(pool, records).catch(() =>
      log.error({ count: records.length }, 'refused handshakes could not be recorded'),
    );
  };
}
