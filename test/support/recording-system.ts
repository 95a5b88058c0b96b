import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an adapter hands over: the sender's event with the data that the gateway released. */
export interface ReceivedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly caseid?: string;
  readonly purpose?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * An agency's system that only takes notes: every arrival that it answered with 2xx, and what it makes of them when it
 * removes doubles on (source, id) as the adapter guide asks.
 */
export class RecordingSystem {
  readonly arrivals: ReceivedEvent[] = [];
  readonly refused: ReceivedEvent[] = [];
  /** Status of the answer, and how long the system works on it. */
  answer: (event: ReceivedEvent) => { readonly status: number; readonly afterMs?: number } = () => ({ status: 204 });
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const event = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ReceivedEvent;
        const { status, afterMs = 0 } = this.answer(event);
        setTimeout(() => {
          (status < 300 ? this.arrivals : this.refused).push(event);
          response.writeHead(status).end();
        }, afterMs);
      });
    });
  }

  static async listen(): Promise<RecordingSystem> {
    const system = new RecordingSystem();
    await new Promise<void>((resolve) => system.server.listen(0, '127.0.0.1', resolve));
    return system;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/events`;
  }

  /** Events in order of their first arrival, each once. */
  effects(): readonly ReceivedEvent[] {
    return [...new Map(this.arrivals.map((event) => [keyOf(event), event])).values()];
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

export const keyOf = ({ source, id }: { readonly source: string; readonly id: string }): string => `${source}\n${id}`;
