import type { DataSource } from 'typeorm';
import type { GatewayConfig } from '../../apps/gateway/src/config.js';
import { loadPolicyBook } from '../../apps/gateway/src/policy/load-policy-book.js';
import { checkErasures } from '../../apps/gateway/src/retention/check-erasures.js';
import { GatewayStartError } from '../../apps/gateway/src/start-error.js';
import { createDataSource } from '../../apps/gateway/src/storage/data-source.js';
import { poolOf } from '../../apps/gateway/src/storage/pool-of.js';
import { loadPeers } from '../../apps/gateway/src/storage/register-reader.js';
import { checkDatabaseRights } from '../../apps/gateway/src/storage/rights-check.js';
import { clockSkewMs, DATABASE_CLOCK } from '../support/clock-skew.js';
import { warning, wrong } from './outcome.js';

const MAX_SKEW_MS = 2_000;
const PARTITION_WARN_MONTHS = 2;

/** Months for which every table that grows by month has its partition, counted from the next one. */
const MONTHS_AHEAD = `SELECT coalesce(min(n) - 1, 24)::int AS months FROM generate_series(1, 24) AS n
  WHERE EXISTS (SELECT FROM unnest(ARRAY['access_record', 'access_record_subject', 'content', 'delivery']) AS parent
    WHERE to_regclass(format('ketenpoort.%I', parent || '_' || to_char(
      date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month', 'YYYY_MM'))) IS NULL)`;
const ARCHIVER = `SELECT current_setting('archive_mode') AS mode, failed_count > 0
    AND last_failed_time > coalesce(last_archived_time, '-infinity') AS failing,
    current_setting('synchronous_standby_names') <> '' AS waiting,
    EXISTS (SELECT FROM pg_replication_slots WHERE slot_type = 'physical' AND active) AS received,
    EXISTS (SELECT FROM pg_replication_slots WHERE NOT active) AS unread FROM pg_stat_archiver`;
const RECORDED = `SELECT version, encode(digest, 'hex') AS digest FROM ketenpoort.policy_version`;

/** Version, role, rights, guarding triggers and schema, as the gateway asks them at its start. */
export function rights(config: GatewayConfig): Promise<string> {
  return withDatabase(config, async (dataSource) => {
    const problems = await checkDatabaseRights(dataSource);
    if (problems.length > 0) throw new GatewayStartError(problems);
    return `rights and schema are right; ${(await loadPeers(dataSource)).length} peers registered`;
  });
}

export function clock(config: GatewayConfig): Promise<string> {
  return withDatabase(config, async (dataSource) => {
    const skewMs = await clockSkewMs(async () => (await dataSource.query<{ now: Date }[]>(DATABASE_CLOCK))[0]?.now);
    if (skewMs > MAX_SKEW_MS)
      throw wrong(`The clocks of gateway and database differ by ${skewMs} ms`, 'Synchronise both with NTP.');
    return `gateway and database agree within ${MAX_SKEW_MS} ms`;
  });
}

export function partitions(config: GatewayConfig): Promise<string> {
  return withDatabase(config, async (dataSource) => {
    const [row] = await dataSource.query<{ months: number }[]>(MONTHS_AHEAD);
    const months = row?.months ?? 0;
    if (months < PARTITION_WARN_MONTHS)
      throw warning(
        `Partitions are there for ${months} months to come`,
        'Start a gateway: it makes twelve months ahead. What lies beyond them lands in the default partition.',
      );
    return `${months} months ahead`;
  });
}

/** A version of the policy that was loaded says what it said then. */
export function policy(config: GatewayConfig): Promise<string> {
  const { versions } = loadPolicyBook(config.policyDir);
  return withDatabase(config, async (dataSource) => {
    const rows = await dataSource.query<{ version: string; digest: string }[]>(RECORDED);
    const recorded = new Map(rows.map((row) => [row.version, row.digest]));
    const changed = versions.filter((one) => (recorded.get(one.version) ?? one.digest) !== one.digest);
    const gone = [...recorded.keys()].filter((version) => !versions.some((one) => one.version === version));
    if (changed.length > 0)
      throw wrong(
        `Policy ${changed.map(({ version }) => version).join(', ')} has other files than were recorded`,
        'Put the recorded files back; a change is a new version.',
      );
    if (gone.length > 0)
      throw wrong(`Policy ${gone.join(', ')} is recorded and not here`, 'Put its folder back under POLICY_DIR.');
    return versions.map(({ version, validFrom }) => `version ${version} from ${validFrom}`).join(', ');
  });
}

export function erasures(config: GatewayConfig): Promise<string> {
  return withDatabase(config, (dataSource) => checkErasures(poolOf(dataSource), config.erasureJournalFile));
}

interface WalSeen {
  readonly mode: string;
  readonly failing: boolean;
  readonly waiting: boolean;
  readonly received: boolean;
  readonly unread: boolean;
}

/** Whether what is written now can be restored to now. */
export function archive(config: GatewayConfig): Promise<string> {
  return withDatabase(config, async (dataSource) => {
    const [row] = await dataSource.query<WalSeen[]>(ARCHIVER);
    if (row?.failing)
      throw wrong('PostgreSQL cannot archive its WAL', 'Look at archive_command and the disk behind it.');
    if (row?.unread)
      throw wrong(
        'There is a replication slot that nobody reads: WAL is kept for it until the disk is full',
        'Start its receiver or replica again, or drop the slot.',
      );
    if (row?.received) return `the WAL is received as it is written${row.waiting ? ', and commits wait for it' : ''}`;
    if (row?.mode !== 'off') return 'the WAL is archived, without what is in the segment at hand';
    if (config.mode === 'demo') return 'none in a demo';
    const nextStep = 'Let another machine receive it (docs/operations.md, section 13).';
    throw warning('The WAL is not archived: a restore loses what came after the last base backup', nextStep);
  });
}

export async function withDatabase<Result>(
  config: GatewayConfig,
  work: (from: DataSource) => Promise<Result>,
): Promise<Result> {
  const dataSource = createDataSource(config.databaseUrl, { poolSize: 1, applicationName: 'ketenpoort-doctor' });
  try {
    await dataSource.initialize();
  } catch {
    throw wrong('The database cannot be reached', 'Check DATABASE_URL, and that PostgreSQL runs and takes this role.');
  }
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
