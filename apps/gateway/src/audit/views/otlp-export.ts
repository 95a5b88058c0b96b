import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Figures } from '../../metrics/figures.js';
import { decisionEntry } from './adl.js';
import { advanceCursor, readCursor } from './export-cursor.js';
import { processingSpans } from './ldv.js';
import type { OtlpReceiver } from '#telemetry/otlp-receiver.js';
import { logsRequest, tracesRequest } from './otlp.js';
import { readLeaves, type LogPosition, type RecordedLeaf } from './recorded-leaves.js';
import type { PlainRecord } from '../search/plain-record.js';

const BATCH = 500;
const IDLE_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

interface Signal {
  /** Name of its cursor. */
  readonly name: string;
  readonly path: '/v1/traces' | '/v1/logs';
  readonly batchOf: (records: readonly PlainRecord[]) => object;
}

const SIGNALS: readonly Signal[] = [
  { name: 'otlp-traces', path: '/v1/traces', batchOf: (records) => tracesRequest(records.flatMap(processingSpans)) },
  {
    name: 'otlp-logs',
    path: '/v1/logs',
    batchOf: (records) => logsRequest(records.flatMap((record) => decisionEntry(record) ?? [])),
  },
];

export interface OtlpExportParts {
  readonly pool: Pool;
  readonly receiver: OtlpReceiver;
  /** Records of confidential activities go by no general flow (standards 1.6). */
  readonly isConfidential: (processingActivity: string) => boolean;
  readonly log: Logger;
}

/**
 * Exports the standard views behind a cursor over the log: what the receiver has not acknowledged is sent again, nothing
 * is sampled or dropped. Several processes may send the same; receivers take a record once by trace and span id, which
 * do not change.
 */
export class OtlpExport {
  private readonly stopping = new AbortController();
  private readonly running: Promise<unknown>;
  private readonly exported: Record<string, number> = {};

  constructor(private readonly parts: OtlpExportParts) {
    this.running = Promise.all(SIGNALS.map((signal) => this.run(signal)));
  }

  /** Leaves passed since start: exported, or kept back as confidential or erased. */
  get figures(): Figures {
    return { otlp_traces_passed: this.exported['otlp-traces'] ?? 0, otlp_logs_passed: this.exported['otlp-logs'] ?? 0 };
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.parts.receiver.close();
  }

  private async run(signal: Signal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.stopping.signal.aborted) {
      try {
        const sent = await this.next(signal);
        retryMs = FIRST_RETRY_MS;
        if (sent < BATCH) await this.pause(IDLE_MS);
      } catch (error) {
        const { name, message } = error as Error;
        const cause = name === 'OtlpRefused' ? message : ((error as { code?: string }).code ?? name);
        this.parts.log.warn({ export: signal.name, cause, retryMs }, 'the export waits; nothing is lost');
        await this.pause(retryMs);
        retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
      }
    }
  }

  /** One batch: sent, acknowledged, and only then passed. */
  private async next({ name, path, batchOf }: Signal): Promise<number> {
    const { pool, receiver } = this.parts;
    const leaves = await readLeaves(pool, await readCursor(pool, name), BATCH);
    const last = leaves.at(-1);
    if (!last) return 0;
    const records = leaves.flatMap((leaf) => this.shown(leaf));
    if (records.length > 0) await receiver.send(path, batchOf(records));
    await advanceCursor(pool, name, after(last));
    this.exported[name] = (this.exported[name] ?? 0) + leaves.length;
    return leaves.length;
  }

  private shown({ record }: RecordedLeaf): readonly PlainRecord[] {
    const activity = record?.processingActivity;
    return record === null || (activity !== undefined && this.parts.isConfidential(activity)) ? [] : [record];
  }

  private pause(ms: number): Promise<void> {
    const { signal } = this.stopping;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}

function after({ epoch, position }: LogPosition): LogPosition {
  return { epoch, position: position + 1 };
}
