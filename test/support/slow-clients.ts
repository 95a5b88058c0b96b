import { CLOUD_EVENT, head } from './api-answers.js';
import { converse, type Conversation } from './hostile-client.js';
import type { World } from './world.js';

type SlowHabit =
  'silent' | 'headers' | 'body' | 'chunks' | 'half' | 'endless-post' | 'endless-get' | 'endless-nowhere' | 'idle';

const LIMIT_MS = 60_000;
/** Shorter than a connection may be kept open between two requests. */
const IDLE_LIMIT_MS = 45_000;
const CHUNK = Buffer.from(`10000\r\n${'a'.repeat(65_536)}\r\n`);

/** One client of each habit, all at once; they take the time that the gateway gives them. */
export async function slowClients(world: World, name: string): Promise<Readonly<Record<SlowHabit, Conversation>>> {
  const url = world.gateways[0]?.url ?? '';
  const client = (first: string, then?: string | Buffer, everyMs = 1_000): Promise<Conversation> =>
    converse(url, world.tlsOf(name), first, { ...(then === undefined ? {} : { then }), everyMs, limitMs: LIMIT_MS });
  const message = (...headers: readonly string[]): string =>
    head('POST', '/v1/messages', `Content-Type: ${CLOUD_EVENT}`, ...headers);
  const chunked = 'Transfer-Encoding: chunked';
  const clients: Record<SlowHabit, Promise<Conversation>> = {
    silent: client(''),
    headers: client('GET /v1/contracts HTTP/1.1\r\nHost: localhost\r\nX-A: ', 'a'),
    body: client(message('Content-Length: 100000'), 'a'),
    chunks: client(message(chunked), '1\r\na\r\n'),
    half: client(message('Content-Length: 100000')),
    'endless-post': client(message(chunked), CHUNK, 20),
    'endless-get': client(head('GET', '/v1/contracts', chunked), CHUNK, 20),
    'endless-nowhere': client(head('POST', '/v1/nothing', chunked), CHUNK, 20),
    idle: converse(url, world.tlsOf(name), head('GET', '/v1/contracts'), { limitMs: IDLE_LIMIT_MS }),
  };
  const ended = await Promise.all(Object.entries(clients).map(async ([habit, one]) => [habit, await one] as const));
  return Object.fromEntries(ended) as Record<SlowHabit, Conversation>;
}
