import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import type { DemoPki } from '../pki/demo-pki.js';

/** Connections that one organisation keeps open, unless told otherwise. */
export const DEFAULT_CONNECTIONS = 64;
const ANSWER_LIMIT_MS = 60_000;
const CONNECT_LIMIT_MS = 10_000;
/**
 * An idle connection is kept as long as servers keep it. Where a server does not say, `undici` closes after four
 * seconds what a lower rate does not need, and makes it anew, with a handshake each, when answers are late for once.
 */
const KEEP_IDLE_MS = 60_000;

/** Certificate and key of one organisation, and the authority of the gateway's own certificate; PEM. */
export interface AgencyTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface AgencyClientOptions {
  /** Base address, e.g. `https://localhost:8443`. */
  readonly url: string;
  readonly tls: AgencyTls;
  /** Default 64. One request at a time runs on each; what is beyond waits. */
  readonly connections?: number;
  /** How long an answer may take; default 60 s. */
  readonly answerLimitMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** PEM files of a demo certificate, read. `name` is that of the roster, or of an officer. */
export function tlsOf(pki: DemoPki, name: string): AgencyTls {
  const { certFile, keyFile } = pki.files(name);
  const [ca, cert, key] = [pki.caFile, certFile, keyFile].map((file) => readFileSync(file, 'utf8'));
  return { ca: ca ?? '', cert: cert ?? '', key: key ?? '' };
}

/**
 * One organisation's calls over kept-alive mutual TLS. Connections are made when they are first needed and resume the
 * TLS session of an earlier one. Rejects when there is no answer: connection lost, refused, or too late; any status is an
 * answer.
 */
export class AgencyClient {
  private readonly pool: Pool;

  constructor({ url, tls, connections = DEFAULT_CONNECTIONS, answerLimitMs = ANSWER_LIMIT_MS }: AgencyClientOptions) {
    this.pool = new Pool(url, {
      connections,
      pipelining: 1,
      keepAliveTimeout: KEEP_IDLE_MS,
      headersTimeout: answerLimitMs,
      bodyTimeout: answerLimitMs,
      connect: { ...tls, timeout: CONNECT_LIMIT_MS },
    });
  }

  call({ method, path, headers = {}, body }: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let status = 0;
      let answered: Answer['headers'] = {};
      // Not `request`: its streams cost as much CPU time as all the rest of a call, and a generator shares the machine.
      this.pool.dispatch(
        { method, path, headers, body: body ?? null },
        {
          onRequestStart: () => undefined,
          onResponseStart: (_controller, statusCode, responseHeaders) => {
            status = statusCode;
            answered = responseHeaders;
          },
          onResponseData: (_controller, chunk) => void chunks.push(chunk),
          onResponseEnd: () => resolve({ status, headers: answered, body: Buffer.concat(chunks) }),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
  }

  /** Posts one CloudEvent. */
  submit(event: string | Buffer): Promise<Answer> {
    return this.call({ method: 'POST', path: '/v1/messages', headers: CLOUDEVENT, body: event });
  }

  content(messageId: string, purpose: string): Promise<Answer> {
    const headers = { 'purpose-of-use': purpose };
    return this.call({ method: 'GET', path: `/v1/messages/${messageId}/content`, headers });
  }

  /** Up to 100 messages in one call. */
  taken(messageIds: readonly string[]): Promise<Answer> {
    const acknowledgements = messageIds.map((messageId) => ({ messageId, status: 'taken' }));
    const body = JSON.stringify({ acknowledgements });
    return this.call({ method: 'POST', path: '/v1/acknowledgements', headers: JSON_BODY, body });
  }

  /** What runs is cut off. */
  close(): Promise<void> {
    return this.pool.destroy();
  }
}

const CLOUDEVENT = { 'content-type': 'application/cloudevents+json' };
const JSON_BODY = { 'content-type': 'application/json' };

/** The JSON of an answer that must have this status; throws with status and problem code otherwise. */
export function bodyOf<T>(answer: Answer, status: number): T {
  const text = answer.body.toString('utf8');
  if (answer.status !== status)
    throw new Error(`answered ${answer.status} instead of ${status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}
