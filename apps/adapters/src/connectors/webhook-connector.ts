import { Pool, type buildConnector } from 'undici';
import { errorCode } from '../error-code.js';
import type { ContentEvent } from '../gateway/content.js';
import { SystemRefused, SystemUnavailable, type Connector } from './connector.js';

const CONNECTIONS = 32;
const CONNECT_TIMEOUT_MS = 5_000;
/** A system that needs longer than this to store one message should answer first and work later. */
const ANSWER_TIMEOUT_MS = 15_000;
/** What a webhook answers is not used; more than this is not even read. */
const ANSWER_LIMIT_BYTES = 64 * 1024;
/** The answer speaks of the system, not of the message (RFC 9110, 15.6). */
const UNAVAILABLE = new Set([408, 425, 429, 502, 503, 504]);

/**
 * Posts each event to the agency's system, CloudEvents HTTP binding in structured mode. Only a 2xx means taken; a
 * redirect is refused, because content may go to the configured address only.
 */
export class WebhookConnector implements Connector {
  private readonly pool: Pool;
  private readonly path: string;

  /** @param ca PEM of the authority that signed the system's certificate; the system's own trust store when absent */
  constructor(url: string, ca?: Buffer) {
    const { origin, pathname, search } = new URL(url);
    this.path = pathname + search;
    this.pool = new Pool(origin, {
      connections: CONNECTIONS,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...(ca ? { ca } : {}) } as buildConnector.BuildOptions,
    });
  }

  async hand(event: ContentEvent, signal: AbortSignal): Promise<void> {
    const status = await this.post(event, signal);
    if (status >= 200 && status < 300) return;
    if (UNAVAILABLE.has(status)) throw new SystemUnavailable(`system answered ${status}`);
    throw new SystemRefused(`system answered ${status}`);
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async post(event: ContentEvent, signal: AbortSignal): Promise<number> {
    try {
      const answer = await this.pool.request({
        method: 'POST',
        path: this.path,
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          ...(event.traceparent ? { traceparent: event.traceparent } : {}),
        },
        body: JSON.stringify(event),
        signal,
      });
      await answer.body.dump({ limit: ANSWER_LIMIT_BYTES });
      return answer.statusCode;
    } catch (error) {
      throw new SystemUnavailable(`system does not answer: ${errorCode(error)}`);
    }
  }
}
