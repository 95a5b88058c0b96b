import type { Figures } from '../../metrics/figures.js';
import type { SqlReader } from './sql-reader.js';
import { cosignedCheckpoint } from './checkpoints.js';
import { newestHead } from './tree-head.js';

const PENDING = `SELECT count(*)::float8 AS pending,
    coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::float8 AS "oldestSeconds"
  FROM ketenpoort.pending_leaf`;
const NEWEST_AGE = `SELECT extract(epoch FROM clock_timestamp() - at)::float8 AS seconds FROM ketenpoort.checkpoint
  WHERE epoch = $1 ORDER BY size DESC LIMIT 1`;
const UNCOSIGNED = `SELECT extract(epoch FROM clock_timestamp() - at)::float8 AS seconds FROM ketenpoort.checkpoint
  WHERE epoch = $1 AND size > $2 ORDER BY size LIMIT 1`;
const ALARMS = `SELECT count(*)::float8 AS alarms FROM ketenpoort.log_alarm WHERE (details ->> 'epoch')::int = $1`;

/** What an operator watches of the log (docs/operations.md, section 10). */
export async function readLogFigures(client: SqlReader): Promise<Figures> {
  const head = await newestHead(client);
  const epoch = head?.epoch ?? 0;
  const [pending, alarms, cosigned] = await Promise.all([
    client.query<{ pending: number; oldestSeconds: number }>(PENDING),
    client.query<{ alarms: number }>(ALARMS, [epoch]),
    cosignedCheckpoint(client, epoch),
  ]);
  const [newest, uncosigned] = await Promise.all([
    client.query<{ seconds: number | null }>(NEWEST_AGE, [epoch]),
    client.query<{ seconds: number | null }>(UNCOSIGNED, [epoch, cosigned?.size ?? -1]),
  ]);
  return {
    log_epoch: epoch,
    log_size: head?.edge.size ?? 0,
    log_cosigned_size: cosigned?.size ?? 0,
    log_pending: pending.rows[0]?.pending ?? 0,
    log_oldest_pending_seconds: pending.rows[0]?.oldestSeconds ?? 0,
    log_checkpoint_age_seconds: newest.rows[0]?.seconds ?? 0,
    log_uncosigned_seconds: uncosigned.rows[0]?.seconds ?? 0,
    log_halted: head?.halted == null ? 0 : 1,
    log_alarms: alarms.rows[0]?.alarms ?? 0,
  };
}
