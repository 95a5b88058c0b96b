import type { IncomingMessage } from 'node:http';

/** What a refused client may still send before it is answered; after that it may miss the answer. */
const MAX_DISCARDED_BYTES = 8 * 1024 * 1024;
const DISCARD_LIMIT_MS = 5_000;

/**
 * Reads and forgets what is left of a request. When a connection closes after the answer while bytes of the client are
 * still unread, the system resets it, and the client sees a broken connection instead of the reason for the refusal.
 */
export function restOfBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let discardedBytes = 0;
    const count = (chunk: Buffer): void => {
      discardedBytes += chunk.length;
      if (discardedBytes > MAX_DISCARDED_BYTES) done();
    };
    const done = (): void => {
      clearTimeout(timer);
      request.off('data', count).off('end', done).off('close', done);
      resolve();
    };
    const timer = setTimeout(done, DISCARD_LIMIT_MS);
    request.on('data', count).on('end', done).on('close', done);
  });
}
