import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';

/** What a connection brought until it was closed, or until nobody waited for it any longer. */
export interface Conversation {
  /** Everything that arrived. */
  readonly text: string;
  /** The server ended it, within the limit. */
  readonly closed: boolean;
  /** From the first byte sent to the end. */
  readonly elapsedMs: number;
  readonly sentBytes: number;
}

interface Habits {
  /** Sent again and again after the first bytes, until the server ends it. */
  readonly then?: string | Buffer;
  readonly everyMs?: number;
  readonly limitMs: number;
  /** Tells the server that nothing more will come, right after the first bytes. */
  readonly halfClose?: boolean;
}

/** Sends these very bytes, goes on as its habits say, and listens; it never hurries and never gives up by itself. */
export function converse(
  url: string,
  tls: ConnectionOptions,
  first: string | Buffer,
  { then, everyMs = 1_000, limitMs, halfClose = false }: Habits,
): Promise<Conversation> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    let startedAt = performance.now();
    let sentBytes = 0;
    let timers: NodeJS.Timeout[] = [];
    const socket = connect({ ...tls, host: hostname, port: Number(port), servername: hostname });
    const finish = (closed: boolean): void => {
      for (const timer of timers) clearTimeout(timer);
      timers = [];
      socket.destroy();
      const text = Buffer.concat(received).toString('utf8');
      resolve({ text, closed, elapsedMs: performance.now() - startedAt, sentBytes });
    };
    const send = (bytes: string | Buffer): void => {
      const chunk = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
      // What the server does not take is not piled up here.
      if (!socket.writable || socket.writableNeedDrain) return;
      socket.write(chunk);
      sentBytes += chunk.length;
    };
    socket.once('secureConnect', () => {
      startedAt = performance.now();
      timers.push(setTimeout(() => finish(false), limitMs));
      send(first);
      if (halfClose) socket.end();
      if (then !== undefined) timers.push(setInterval(() => send(then), everyMs));
    });
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('error', (error: Error) => (socket.authorized ? undefined : reject(error)));
    socket.on('close', () => finish(true));
  });
}

/** The statuses of all answers of a conversation, in order. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})[^\r\n]*\r\n/g)].map((match) => Number(match[1]));
}

/** TCP connections that say nothing at all. */
export async function silentConnections(url: string, count: number): Promise<Socket[]> {
  const { port } = new URL(url);
  const sockets = Array.from({ length: count }, () =>
    connectTcp(Number(port), '127.0.0.1').on('error', () => undefined),
  );
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))),
  );
  return sockets;
}
