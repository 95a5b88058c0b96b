import type { Pool } from 'pg';
import { GatewayError } from '../../errors.js';
import { parseTilePath } from '#ledger/tiles.js';
import { candidateCheckpoint, cosignedCheckpoint, newestCheckpoint } from './checkpoints.js';
import { readTile } from './read-tiles.js';
import { headOfEpoch, newestHead, type TreeHead } from './tree-head.js';

/** One answer of the public log. What never changes may be kept by whoever asked, and by everything in between. */
export interface LogPart {
  readonly contentType: 'text/plain; charset=utf-8' | 'application/octet-stream';
  readonly body: Buffer;
  readonly cacheControl: string;
}

export type ReadLogPart = (path: string) => Promise<LogPart | null>;

const PREFIX = '/v1/log/';
const ADDRESSES: readonly string[] = ['key', 'checkpoint', 'checkpoint/candidate', 'checkpoint/cosigned'];
const EPOCH = /^epochs\/([1-9]\d{0,3})\/(.+)$/;
const MAX_PATH = 120;
const FOR_EVER = 'public, max-age=31536000, immutable';
/** The end of a partial tile is the beginning of a fuller one: nobody needs it for long. */
const FOR_A_DAY = 'public, max-age=86400, immutable';
const NOT_AT_ALL = 'no-cache';

/** Anyone may read here, on connections that the exchange needs too: so many at once, so many waiting. */
const MAX_READING = 2;
const MAX_WAITING = 200;

/**
 * The public log in the layout of C2SP tlog-tiles (design 9): checkpoints, tiles, entries, key. The reader gives null
 * for an address that is none. @throws GatewayError NOT_COSIGNED_YET, OVERLOADED
 */
export function publicLog(pool: Pool, quorum: number | null): ReadLogPart {
  let reading = 0;
  const waiting: (() => void)[] = [];
  return async (path) => {
    if (!path.startsWith(PREFIX) || path.length > MAX_PATH) return null;
    if (waiting.length >= MAX_WAITING) {
      throw new GatewayError('OVERLOADED', 'too many are reading the log', { headers: { 'retry-after': '1' } });
    }
    if (reading >= MAX_READING) await new Promise<void>((resolve) => waiting.push(resolve));
    reading += 1;
    try {
      return await readPart(pool, quorum, path.slice(PREFIX.length));
    } finally {
      reading -= 1;
      waiting.shift()?.();
    }
  };
}

async function readPart(pool: Pool, quorum: number | null, address: string): Promise<LogPart | null> {
  const [, epoch, ofEpoch] = EPOCH.exec(address) ?? [];
  const path = ofEpoch ?? address;
  if (!isAddress(path)) return null;
  const head = await (epoch === undefined ? newestHead(pool) : headOfEpoch(pool, Number(epoch)));
  if (!head) return null;
  switch (path) {
    case 'key':
      return text(`${head.vkey}\n`);
    case 'checkpoint': {
      const checkpoint = await newestCheckpoint(pool, head.epoch);
      return checkpoint && text(checkpoint.note);
    }
    case 'checkpoint/candidate': {
      const checkpoint = await candidateCheckpoint(pool, head.epoch);
      return checkpoint && text(checkpoint.note);
    }
    case 'checkpoint/cosigned': {
      const checkpoint = await cosignedCheckpoint(pool, head.epoch, { quorum });
      if (!checkpoint) throw new GatewayError('NOT_COSIGNED_YET', 'no quorum of witnesses cosigned a checkpoint yet');
      return text(checkpoint.note);
    }
    default:
      return tile(pool, head, path);
  }
}

/** Settled before anything is read: an address that is none costs nothing. */
function isAddress(path: string): boolean {
  return ADDRESSES.includes(path) || parseTilePath(path) !== null;
}

async function tile(pool: Pool, head: TreeHead, path: string): Promise<LogPart | null> {
  const id = parseTilePath(path);
  const body = id && (await readTile(pool, head, id));
  if (!body) return null;
  const cacheControl = path.includes('.p/') ? FOR_A_DAY : FOR_EVER;
  return { contentType: 'application/octet-stream', body, cacheControl };
}

function text(body: string): LogPart {
  return { contentType: 'text/plain; charset=utf-8', body: Buffer.from(body), cacheControl: NOT_AT_ALL };
}
