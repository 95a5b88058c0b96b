import type { OtlpReceiver } from './otlp-receiver.js';
import { spansRequest, type Span } from './span.js';

const FLUSH_INTERVAL_MS = 2_000;
const MAX_BATCH = 500;
/** Beyond it the newest are dropped: a trace is a help, and never worth memory or a request. */
const MAX_WAITING = 5_000;

export interface SpanExportParts {
  readonly service: string;
  readonly receiver: Pick<OtlpReceiver, 'send' | 'close'>;
  /** Spans that nobody got: no room, or the receiver was away. */
  readonly onDropped: (spans: number) => void;
}

/** Sends spans in batches, beside the work. It may lose some; evidence goes another way (the standard views). */
export class SpanExport {
  private waiting: Span[] = [];
  private sending: Promise<void> | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly parts: SpanExportParts) {
    this.timer = setInterval(() => this.flush(), FLUSH_INTERVAL_MS).unref();
  }

  add(span: Span): void {
    if (this.waiting.length >= MAX_WAITING) this.parts.onDropped(1);
    else this.waiting.push(span);
    if (this.waiting.length >= MAX_BATCH) this.flush();
  }

  /** Sends what waits, once, and closes. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.sending;
    this.flush();
    await this.sending;
    await this.parts.receiver.close();
  }

  private flush(): void {
    if (this.sending || this.waiting.length === 0) return;
    const batch = this.waiting;
    this.waiting = [];
    this.sending = this.send(batch).finally(() => (this.sending = null));
  }

  private async send(spans: readonly Span[]): Promise<void> {
    for (let start = 0; start < spans.length; start += MAX_BATCH) {
      const batch = spans.slice(start, start + MAX_BATCH);
      await this.parts.receiver
        .send('/v1/traces', spansRequest(this.parts.service, batch))
        .catch(() => this.parts.onDropped(batch.length));
    }
  }
}
