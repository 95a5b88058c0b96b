import { AgencyClient, tlsOf } from '../load/agency-client.js';
import type { OpenCase } from '../load/messages.js';
import { openCases } from '../load/open-cases.js';
import type { DemoPki } from '../pki/demo-pki.js';
import { admissionShots, dossierShots, MUNICIPALITIES } from './aim.js';
import type { BedDatabase } from './bed/bed.js';
import { cloneCases, type ClonedCases } from './bed/case-clones.js';
import { type BenchGateway, type GatewayChoices, startBenchGateway } from './bed/gateway.js';
import type { BenchContext } from './context.js';
import type { Target } from './target.js';

/** A message with about 1 kB of content, and one as large as they come. */
export const SMALL_BYTES = 1_300;
export const LARGE_BYTES = 100_000;

/** A gateway on a database of its own, and what brings it messages to accept. */
export interface Site {
  readonly gateway: BenchGateway;
  readonly database: BedDatabase;
  /** For names of lines, where the number of processes matters. */
  readonly suffix: (workers: number) => string;
  readonly dossiers: (name: string, bytes: number) => Target;
  readonly admissions: (name: string) => Target;
  readonly target: (name: string, shots: Target['shots']) => Target;
}

/** @param name of the database, which is made unless it is given */
export async function prepareSite(
  { bed, options, say }: BenchContext,
  name: string,
  choices: GatewayChoices,
  given?: BedDatabase,
): Promise<Site> {
  const database = given ?? (await bed.database(name));
  const gateway = await startBenchGateway(bed, database, choices);
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
    database: bed.postgres.superUrl(database.name),
  });
  const aim = (bytes: number) => ({ url: gateway.url, pki, connections: options.connections, bytes });
  say(`${name}: gateway ready after ${(gateway.startMs / 1_000).toFixed(1)} s`);
  return {
    gateway,
    database,
    target,
    suffix: (workers) => (options.workers.length > 1 ? `, processes: ${workers}` : ''),
    dossiers: (title, bytes) =>
      target(title, async (count) => dossierShots(aim(bytes), await cases(models.admitted, count))),
    admissions: (title) =>
      target(title, async (count) => admissionShots(aim(SMALL_BYTES), await cases(models.answered, count))),
  };
}

/** One case of each municipality in each stage, brought there message by message. */
async function modelCases(url: string, pki: DemoPki) {
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
