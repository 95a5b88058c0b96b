import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import pg from 'pg';
import { settle } from '../bed/postmaster.js';
import { type BenchContext, EMPTY, type MeasureRun } from '../context.js';
import { type Figure, spreadOf } from '../result.js';
import { type PlainBroker, startPlainBroker, TOPICS } from '../rivals/plain-broker.js';

const run = promisify(execFile);
const ROW_BYTES = 1_000;
const CONNECTIONS = [1, 16] as const;
const PRODUCER_LIMIT_MS = 120_000;
/** Enough for some seconds; a broker that flushes each message takes far fewer. */
const RECORDS = { flushed: 20_000, unflushed: 200_000 } as const;

/** What the disk and the two stores of this machine give, without any of ours. */
export const measureCommits: MeasureRun = async (context) => {
  const { bed, options, say } = context;
  await bed.emptyDatabase('commits');
  const broker = await startPlainBroker(bed);
  const results = new Map<string, number[]>();
  const add = (name: string, perSecond: number): void => {
    results.set(name, [...(results.get(name) ?? []), perSecond]);
    say(`${name}: ${perSecond.toFixed(0)}/s`);
  };
  for (let n = 0; n < options.runs; n += 1) {
    for (const connections of CONNECTIONS)
      add(`PostgreSQL, one-row commits, connections: ${connections}`, await oneRowCommits(context, connections));
    if (typeof broker === 'string') continue;
    for (const kind of ['flushed', 'unflushed'] as const)
      add(`Kafka's producer test, acks=all, ${kind}`, await producerTest(context, broker, kind));
  }
  const figures: Figure[] = [...results].map(([name, values]) => ({ name, unit: '/s', value: spreadOf(values) }));
  const notes = typeof broker === 'string' ? [`Kafka's producer test is left out: ${broker}`] : [];
  return { ...EMPTY, measure: 'commits', figures, notes };
};

async function oneRowCommits({ bed, options }: BenchContext, connections: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: bed.postgres.ownerUrl('commits'), max: connections });
  try {
    await pool.query('CREATE TABLE IF NOT EXISTS row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea)');
    await settle(bed.postgres.superUrl('commits'));
    const body = randomBytes(ROW_BYTES);
    const startMs = performance.now();
    const endMs = startMs + options.seconds * 1_000;
    let done = 0;
    const worker = async (): Promise<void> => {
      while (performance.now() < endMs) {
        await pool.query({ name: 'row', text: 'INSERT INTO row (body) VALUES ($1)', values: [body] });
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: connections }, worker));
    return (done * 1_000) / (performance.now() - startMs);
  } finally {
    await pool.end();
  }
}

async function producerTest(
  { options }: BenchContext,
  broker: PlainBroker,
  kind: keyof typeof RECORDS,
): Promise<number> {
  const records = options.quick ? RECORDS[kind] / 10 : RECORDS[kind];
  const args = ['-Xmx256m', '-cp', broker.classPath, 'org.apache.kafka.tools.ProducerPerformance'];
  const load = ['--topic', TOPICS[kind], '--num-records', String(records), '--record-size', String(ROW_BYTES)];
  const how = ['--throughput', '-1', '--bootstrap-server', broker.address, '--command-property', 'acks=all'];
  const { stdout } = await run(broker.java, [...args, ...load, ...how], { timeout: PRODUCER_LIMIT_MS });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  const perSecond = Number(/, ([\d.]+) records\/sec/.exec(last)?.[1]);
  if (!Number.isFinite(perSecond)) throw new Error(`the producer test said: ${last.slice(0, 200)}`);
  return perSecond;
}
