import type { DemoOptions } from './options.js';
import type { DemoPaths } from './paths.js';
import { choosePorts, type DemoPorts } from './ports.js';
import { ensureAdapterSecrets, startAdapters } from './steps/adapters.js';
import { startAgencies } from './steps/agencies.js';
import { prepareBroker } from './steps/broker.js';
import { prepareCredentials } from './steps/certificates.js';
import { prepareDatabase } from './steps/database.js';
import { type DemoFile, writeDemoFile } from './steps/demo-file.js';
import { startGateway } from './steps/gateway.js';
import { loadRegister } from './steps/register.js';
import { prepareState, releaseState } from './steps/state.js';
import { ensureWatchers, registerWitnesses } from './steps/witnesses.js';
import type { Teardown } from './teardown.js';
import type { Timeline } from './timeline.js';

export interface RunningDemo {
  readonly ports: DemoPorts;
  readonly file: DemoFile;
}

/** Who sends stops first, then what carries the messages, then what keeps them. */
export const STOP_ORDER = ['agency systems', 'adapters', 'gateway', 'Apache Kafka', 'PostgreSQL', 'state'] as const;

/**
 * Every step in its order, each in a file of its own. Database, broker and agency systems need nothing of each other and
 * start together. Throws between two steps once `stop` is aborted.
 */
export async function startDemo(
  options: DemoOptions,
  paths: DemoPaths,
  teardown: Teardown<(typeof STOP_ORDER)[number]>,
  timeline: Timeline,
  stop: AbortSignal,
): Promise<RunningDemo> {
  const note = (text: string): void => timeline.note(text);
  const step = async <T>(title: string, work: () => Promise<T>, outcome?: (result: T) => string): Promise<T> => {
    stop.throwIfAborted();
    return timeline.step(title, work, outcome);
  };

  await step(
    'state',
    () => prepareState(paths),
    (count) => (count > 0 ? `${count} leftovers of an earlier run stopped` : paths.state),
  );
  teardown.defer('state', () => releaseState(paths));
  const { pki, secrets } = await step('certificates', () => prepareCredentials(paths));
  await ensureAdapterSecrets(paths);
  const watchers = await ensureWatchers(paths, secrets);
  const ports = await choosePorts(options.separate);

  const [database, { broker }] = await together([
    step('PostgreSQL', async () => {
      const started = await prepareDatabase(paths, note);
      teardown.defer('PostgreSQL', () => started.stop());
      await loadRegister(paths, started.ownerUrl, pki);
      await registerWitnesses(started.ownerUrl, watchers);
      return started;
    }),
    step(
      'Apache Kafka',
      async () => {
        const outcome = await prepareBroker(paths, pki, options.broker, process.env['KAFKA_BROKERS'], note);
        const { broker: started } = outcome;
        if (started) teardown.defer('Apache Kafka', () => started.stop());
        return outcome;
      },
      ({ why }) => why,
    ),
    step('agency systems', async () => {
      const started = await startAgencies(paths, ports, options.separate, note);
      teardown.defer('agency systems', () => started.stop());
    }),
  ]);
  const request = { paths, ports, credentials: { pki, secrets }, databaseUrl: database.appUrl, broker };
  const gateway = await step('gateway', () => startGateway(request, note));
  teardown.defer('gateway', () => gateway.stop());
  const adapters = await step('adapters', () =>
    startAdapters({ paths, ports, pki, broker, watchers, separate: options.separate }, note),
  );
  teardown.defer('adapters', () => adapters.stop());
  const file = await step(
    'demo.json',
    () => writeDemoFile(paths, ports, pki, broker, watchers),
    () => paths.demoFile,
  );
  return { ports, file };
}

/** Like Promise.all, but waits for all before it fails, so that nothing starts after the teardown began. */
async function together<T extends readonly unknown[]>(work: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
