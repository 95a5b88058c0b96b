import type { Logger } from 'pino';
import { formatVerifierKey } from '#ledger/verifier-key.js';
import type { AdapterState } from '../delivery/adapter-state.js';
import type { Alarm } from './alarm.js';
import { Alarms } from './alarms.js';
import { isAccessRecord, type AccessRecordRef } from './claims.js';
import { CosignatureSender, type CosignatureSink } from './cosignature-sender.js';
import { LogMemory } from './log-memory.js';
import { LogReader } from './log-reader.js';
import type { LoadedLog } from './log-settings.js';
import { LogWatch } from './log-watch.js';
import { ProofDemands, type ProofSource } from './proof-demands.js';

/** The access log as this agency watches it: the log as a whole, and its own records in it. */
export class WatchedLog {
  private constructor(
    private readonly reader: LogReader,
    private readonly alarms: Alarms,
    private readonly watch: LogWatch,
    private readonly sender: CosignatureSender | null,
    private readonly demands: ProofDemands,
  ) {}

  /** Nothing runs yet. */
  static async open(
    { settings, verifiers, signer, ca }: LoadedLog,
    gateway: CosignatureSink & ProofSource,
    state: AdapterState,
    log: Logger,
  ): Promise<WatchedLog> {
    const memory = await LogMemory.open(state.store);
    const alarms = new Alarms(memory, log);
    const reader = new LogReader(settings.url, ca);
    const sender = signer && new CosignatureSender(signer, gateway, log);
    const watch = new LogWatch({ source: reader, memory, alarms, verifiers, sender, pollMs: settings.pollMs, log });
    const { proofWithinMs: withinMs, sampleEveryMs } = settings;
    const demands = new ProofDemands({ gateway, watch, memory, alarms, verifiers, withinMs, sampleEveryMs, log });
    // What stood before a restart stands after it, and whoever starts the adapter should see that.
    for (const { id, detail } of alarms.list())
      log.error({ alarm: id, detail }, 'an alarm about the access log stands');
    return new WatchedLog(reader, alarms, watch, sender, demands);
  }

  start(): void {
    this.watch.start();
    this.demands.start();
  }

  async close(): Promise<void> {
    await Promise.all([this.watch.close(), this.demands.close()]);
    await this.reader.close();
  }

  demand(record: AccessRecordRef, messageId?: string): void {
    if (isAccessRecord(record)) this.demands.demand(record, messageId);
  }

  listAlarms(): readonly Alarm[] {
    return this.alarms.list();
  }

  acknowledge(id: string, userReference: string): Promise<boolean> {
    return this.alarms.acknowledge(id, userReference);
  }

  get status(): Readonly<Record<string, unknown>> {
    const { sender, watch, demands, alarms } = this;
    const kinds = alarms.list().map(({ kind }) => kind);
    return {
      ...watch.standing,
      ...(sender && { witness: formatVerifierKey(sender.verifier), cosigned: sender.newest }),
      proofs: demands.figures,
      alarms: alarms.count,
      alarmKinds: [...new Set(kinds)],
    };
  }
}
