import { statfs } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { readLogKey } from '../../../apps/gateway/src/access-log/log/log-key.js';
import { openEpoch } from '../../../apps/gateway/src/access-log/log/open-epoch.js';
import { Sequencer } from '../../../apps/gateway/src/access-log/log/sequencer.js';
import { type RecordMaker, recordMaker } from '../../../apps/gateway/src/access-log/record-maker.js';
import { loadPolicyBook } from '../../../apps/gateway/src/policy/load-policy-book.js';
import { recordTerms } from '../../../apps/gateway/src/retention/terms.js';
import { createDataSource } from '../../../apps/gateway/src/storage/data-source.js';
import { readIndexKey } from '../../../apps/gateway/src/storage/master-key.js';
import { poolOf } from '../../../apps/gateway/src/storage/pool-of.js';
import { LOG_ORIGIN } from '../../demo/steps/witnesses.js';
import type { BenchContext } from '../context.js';
import { seedLog } from '../seed-log.js';
import type { BedDatabase } from './bed.js';
import { settle } from './postmaster.js';

export interface SeededLog {
  readonly database: BedDatabase;
  readonly records: number;
  readonly appendedPerSecond: number;
  readonly sequencedPerSecond: number;
}

const POLICY_DIR = 'apps/gateway/policy';
/** A record with its indexes, its leaf and its share of the write-ahead log. */
const BYTES_A_RECORD = 2_500;
const POOL_SIZE = 6;
const SAY_EVERY = 100_000;
const made = new WeakMap<BenchContext['bed'], Promise<SeededLog>>();

/** A database with so many records in its log, written and sequenced by the product's own code; one for all measures. */
export function seededLog(context: BenchContext): Promise<SeededLog> {
  const known = made.get(context.bed) ?? makeSeededLog(context);
  made.set(context.bed, known);
  return known;
}

/** How an application of the gateway sees the database; closed afterwards. */
export async function withPool<T>(database: BedDatabase, work: (pool: Pool) => Promise<T>): Promise<T> {
  const dataSource: DataSource = createDataSource(database.appUrl, { poolSize: POOL_SIZE, applicationName: 'bench' });
  await dataSource.initialize();
  try {
    return await work(poolOf(dataSource));
  } finally {
    await dataSource.destroy();
  }
}

export function benchRecordMaker(): RecordMaker {
  const policy = loadPolicyBook(POLICY_DIR).newest;
  return recordMaker(() => recordTerms(policy));
}

async function makeSeededLog(context: BenchContext): Promise<SeededLog> {
  const { bed, options, say } = context;
  const { records } = options;
  await refuseSmallDisk(bed.paths.state, records);
  const database = await bed.database('seeded', { shared: true });
  const { secrets } = bed.credentials;
  const indexKey = await readIndexKey(secrets.indexKeyFile);
  const key = await readLogKey(secrets.logKeyFile);
  say(`writing ${records.toLocaleString('en')} records into a log`);
  const rates = await withPool(database, async (pool) => {
    await openEpoch(pool, LOG_ORIGIN, key);
    const onProgress = (done: number): void => {
      if (done % SAY_EVERY === 0) say(`  ${done.toLocaleString('en')} records`);
    };
    const appended = await seconds(() => seedLog(pool, benchRecordMaker(), { count: records, indexKey, onProgress }));
    const log = pino({ level: 'warn' });
    const sequencer = new Sequencer({ pool, key, log, onWork: () => () => {}, onCheckpoint: () => {} });
    const sequenced = await seconds(() => sequencer.close());
    return { appendedPerSecond: records / appended, sequencedPerSecond: records / sequenced };
  });
  await settle(bed.postgres.superUrl('seeded'));
  return { database, records, ...rates };
}

async function refuseSmallDisk(folder: string, records: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = records * BYTES_A_RECORD;
  if (bavail * bsize >= needed) return;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new Error(
    `${records} records need ${gigabytes(needed)} of disk and ${gigabytes(bavail * bsize)} are free: use --records`,
  );
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1_000;
}
