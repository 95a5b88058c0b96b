import type { Pool } from 'pg';
import { LogSearch } from '../../../apps/gateway/src/audit/search/log-search.js';
import { PeerRegister } from '../../../apps/gateway/src/peers/peer-register.js';
import { loadPolicyBook } from '../../../apps/gateway/src/policy/load-policy-book.js';
import { readIndexKey } from '../../../apps/gateway/src/storage/master-key.js';
import { traceOf } from '../../../apps/gateway/src/trace-context.js';
import { ROSTER } from '../../demo/roster.js';
import { Latencies } from '../../load/latencies.js';
import { peerNamed } from '../../load/messages.js';
import { benchRecordMaker, seededLog, withPool } from '../bed/seeded-log.js';
import { type BenchContext, EMPTY, type MeasureRun } from '../context.js';
import type { Aim, Figure } from '../result.js';
import { caseOf, RECORDS_A_PERSON, vNumberOf } from '../seed-log.js';

/** Enough that the 99th percentile is not simply the slowest. */
const ROUNDS = { full: 300, quick: 10 } as const;
const WARM_UP_ROUNDS = 5;
const DAY_MS = 86_400_000;
const PAGE = 100;
const ALL_OF_A_PERSON = 'all accesses of one person';
const PROOF = 'inclusion proof';
const SYSTEM_PROOF = 'inclusion proof, for a system';

/** What an officer waits for: each question with the writing of its own record, without the connection. */
export const measureOfficers: MeasureRun = async (context) => {
  const seeded = await seededLog(context);
  const indexKey = await readIndexKey(context.bed.credentials.secrets.indexKeyFile);
  const times = await withPool(seeded.database, (pool) => askAll(context, pool, indexKey, seeded.records));
  const figures: Figure[] = [...times].flatMap(([name, { p50Ms, p99Ms }]) => [
    { name: `${name}, p50`, unit: 'ms', value: one(p50Ms) },
    { name: `${name}, p99`, unit: 'ms', value: one(p99Ms) },
  ]);
  const aims: Aim[] = [
    { name: `${ALL_OF_A_PERSON}, p99`, value: times.get(ALL_OF_A_PERSON)?.p99Ms ?? NaN, unit: 'ms', atMost: 100 },
    { name: `${SYSTEM_PROOF}, p99`, value: times.get(SYSTEM_PROOF)?.p99Ms ?? NaN, unit: 'ms', atMost: 10 },
    { name: `${PROOF}, p99`, value: times.get(PROOF)?.p99Ms ?? NaN, unit: 'ms', atMost: 10 },
  ];
  figures.push(
    { name: 'appending to the log while seeding', unit: '/s', value: one(seeded.appendedPerSecond) },
    { name: 'sequencing what was seeded', unit: '/s', value: one(seeded.sequencedPerSecond) },
  );
  const notes = [`the log holds ${seeded.records.toLocaleString('en')} records, ${RECORDS_A_PERSON} about each person`];
  return { ...EMPTY, measure: 'officers', figures, aims, notes };
};

const one = (value: number) => ({ median: value, min: value, max: value });

async function askAll({ options, say }: BenchContext, pool: Pool, indexKey: Buffer, records: number) {
  const peers = await rosterRegister();
  const policies = loadPolicyBook('apps/gateway/policy');
  const log = new LogSearch({
    ...{ pool, makeRecord: benchRecordMaker(), peers, indexKey, quorum: null },
    ...{ policy: policies.newest, versions: policies.versions },
  });
  const municipality = peerNamed('ams');
  const officer = { oin: municipality.oin, kind: municipality.kind, thumbprint: 'b'.repeat(64), officer: 'FG' };
  const system = { oin: municipality.oin, kind: municipality.kind, thumbprint: 'c'.repeat(64) };
  const ask = (body: object) =>
    log.search(officer, traceOf(undefined), Buffer.from(JSON.stringify({ ...body, limit: PAGE })), 'application/json');
  const people = Math.max(1, Math.floor(records / RECORDS_A_PERSON));
  // One in five people is of this municipality; they are asked about far apart.
  const pick = (n: number): number => ((n * 7_919) % Math.max(1, Math.floor(people / 5))) * 5;
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM access_record WHERE case_id = $1', [caseOf(0)]);
  const id = (n: number): string => rows[n % rows.length]?.id ?? '';
  const month = { from: inDays(60), to: inDays(90) };
  const questions: Readonly<Record<string, (n: number) => Promise<unknown>>> = {
    [ALL_OF_A_PERSON]: (n) => ask({ subject: vNumberOf(pick(n)) }),
    'all accesses of a case': (n) => ask({ caseId: caseOf(pick(n)) }),
    'a month, first page': () => ask(month),
    'refusals in a month': () => ask({ ...month, decision: 'refuse' }),
    'an entry with its proof': (n) => log.read(officer, traceOf(undefined), id(n)),
    [PROOF]: (n) => log.prove(officer, traceOf(undefined), id(n)),
    [SYSTEM_PROOF]: (n) => log.prove(system, traceOf(undefined), id(n)),
  };
  const times = new Map<string, ReturnType<Latencies['summary']>>();
  for (const [name, question] of Object.entries(questions)) {
    const summary = await timed(question, options.quick ? ROUNDS.quick : ROUNDS.full);
    say(`officer: ${name}: p50 ${summary.p50Ms.toFixed(1)}, p99 ${summary.p99Ms.toFixed(1)} ms`);
    times.set(name, summary);
  }
  peers.close();
  return times;
}

async function timed(question: (n: number) => Promise<unknown>, rounds: number) {
  for (let n = 0; n < WARM_UP_ROUNDS; n += 1) await question(rounds + n);
  const latencies = new Latencies();
  for (let n = 0; n < rounds; n += 1) {
    const startMs = performance.now();
    await question(n);
    latencies.add(performance.now() - startMs);
  }
  return latencies.summary();
}

async function rosterRegister(): Promise<PeerRegister> {
  const peers = ROSTER.map(({ oin, title, kind, pilot }) => {
    return { oin, name: title, kind, pilot: pilot ?? null, active: true, thumbprints: [] };
  });
  return await PeerRegister.open({
    reader: { loadPeers: () => Promise.resolve(peers), loadOfficers: () => Promise.resolve([]) },
    mode: 'demo',
    onRefreshFailure: () => undefined,
  });
}

function inDays(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString();
}
