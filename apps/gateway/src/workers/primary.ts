import cluster from 'node:cluster';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { mergeSnapshots, type Snapshot } from '#telemetry/snapshot.js';
import { ShiftableClock } from '../clock.js';
import type { GatewayConfig } from '../config.js';
import { startManagementServer, type ManagementParts } from '../management-server.js';
import { OwnTicketKeys } from '../peers/ticket-keys.js';
import { LISTENERS, type ListenerName } from './messages.js';
import { WorkerPool } from './worker-pool.js';
import { WorkerProcess } from './worker-process.js';

export interface RunningPrimary {
  readonly managementPort: number;
  /** Replaces the workers one after another. */
  restart(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Several workers on one port. The primary opens no database and reads no key: it hands connections out in turn, keeps the
 * workers alive, gives them the ticket keys that they share, and answers for all of them on the management listener.
 */
export class Primary {
  private readonly clock: ShiftableClock;
  private readonly ticketKeys = Object.fromEntries(LISTENERS.map((name) => [name, new OwnTicketKeys()])) as Record<
    ListenerName,
    OwnTicketKeys
  >;
  private readonly pool: WorkerPool<WorkerProcess>;
  /** What each worker counted when it was last asked, and what those counted that are gone: no counter ever falls. */
  private readonly counted = new Map<WorkerProcess, Snapshot>();
  private retired: Snapshot = [];

  private constructor(
    private readonly config: GatewayConfig,
    private readonly log: Logger,
    onGiveUp: () => void,
  ) {
    this.clock = new ShiftableClock(config.caseClockAt);
    this.pool = new WorkerPool({
      count: config.capacity.workers,
      spawn: (name) => this.spawn(name),
      log,
      onGiveUp,
    });
    for (const listener of LISTENERS) this.ticketKeys[listener].onChange((key) => this.spread(listener, key));
  }

  /** Resolves when all workers are ready. Rejects with WorkerRefused when the first one may not start. */
  static async start(config: GatewayConfig, log: Logger, onGiveUp: () => void): Promise<RunningPrimary> {
    cluster.schedulingPolicy = cluster.SCHED_RR;
    const primary = new Primary(config, log, onGiveUp);
    await primary.pool.start();
    const management = await startManagementServer(config.managementPort, primary.managementParts());
    return {
      managementPort: (management.address() as AddressInfo).port,
      restart: () => primary.pool.restart(),
      close: async () => {
        await primary.pool.stop();
        for (const listener of LISTENERS) primary.ticketKeys[listener].close();
        management.close();
      },
    };
  }

  private spawn(name: string): WorkerProcess {
    const keyOf = (listener: ListenerName): string => this.ticketKeys[listener].current().toString('base64');
    const worker: WorkerProcess = new WorkerProcess({
      name,
      begin: () => ({
        kind: 'begin',
        caseNow: this.clock.now().toISOString(),
        ticketKeys: { agencies: keyOf('agencies'), public: keyOf('public') },
      }),
      stopLimitMs: this.config.capacity.stopLimitMs,
      onRenewTicketKey: (listener) => this.ticketKeys[listener].renew(),
      onLastFigures: (figures) => this.counted.set(worker, figures),
    });
    void worker.ready.then(
      () => this.counted.set(worker, []),
      () => undefined,
    );
    void worker.ended.then(() => this.retire(worker));
    return worker;
  }

  private spread(listener: ListenerName, key: Buffer): void {
    for (const worker of this.pool.everyone) worker.send({ kind: 'ticket-key', listener, key: key.toString('base64') });
  }

  private get workers(): readonly WorkerProcess[] {
    return [...this.pool.serving.values()];
  }

  private managementParts(): ManagementParts {
    return {
      trouble: () => this.trouble(),
      metrics: () => this.figures(),
      shiftCaseClock: this.config.mode === 'demo' ? (instant) => this.shiftCaseClock(instant) : null,
    };
  }

  /** Ready while one serves: a balancer that turned away from all because one is being replaced would make it worse. */
  private async trouble(): Promise<string | null> {
    const { workers } = this;
    if (workers.length === 0) return 'no worker serves';
    const ask = (worker: WorkerProcess): Promise<string | null> =>
      worker.ask('trouble').catch(() => (this.workers.includes(worker) ? 'a worker does not answer' : null));
    const troubles = await Promise.all(workers.map(ask));
    return troubles.find((one) => one !== null) ?? null;
  }

  private async figures(): Promise<Snapshot> {
    const [first] = this.workers;
    const ask = async (worker: WorkerProcess): Promise<void> => {
      const figures = await worker.ask(worker === first ? 'figures' : 'own-figures').catch(() => null);
      if (figures && this.counted.has(worker)) this.counted.set(worker, figures);
    };
    await Promise.all([...this.counted.keys()].map(ask));
    const serving = new Set(this.workers);
    const byWorker = new Map([['retired', this.retired]]);
    for (const [worker, figures] of this.counted) {
      if (serving.has(worker)) byWorker.set(worker.name, figures);
      // Beside the one that has taken its place; its gauges say nothing any more.
      else byWorker.set(`leaving ${worker.pid}`, figures.filter(isCount));
    }
    return [...mergeSnapshots(byWorker), workersServing(serving.size)];
  }

  private retire(worker: WorkerProcess): void {
    const counts = (this.counted.get(worker) ?? []).filter(isCount);
    this.counted.delete(worker);
    const together = [['before', this.retired] as const, ['now', counts] as const];
    this.retired = mergeSnapshots(new Map(together));
  }

  /** For all, those included that start just now. */
  private async shiftCaseClock(instant: string): Promise<string> {
    this.clock.shiftTo(instant);
    await Promise.all(this.pool.everyone.map((worker) => worker.ask('case-clock', instant).catch(() => undefined)));
    return this.clock.now().toISOString();
  }
}

const isCount = ({ type }: Snapshot[number]): boolean => type !== 'gauge';

function workersServing(value: number): Snapshot[number] {
  const samples = [{ suffix: '', labels: {}, value }];
  return {
    name: 'ketenpoort_workers',
    help: 'Worker processes that serve.',
    type: 'gauge',
    scope: 'shared',
    samples,
  };
}
