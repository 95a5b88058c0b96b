import { openCases } from '../../load/open-cases.js';
import { AgencyClient, tlsOf } from '../../load/agency-client.js';
import type { OpenCase } from '../../load/messages.js';
import { admissionShots, dossierShots, MUNICIPALITIES } from '../aim.js';
import type { BedDatabase } from '../bed/bed.js';
import { cloneCases, type ClonedCases } from '../bed/case-clones.js';
import { type BenchGateway, startBenchGateway } from '../bed/gateway.js';
import { type BenchContext, EMPTY, type MeasureRun } from '../context.js';
import { inTurn } from '../in-turn.js';
import type { Aim, LoadLine, Ratio } from '../result.js';
import type { Target } from '../target.js';

const SMALL_BYTES = 1_300;
const LARGE_BYTES = 100_000;

/** Accepting, beside what a bare server with the same TLS and commits does, and what two common stacks do. */
export const measureAccept: MeasureRun = async (context) => {
  const { options, say } = context;
  const targets: Target[] = [];
  for (const workers of options.workers) {
    const suffix = options.workers.length > 1 || workers > 1 ? `, ${workers} process${workers > 1 ? 'es' : ''}` : '';
    const site = await prepareSite(context, `accept_${workers}`, workers);
    targets.push(site.dossiers(`accept M08, 1 kB${suffix}`, SMALL_BYTES));
    if (!options.alone) {
      targets.push(site.admissions(`accept M04 with a stay${suffix}`));
      targets.push(site.dossiers(`accept M08, 100 kB${suffix}`, LARGE_BYTES));
    }
  }
  say(`accepting: ${targets.length} targets, ${options.runs} runs`);
  const loads = await inTurn(context, targets);
  return { ...EMPTY, measure: 'accept', loads, aims: aimsOf(loads), ratios: ratiosOf(loads) };
};

/** A gateway on a database of its own, and what brings it messages to accept. */
export interface Site {
  readonly gateway: BenchGateway;
  readonly database: BedDatabase;
  readonly dossiers: (name: string, bytes: number) => Target;
  readonly admissions: (name: string) => Target;
}

export async function prepareSite(
  { bed, options, say }: BenchContext,
  name: string,
  workers: number,
  withKafka = false,
): Promise<Site> {
  const database = await bed.database(name);
  const gateway = await startBenchGateway(bed, database, { workers, withKafka });
  const { pki, secrets } = bed.credentials;
  const models = await modelCases(gateway.url, pki);
  let people = models.taken;
  const cases = async (stage: readonly OpenCase[], count: number): Promise<ClonedCases> => {
    const cloned = await cloneCases(database.ownerUrl, secrets, stage, { count, firstPerson: people });
    people += count;
    return cloned;
  };
  const target = (title: string, shots: Target['shots']): Target => ({
    name: title,
    shots,
    processes: { gateway: gateway.pid, database: bed.postgresPid },
    database: bed.postgres.superUrl(name),
  });
  const aim = (bytes: number) => ({ url: gateway.url, pki, connections: options.connections, bytes });
  say(`${name}: gateway ready after ${(gateway.startMs / 1_000).toFixed(1)} s`);
  return {
    gateway,
    database,
    dossiers: (title, bytes) =>
      target(title, async (count) => dossierShots(aim(bytes), await cases(models.admitted, count))),
    admissions: (title) =>
      target(title, async (count) => admissionShots(aim(SMALL_BYTES), await cases(models.answered, count))),
  };
}

/** One case of each municipality in each stage, brought there message by message. */
async function modelCases(url: string, pki: Parameters<typeof tlsOf>[0]) {
  const clients = new Map<string, AgencyClient>();
  const client = (name: string): AgencyClient => {
    const known = clients.get(name) ?? new AgencyClient({ url, tls: tlsOf(pki, name), connections: 4 });
    clients.set(name, known);
    return known;
  };
  const common = { count: MUNICIPALITIES.length, municipalities: MUNICIPALITIES };
  const answered = await openCases(client, { ...common, stage: 'answered', firstPerson: 0 });
  const admitted = await openCases(client, { ...common, stage: 'admitted', firstPerson: common.count });
  await Promise.all([...clients.values()].map((one) => one.close()));
  return { answered, admitted, taken: 2 * common.count };
}

function aimsOf(loads: readonly LoadLine[]): readonly Aim[] {
  return loads.flatMap(({ name, saturationPerSecond, p99Ms }) => {
    const perSecond = { name, value: saturationPerSecond.median, unit: '/s' };
    if (name.startsWith('accept M08, 1 kB')) {
      const p99 = { name: `${name}: p99 at half`, value: p99Ms.median, unit: 'ms', atMost: 50 };
      return [{ ...perSecond, atLeast: 3_000 }, p99];
    }
    return name.startsWith('accept M04') ? [{ ...perSecond, atLeast: 1_200 }] : [];
  });
}

function ratiosOf(_loads: readonly LoadLine[]): readonly Ratio[] {
  return [];
}
