import pg from 'pg';
import { largestWitnessed } from '../../apps/gateway/src/access-log/log/alarms.js';
import { cosignedCheckpoint } from '../../apps/gateway/src/access-log/log/checkpoints.js';
import { readLogKey } from '../../apps/gateway/src/access-log/log/log-key.js';
import { newestHead, type TreeHead } from '../../apps/gateway/src/access-log/log/tree-head.js';
import type { GatewayConfig } from '../../apps/gateway/src/config.js';
import { GatewayStartError } from '../../apps/gateway/src/start-error.js';

const CONNECT_TIMEOUT_MS = 5_000;
const LAG = `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::float8 AS seconds
  FROM ketenpoort.pending_leaf`;
const RESTART = 'npm run log -- restart';

/** Whether the log grows, and whether the witnesses know the same one. @throws GatewayStartError with cause and next step */
export async function checkLog(config: Pick<GatewayConfig, 'databaseUrl' | 'accessLog'>): Promise<string> {
  const connectionString = config.databaseUrl;
  const pool = new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    const head = await newestHead(pool);
    if (!head) return 'empty: it begins when the gateway starts for the first time';
    if (head.halted !== null) throw await halted(pool, head, head.halted);
    const key = await readLogKey(config.accessLog.keyFile);
    if (key.verifierKeyOf(head.origin) !== head.vkey) {
      throw wrong(
        'LOG_KEY_FILE is not the key that signs this log',
        `Put the right one back, or: ${RESTART} --force ...`,
      );
    }
    const { rows } = await pool.query<{ seconds: number }>(LAG);
    const seconds = Math.round(rows[0]?.seconds ?? 0);
    if (seconds > config.accessLog.maxLagSeconds) {
      throw wrong(
        `The oldest record waits for its leaf since ${seconds} s`,
        'Start a gateway; look at its log for "sequencing".',
      );
    }
    const cosigned = await cosignedCheckpoint(pool, head.epoch, { quorum: config.accessLog.witnessQuorum });
    return `${head.origin} has ${head.edge.size} leaves, ${cosigned?.size ?? 'none'} of them cosigned by a quorum`;
  } finally {
    await pool.end();
  }
}

async function halted(pool: pg.Pool, head: TreeHead, reason: string): Promise<GatewayStartError> {
  const missing = (await largestWitnessed(pool, head.epoch)) - head.edge.size;
  if (missing <= 0) {
    const nextStep = `Keep the database and the notes in log_alarm as evidence, find out who signed them, then: ${RESTART}`;
    return wrong(`The log is halted (${reason})`, nextStep);
  }
  const nextStep =
    `Restore a newer backup that has them. Is there none: keep this one as evidence, then ${RESTART} begins a new ` +
    'epoch, whose first entry says where the old one stood.';
  return wrong(`The log is halted: ${missing} leaves that a witness has seen are missing (${reason})`, nextStep);
}

function wrong(cause: string, nextStep: string): GatewayStartError {
  return new GatewayStartError([{ cause, nextStep }]);
}
