import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PROMETHEUS_MEDIA_TYPE, prometheusText } from '#telemetry/prometheus-text.js';
import type { Snapshot } from '#telemetry/snapshot.js';

export interface ManagementParts {
  /** Why the gateway takes no work, or null when it is ready. */
  readonly trouble: () => Promise<string | null>;
  /** The figures of the gateway as they stand now; `process` leaves out what every process of it says alike. */
  readonly metrics: (wanted?: 'all' | 'process') => Promise<Snapshot>;
  /** Demo and tests only: from now on the case clock shows this instant (RFC 3339); null in production. */
  readonly shiftCaseClock: ((instant: string) => Promise<string>) | null;
}

const LOOPBACK = '127.0.0.1';
const MAX_BODY_BYTES = 1_024;

/** Health, metrics and, in a demo, the case clock; on loopback only, for the operator of this machine. */
export async function startManagementServer(port: number, parts: ManagementParts): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request, response, parts).catch(() => response.writeHead(500).end());
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: ManagementParts): Promise<void> {
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  switch (`${request.method ?? ''} ${request.url ?? ''}`) {
    case 'GET /health/live':
      return json(200, { status: 'live' });
    case 'GET /health/ready': {
      const trouble = await parts.trouble();
      return trouble === null ? json(200, { status: 'ready' }) : json(503, { status: 'not ready', trouble });
    }
    case 'GET /metrics': {
      const text = prometheusText(await parts.metrics());
      response.writeHead(200, { 'content-type': PROMETHEUS_MEDIA_TYPE }).end(text);
      return;
    }
    case 'PUT /case-clock': {
      const body = JSON.parse(await read(request)) as { now?: unknown };
      if (!parts.shiftCaseClock || typeof body.now !== 'string' || Number.isNaN(Date.parse(body.now)))
        return json(400, { status: 'refused' });
      return json(200, { now: await parts.shiftCaseClock(body.now) });
    }
    default:
      return json(404, { status: 'not found' });
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY_BYTES) throw new Error('body too large');
  }
  return text;
}
