import { Pool } from 'undici';
import { tilePath } from '#ledger/tiles.js';
import type { ReadTile } from '#ledger/tree-reader.js';
import { errorCode } from '../error-code.js';

const CONNECTIONS = 2;
const ANSWER_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A note is at most 128 kB, a full tile of hashes 8 kB. */
const ANSWER_LIMIT_BYTES = 160 * 1024;

/** No usable answer; the next round asks again. `code` holds no value of the answer. */
export class LogUnreadable extends Error {
  override readonly name = 'LogUnreadable';

  constructor(readonly code: string) {
    super(`the public log cannot be read: ${code}`);
  }
}

/** What the watch reads of a log. `folder` is '' for the newest epoch, `epochs/<n>/` for that one. */
export interface LogSource {
  /** @throws LogUnreadable (as both calls) */
  note(folder: string, name: 'checkpoint' | 'checkpoint/candidate'): Promise<string>;
  tiles(folder: string): ReadTile;
}

/** The public log over HTTPS, without a client certificate: as any stranger reads it. */
export class LogReader implements LogSource {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(url: string, ca: Buffer) {
    const { origin, pathname } = new URL(url);
    this.path = pathname.replace(/\/$/, '');
    this.pool = new Pool(origin, {
      connections: CONNECTIONS,
      pipelining: 1,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
      connect: { ca, timeout: CONNECT_TIMEOUT_MS },
    });
  }

  async note(folder: string, name: 'checkpoint' | 'checkpoint/candidate'): Promise<string> {
    return (await this.read(folder + name)).toString('utf8');
  }

  tiles(folder: string): ReadTile {
    return (id) => this.read(folder + tilePath(id));
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async read(path: string): Promise<Buffer> {
    try {
      const answer = await this.pool.request({ method: 'GET', path: `${this.path}/${path}` });
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > ANSWER_LIMIT_BYTES) throw new LogUnreadable('ANSWER_TOO_LARGE');
        chunks.push(chunk);
      }
      if (answer.statusCode !== 200) throw new LogUnreadable(`HTTP_${answer.statusCode}`);
      return Buffer.concat(chunks);
    } catch (error) {
      throw error instanceof LogUnreadable ? error : new LogUnreadable(errorCode(error));
    }
  }
}
