import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrival } from './books.js';

interface ReceivedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly caseid?: string;
  readonly data?: { readonly stay_id?: string };
}

/** The systems of all agencies: each notes what its adapter hands over before it answers that it has it. */
export class AgencySystems {
  private constructor(private readonly server: Server) {}

  static async listen(note: (arrival: Arrival) => void): Promise<AgencySystems> {
    const server = createServer((request, response) => void take(request, response, note));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new AgencySystems(server);
  }

  urlOf(name: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  note: (arrival: Arrival) => void,
): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    // The adapter was killed while it handed over: the system did not get it.
    return;
  }
  const event = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ReceivedEvent;
  const { source, id, type, caseid, data } = event;
  const stayId = data?.stay_id;
  note({
    recipient: (request.url ?? '').slice(1),
    source,
    id,
    type,
    caseId: caseid ?? '',
    ...(stayId === undefined ? {} : { stayId }),
    atMs: Date.now(),
  });
  response.writeHead(204).end();
}
