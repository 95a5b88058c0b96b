import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionBounds } from './connection-bounds.js';

let server: Server;
let bounds: ConnectionBounds;
let accepted: Socket[];
let clients: Socket[];

beforeEach(async () => {
  accepted = [];
  clients = [];
  bounds = new ConnectionBounds({ maxPerCaller: 2, maxHandshakes: 3 });
  server = createServer((socket) => void accepted.push(socket.on('error', () => undefined)));
  bounds.attach(server as unknown as Parameters<ConnectionBounds['attach']>[0]);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of [...clients, ...accepted]) socket.destroy();
  server.close();
});

/** A connection as the server has it. */
async function connection(): Promise<Socket> {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  clients.push(client);
  await once(server, 'connection');
  return accepted.at(-1) as Socket;
}

/** Stands for the TLS connection above it, once the handshake is done; it closes with the one below. */
const above = (below: Socket): TLSSocket => {
  const socket = Object.assign(new Duplex(), { _parent: below });
  below.once('close', () => socket.destroy());
  return socket as unknown as TLSSocket;
};

describe('handshakes under way', () => {
  it('are bounded: the oldest makes room, and who is through stays', async () => {
    const through = await connection();
    bounds.enter(above(through), 'a');
    const waiting = [await connection(), await connection(), await connection()];
    expect([through, ...waiting].map((one) => one.destroyed)).toEqual([false, false, false, false]);
    const newest = await connection();
    expect(waiting.map((one) => one.destroyed)).toEqual([true, false, false]);
    expect([through.destroyed, newest.destroyed]).toEqual([false, false]);
  });

  it('make room when they end by themselves', async () => {
    const [first, second] = [await connection(), await connection(), await connection()];
    second?.destroy();
    await once(second, 'close');
    await connection();
    expect(first?.destroyed).toBe(false);
  });
});

describe('connections of one caller', () => {
  it('are bounded for that caller alone, and one that closes makes room', async () => {
    const sockets: TLSSocket[] = [];
    const open = async (caller: string): Promise<boolean> => {
      const socket = above(await connection());
      bounds.enter(socket, caller);
      sockets.push(socket);
      return bounds.isExcess(socket);
    };
    expect([await open('a'), await open('a'), await open('a'), await open('b')]).toEqual([false, false, true, false]);
    for (const socket of sockets.slice(1, 3)) {
      socket.destroy();
      await once(socket, 'close');
    }
    expect(await open('a')).toBe(false);
  });
});
