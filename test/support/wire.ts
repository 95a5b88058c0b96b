import { connect, type ConnectionOptions } from 'node:tls';
import { clientOf } from '../../tools/pki/tls-probe.js';
import type { World } from './world.js';

const ANSWER_LIMIT_MS = 20_000;

export interface WireRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WireAnswer {
  /** All bytes of the answer: status line, headers and body. */
  readonly bytes: string;
  /** From the last byte of the request to the end of the answer. */
  readonly elapsedMs: number;
}

/** One request on a TLS connection of its own, and the answer as it came over the wire, before any client reads it. */
export async function overTheWire(world: World, name: string, request: WireRequest): Promise<WireAnswer> {
  const { port } = new URL(world.gateways[0]?.url ?? '');
  return await sendRaw({ ...clientOf(world.pki.caFile, world.pki.files(name)), port: Number(port) }, request);
}

async function sendRaw(options: ConnectionOptions, request: WireRequest): Promise<WireAnswer> {
  const body = request.body ?? '';
  const headers = { host: 'localhost', connection: 'close', ...request.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = body === '' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
  const text = `${request.method ?? 'GET'} ${request.path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`;
  return await new Promise((resolve, reject) => {
    let bytes = '';
    let sentAt = 0;
    const socket = connect(options, () => {
      sentAt = performance.now();
      socket.write(text);
    });
    socket.setTimeout(ANSWER_LIMIT_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('data', (chunk: Buffer) => (bytes += chunk.toString('utf8')));
    socket.on('error', reject);
    socket.on('end', () => resolve({ bytes, elapsedMs: performance.now() - sentAt }));
  });
}

/** The answer without the one header that must differ from one second to the next. */
export function withoutDate(bytes: string): string {
  const mended = bytes.replace(/^date: [^\r]*\r\n/im, '');
  if (mended === bytes) throw new Error('the answer has no date header');
  return mended;
}

export function bodyOf(bytes: string): Record<string, unknown> {
  return JSON.parse(bytes.slice(bytes.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;
}
