import pg from 'pg';
import { recordMaker } from '../../apps/gateway/src/access-log/record-maker.js';
import type { RetentionSession } from '../../apps/gateway/src/retention/retention-session.js';
import { recordTerms } from '../../apps/gateway/src/retention/terms.js';
import { GatewayStartError } from '../../apps/gateway/src/start-error.js';
import { APPLIED, versionProblems } from '../../apps/gateway/src/storage/rights-check.js';
import { clockSkewMs, DATABASE_CLOCK } from '../support/clock-skew.js';
import { policyInForce } from '../support/policy-in-force.js';

/** A batch of records is a few hundred milliseconds; looking for expired contents in millions takes longer. */
const STATEMENT_TIMEOUT_MS = 120_000;
/** What it waits for the gateway to let go of a case or a delivery; then the batch is taken back. */
const LOCK_TIMEOUT_MS = 10_000;
/** Terms are days at the least; machines that are synchronised differ by milliseconds. */
const MAX_SKEW_MS = 60_000;
const SCHEMA = 'ketenpoort';
const ROLE = 'ketenpoort_retention';

export const wrong = (cause: string, nextStep: string): GatewayStartError =>
  new GatewayStartError([{ cause, nextStep }]);

/**
 * Runs `work` on one connection as the role of retention, with the policy that holds at `now`.
 * @throws GatewayStartError when the database, its schema or the role is not right.
 */
export async function withSession<Result>(
  env: NodeJS.ProcessEnv,
  now: Date,
  work: (session: RetentionSession) => Promise<Result>,
): Promise<Result> {
  const url = env.RETENTION_DATABASE_URL;
  if (!url)
    throw wrong('RETENTION_DATABASE_URL is not set', `Give the address of the database as ${ROLE}; see --help.`);
  const policy = policyInForce(env, now);
  const client = new pg.Client({
    connectionString: url,
    application_name: 'ketenpoort-retention',
    options: `-c search_path=${SCHEMA}`,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
  });
  await client.connect().catch((error: { code?: string }) => {
    const next = 'Check RETENTION_DATABASE_URL, and that PostgreSQL runs and takes this role.';
    throw wrong(`The database cannot be reached (${error.code ?? 'no answer'})`, next);
  });
  try {
    await checkRole(client);
    await checkClock(client);
    const { rows } = await client.query<{ name: string }>(APPLIED);
    const problems = versionProblems(rows.map(({ name }) => name));
    if (problems.length > 0) throw new GatewayStartError(problems);
    return await work({ client, policy, makeRecord: recordMaker(() => recordTerms(policy)), now });
  } finally {
    await client.end();
  }
}

/** The owner or a superuser would do more than retention may: the database lets only this role remove records. */
async function checkRole(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ role: string }>('SELECT current_user AS role');
  if (rows[0]?.role !== ROLE) {
    throw wrong(`Retention runs as ${ROLE}, not as another role`, `Let RETENTION_DATABASE_URL name ${ROLE}.`);
  }
}

/** What is erased by a clock that is ahead does not come back. `--now` of a demo is no clock. */
async function checkClock(client: pg.Client): Promise<void> {
  const skewMs = await clockSkewMs(async () => (await client.query<{ now: Date }>(DATABASE_CLOCK)).rows[0]?.now);
  if (skewMs <= MAX_SKEW_MS) return;
  const cause = `The clocks of this machine and of the database differ by ${Math.round(skewMs / 1_000)} s`;
  throw wrong(cause, 'Synchronise both with NTP; nothing was erased.');
}

/** `--now`: only a demo may live at another time than its own. @throws GatewayStartError */
export function timeOf(value: string | undefined, env: NodeJS.ProcessEnv): Date {
  if (value === undefined) return new Date();
  if (env.KETENPOORT_MODE !== 'demo') throw wrong('--now is for a demo', 'Leave it out, or set KETENPOORT_MODE=demo.');
  const now = new Date(value);
  if (Number.isNaN(now.getTime())) throw wrong('--now is not an instant', 'Use RFC 3339: 2032-01-01T00:00:00Z.');
  return now;
}
