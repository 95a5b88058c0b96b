import type { Socket } from 'node:net';
import pg, { type QueryConfig } from 'pg';

type Answered = (error: Error | undefined, result: unknown) => void;

export interface DatabaseClientConfig extends pg.ClientConfig {
  /**
   * Milliseconds after which a server that owes an answer and has sent nothing counts as gone. More than any statement
   * may take, since the server ends a statement at its own limit.
   */
  readonly silenceMs?: number;
}

/**
 * The client of `pg`, in which a query leaves nothing behind. `Client.query` and `query_timeout` assign a fresh function
 * to a property of each query; V8 takes what is assigned so for a method, makes it old at once, and keeps all that it
 * leads to - parameters, rows, their buffers - until the next full collection. That was nearly all of a batch, and a
 * full collection every other second: the p99 of accepting (docs/decisions/0028-nothing-left-behind.md).
 */
export class DatabaseClient extends pg.Client {
  private unanswered = 0;

  constructor({ silenceMs = 0, ...config }: DatabaseClientConfig) {
    super(config);
    if (silenceMs > 0) this.once('connect', () => this.hangUpOn(silenceMs));
  }

  /** As in `pg`: (text or config, values?, callback?), with a promise where there is no callback. Callers see the types of `pg`. */
  override query(...args: unknown[]): never {
    const [config, values, callback] = args as [string | QueryConfig, unknown, unknown];
    const own = [values, callback].find((one) => typeof one === 'function') as Answered | undefined;
    // A copy: pg writes values and callback into what it is given.
    const asked = typeof config === 'string' ? { text: config } : { ...config };
    if (Array.isArray(values)) asked.values = values;
    const ask = (answered: Answered): void => {
      this.unanswered += 1;
      const done: Answered = (error, result) => {
        this.unanswered -= 1;
        answered(error, result);
      };
      super.query(new pg.Query(asked, done));
    };
    if (own) return ask(own) as never;
    return new Promise((resolve, reject) => ask((error, result) => (error ? reject(error) : resolve(result)))) as never;
  }

  /** Whoever waits for an answer then hears that the connection is gone; the pool throws it away. */
  private hangUpOn(silenceMs: number): void {
    const { stream } = (this as unknown as { readonly connection: { readonly stream: Socket } }).connection;
    stream.setTimeout(silenceMs);
    // Each time: silence while nothing is owed says nothing of later. The code is the system's own for such a connection:
    // by it the caller is told to come back, and not that the gateway is at fault (http/translate-error.ts).
    stream.on('timeout', () => {
      if (this.unanswered === 0) return;
      stream.destroy(Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' }));
    });
  }
}
