import { SECURITY_HEADERS } from '../http/security-headers.js';
import type { PublicDocument } from './documents.js';

/** What the log answers at one address; null where there is nothing. Rejects with a GatewayError to refuse. */
export type ReadLog = (path: string) => Promise<{
  readonly contentType: string;
  readonly body: Buffer;
  readonly cacheControl: string;
} | null>;

/** A part of the public log as a document: readable from every origin, so that a page can verify it. */
export async function logDocument(readLog: ReadLog, path: string): Promise<PublicDocument | undefined> {
  const part = await readLog(path);
  if (!part) return undefined;
  return {
    body: part.body,
    headers: {
      ...SECURITY_HEADERS,
      'access-control-allow-origin': '*',
      'content-type': part.contentType,
      'content-length': String(part.body.length),
      'cache-control': part.cacheControl,
    },
  };
}
