import type { Logger } from 'pino';
import { errorCode } from '../error-code.js';
import { GatewayProblem, isTransient } from '../gateway/gateway-errors.js';
import type { AdapterState, PendingAcknowledgement } from './adapter-state.js';
import { backoffDelayMs, pause, type Backoff } from './backoff.js';
import type { AcknowledgementSink } from './gateway-port.js';

/** Messages of one call; the gateway takes no more. */
export const ACKNOWLEDGED_AT_ONCE = 100;
/** Long enough for neighbours to join: each call is a record in the access log. Nobody waits for it. */
export const GATHER_MS = 100;

/**
 * Tells the gateway what was taken or failed, in batches of at most 100, one call at a time, until it has recorded it.
 * The entries are durable in the state before they come here: a crash or a dead gateway delays them, no more.
 */
export class AckQueue {
  private readonly queue: PendingAcknowledgement[] = [];
  private readonly stopping = new AbortController();
  private sending: Promise<void> | undefined;

  constructor(
    private readonly gateway: AcknowledgementSink,
    private readonly state: AdapterState,
    private readonly backoff: Backoff,
    private readonly log: Logger,
  ) {
    this.push(...state.pending());
  }

  push(...acknowledgements: readonly PendingAcknowledgement[]): void {
    this.queue.push(...acknowledgements);
    if (this.queue.length > 0) this.sending ??= this.sendAll().finally(() => (this.sending = undefined));
  }

  /** Waits until all is recorded, at most `limitMs`; the rest stays in the state for the next start. */
  async close(limitMs: number): Promise<void> {
    const timer = setTimeout(() => this.stopping.abort(), limitMs);
    await this.sending;
    clearTimeout(timer);
    this.stopping.abort();
  }

  private async sendAll(): Promise<void> {
    const { signal } = this.stopping;
    let refusals = 0;
    try {
      while (this.queue.length > 0) {
        signal.throwIfAborted();
        if (this.queue.length < ACKNOWLEDGED_AT_ONCE) await pause(GATHER_MS, signal);
        try {
          await this.send(this.queue.slice(0, ACKNOWLEDGED_AT_ONCE));
          refusals = 0;
        } catch (error) {
          this.log.warn(
            { reason: errorCode(error), waiting: this.queue.length },
            'acknowledgements not recorded, trying again',
          );
          await pause(backoffDelayMs(++refusals, this.backoff), signal);
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** @throws when the gateway may record the same batch later. */
  private async send(batch: readonly PendingAcknowledgement[]): Promise<void> {
    const answered = await this.resultsOf(batch);
    await this.state.forget(answered);
    const done = new Set(answered);
    const left = this.queue.filter((one) => !done.has(one.messageId));
    this.queue.splice(0, this.queue.length, ...left);
    if (done.size === 0) throw new Error('the gateway answered for none of the batch');
  }

  private async resultsOf(batch: readonly PendingAcknowledgement[]): Promise<readonly string[]> {
    try {
      const results = await this.gateway.acknowledge(
        batch.map(({ messageId, status, code }) => ({ messageId, status, ...(code ? { code } : {}) })),
      );
      for (const { messageId, status, code } of results) {
        if (status === 'refused') this.log.error({ messageId, code }, 'the gateway refused an acknowledgement');
      }
      return results.map((one) => one.messageId);
    } catch (error) {
      if (isTransient(error) || !(error instanceof GatewayProblem)) throw error;
      // One bad entry must not hold up the other 99: alone it shows itself, and repeating it would not help.
      if (batch.length > 1) return (await this.oneByOne(batch)).flat();
      this.log.error({ messageId: batch[0]?.messageId, code: error.code }, 'the gateway refused an acknowledgement');
      return batch.map((one) => one.messageId);
    }
  }

  private async oneByOne(batch: readonly PendingAcknowledgement[]): Promise<readonly (readonly string[])[]> {
    const answers: (readonly string[])[] = [];
    for (const one of batch) answers.push(await this.resultsOf([one]));
    return answers;
  }
}
