import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { LogKey } from '../../apps/gateway/src/access-log/log/log-key.js';
import { openEpoch } from '../../apps/gateway/src/access-log/log/open-epoch.js';
import { Sequencer } from '../../apps/gateway/src/access-log/log/sequencer.js';
import { recordMaker } from '../../apps/gateway/src/access-log/record-maker.js';
import { LogSearch } from '../../apps/gateway/src/audit/search/log-search.js';
import { loadPolicyBook } from '../../apps/gateway/src/policy/load-policy-book.js';
import { recordTerms } from '../../apps/gateway/src/retention/terms.js';
import { PeerRegister } from '../../apps/gateway/src/peers/peer-register.js';
import { createDataSource, migrate } from '../../apps/gateway/src/storage/data-source.js';
import { poolOf } from '../../apps/gateway/src/storage/pool-of.js';
import { traceOf } from '../../apps/gateway/src/trace-context.js';
import { startPostgres } from '../database/embedded-postgres.js';
import { ROSTER } from '../demo/roster.js';
import { caseOf, RECORDS_A_PERSON, seedLog, vNumberOf } from './seed-log.js';

const HELP = `Usage: npm run bench:log -- [--records <n>]

What an officer waits for among n records (default 1,000,000), and what appending and sequencing them cost, on a database
of its own that is thrown away. Records are written through the product's own code; a search includes the writing of
its own record. A million takes some minutes and 3 GB of disk.`;
const ROUNDS = 60;
const MAX_RECORDS = 20_000_000;
const SEED_STEP = 100_000;
const options = { records: { type: 'string', default: '1000000' }, help: { type: 'boolean', default: false } } as const;
const { values } = parseArgs({ options, strict: false });
const count = Number(values.records);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
if (values.help || !Number.isInteger(count) || count < 1_000 || count > MAX_RECORDS) {
  say(HELP);
  process.exit(values.help ? 0 : 2);
}

const dataDir = await mkdtemp(join(tmpdir(), 'ketenpoort-bench-'));
const postgres = await startPostgres({ dataDir });
try {
  await postgres.createDatabase('bench');
  await migrate(postgres.ownerUrl('bench'));
  const dataSource = createDataSource(postgres.appUrl('bench'), { poolSize: 4, applicationName: 'bench' });
  await dataSource.initialize();
  try {
    await run(poolOf(dataSource));
  } finally {
    await dataSource.destroy();
  }
} finally {
  await postgres.remove();
  await rm(dataDir, { recursive: true, force: true });
}

async function run(pool: Pool): Promise<void> {
  const indexKey = randomBytes(32);
  const policies = loadPolicyBook('apps/gateway/policy');
  const policy = policies.newest;
  const makeRecord = recordMaker(() => recordTerms(policy));
  const key = LogKey.from(
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  await openEpoch(pool, 'bench/log', key);
  await timed(`appending ${count} records`, () => seedLog(pool, makeRecord, { count, indexKey, onProgress: rates() }));
  const sequencer = new Sequencer({
    pool,
    key,
    log: pino({ level: 'warn' }),
    onWork: () => () => {},
    onCheckpoint: () => {},
  });
  await timed('sequencing', () => sequencer.close());
  const peers = await PeerRegister.open({
    reader: {
      loadPeers: () =>
        Promise.resolve(
          ROSTER.map(({ oin, title, kind, pilot }) => ({
            oin,
            name: title,
            kind,
            pilot: pilot ?? null,
            active: true,
            thumbprints: [],
          })),
        ),
      loadOfficers: () => Promise.resolve([]),
    },
    mode: 'demo',
    onRefreshFailure: () => {},
  });
  const log = new LogSearch({ pool, makeRecord, peers, policy, versions: policies.versions, indexKey, quorum: null });
  await measure(pool, log, Math.max(1, Math.floor(count / RECORDS_A_PERSON)));
  peers.close();
}

async function measure(pool: Pool, log: LogSearch, people: number): Promise<void> {
  const [ams, ind, rare] = [ROSTER[0], ROSTER[7], ROSTER[6]];
  if (!ams || !ind || !rare) throw new Error('the roster is shorter than this bench');
  const as = ({ oin, kind }: typeof ams) => ({ oin, kind, thumbprint: 'b'.repeat(64), officer: 'FG' });
  const search = (peer: typeof ams, body: object) =>
    log.search(as(peer), traceOf(undefined), Buffer.from(JSON.stringify(body)), 'application/json');
  const pick = (n: number): number => ((n * 7919) % Math.floor(people / 5)) * 5;
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM access_record WHERE case_id = $1', [caseOf(0)]);
  const ids = rows.map(({ id }) => id);
  const month = {
    from: new Date(Date.now() + 60 * 86_400_000).toISOString(),
    to: new Date(Date.now() + 90 * 86_400_000).toISOString(),
  };
  await report('subject, 100 of a person', (n) => search(ams, { subject: vNumberOf(pick(n)), limit: 100 }));
  await report('case', (n) => search(ams, { caseId: caseOf(pick(n)), limit: 100 }));
  await report('peer, all time', () => search(ams, { peer: ind.oin, limit: 100 }));
  await report('peer that never touched us', () => search(rare, { peer: ind.oin, limit: 100 }));
  await report('period of a month, first page', () => search(ams, { ...month, limit: 100 }));
  await report('period, refusals', () => search(ams, { ...month, decision: 'refuse', limit: 100 }));
  await report('period, an organisation without records', () => search(rare, { ...month, limit: 100 }));
  await report('entry with proof', (n) => log.read(as(ams), traceOf(undefined), ids[n % ids.length] ?? ''));
  await report('inclusion proof', (n) => log.prove(as(ams), traceOf(undefined), ids[n % ids.length] ?? ''));
  const { oin, kind } = ams;
  const system = { oin, kind, thumbprint: 'a'.repeat(64) };
  await report('inclusion proof, asked by a system', (n) =>
    log.prove(system, traceOf(undefined), ids[n % ids.length] ?? ''),
  );
}

/** Says how fast each step of the seed went: what appending costs as the log grows. */
function rates(): (done: number) => void {
  let since = performance.now();
  return (done) => {
    if (done % SEED_STEP !== 0) return;
    const perSecond = Math.round(SEED_STEP / ((performance.now() - since) / 1_000));
    say(`  ${done.toLocaleString('en')} records, the last ${SEED_STEP.toLocaleString('en')} at ${perSecond}/s`);
    since = performance.now();
  };
}

async function report(name: string, act: (n: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const start = performance.now();
    const failed = await act(n).then(
      () => null,
      (error: unknown) => (error as { code?: string }).code ?? 'failed',
    );
    if (failed !== null) return say(`${name.padEnd(42)} ${failed} after ${(performance.now() - start).toFixed(0)} ms`);
    times.push(performance.now() - start);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1).padStart(8);
  say(`${name.padEnd(42)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms`);
}

async function timed(name: string, act: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await act();
  say(`${name} took ${((performance.now() - start) / 1_000).toFixed(0)} s`);
}
