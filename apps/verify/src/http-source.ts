import { Agent, request } from 'node:https';
import { SourceError, type LogSource } from './log-source.js';

/** Connections at a time: a log serves others too. */
export const HTTP_LANES = 4;
const TIMEOUT_MS = 10_000;
const TRIES = 4;
const RETRY_PAUSE_MS = 300;

/** A live log on the public listener of a gateway. The paths are those of C2SP tlog-tiles. */
export class HttpSource implements LogSource {
  private readonly base: string;
  private readonly agent: Agent;

  /** `ca`: PEM of the authority that issued the gateway's certificate; without it those that Node trusts. */
  constructor(url: string, ca: Buffer | undefined) {
    this.base = `${url.replace(/\/+$/, '')}/`;
    this.agent = new Agent({ keepAlive: true, maxSockets: HTTP_LANES, ...(ca && { ca }) });
  }

  /** A log that is busy (429, 503) is asked again, a little later each time. */
  async read(path: string, bytesMax: number): Promise<Buffer | null> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.get(path, bytesMax).catch((error: Error) => error);
      if (!(answer instanceof Error)) {
        if (answer.status === 200) return answer.body;
        if (answer.status === 404) return null;
      }
      const again = answer instanceof Error ? !(answer instanceof SourceError) : [429, 503].includes(answer.status);
      if (!again || attempt === TRIES) {
        throw new SourceError(
          `${this.base}${path}: ${answer instanceof Error ? answer.message : `answers ${answer.status}`}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS * attempt));
    }
  }

  list(): null {
    return null;
  }

  close(): void {
    this.agent.destroy();
  }

  private get(path: string, bytesMax: number): Promise<{ readonly status: number; readonly body: Buffer }> {
    return new Promise((resolve, reject) => {
      const sent = request(this.base + path, { agent: this.agent, timeout: TIMEOUT_MS }, (answer) => {
        const parts: Buffer[] = [];
        let length = 0;
        answer.on('data', (part: Buffer) => {
          parts.push(part);
          length += part.length;
          if (length > bytesMax) answer.destroy(new SourceError(`its answer is larger than ${bytesMax} bytes`));
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts) }));
        answer.on('error', reject);
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      sent.on('error', reject);
      sent.end();
    });
  }
}
