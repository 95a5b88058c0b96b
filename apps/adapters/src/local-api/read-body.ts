import type { IncomingMessage } from 'node:http';
import { parseStrictJson, StrictJsonError } from '#contracts/strict-json.js';
import { LocalProblem } from './local-problem.js';

export const BODY_LIMIT_BYTES = 256 * 1024;

/**
 * Reads with 'data' events and lets the rest of a body that is too large run off: leaving an async iteration would
 * destroy the socket before the answer is out. The server's request timeout bounds how long that may take.
 * @throws LocalProblem `BODY_TOO_LARGE` as soon as the limit is passed, `UNSUPPORTED_MEDIA_TYPE`
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new LocalProblem('UNSUPPORTED_MEDIA_TYPE', 'the body is not application/json');
  }
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
      else {
        chunks = [];
        reject(new LocalProblem('BODY_TOO_LARGE', 'the body is larger than 256 kB'));
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

/**
 * As strict as the gateway: the event is written anew from what was read here, so a key that came twice would be gone.
 * @throws LocalProblem `MALFORMED_JSON`, `DUPLICATE_KEY`, `NESTING_TOO_DEEP`
 */
export function parseBody(body: Buffer): unknown {
  try {
    return parseStrictJson(body);
  } catch (error) {
    if (error instanceof StrictJsonError) throw new LocalProblem(error.code, 'the body is not I-JSON (RFC 7493)');
    throw error;
  }
}
