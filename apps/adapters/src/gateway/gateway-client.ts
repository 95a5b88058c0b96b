import type { ConnectionOptions } from 'node:tls';
import type { InboxPage } from '#messaging/event.js';
import type { InboxClient } from '#messaging/inbox-port.js';
import { Pool, type buildConnector, type Dispatcher } from 'undici';
import type { AcknowledgementSink, ContentSource } from '../delivery/gateway-port.js';
import { errorCode } from '../error-code.js';
import type { CosignatureSink } from '../witness/cosignature-sender.js';
import type { ProofSource } from '../witness/proof-demands.js';
import type { Acknowledgement, AcknowledgementResult, Content } from './content.js';
import { GatewayProblem, GatewayUnreachable, type ProblemDocument } from './gateway-errors.js';

const CONNECTIONS = 32;
const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 30_000;
/** Content is at most 256 kB; a dossier or a full inbox page may be larger. */
const ANSWER_LIMIT_BYTES = 4 * 1024 * 1024;
/** A read may be repeated when a kept-alive connection turns out to be closed under it. */
const READ_TRIES = 2;

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly contentType?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The agency interface of the gateway (design 5) over mutual TLS, for one agency. */
export class GatewayClient implements InboxClient, ContentSource, AcknowledgementSink, CosignatureSink, ProofSource {
  private readonly origin: string;
  private pool: Pool;
  private lastAnswerAt = 0;
  private lastFailureAt = 0;

  /** @param tls from `clientTlsOptions` of the identity room */
  constructor(baseUrl: string, tls: ConnectionOptions) {
    this.origin = new URL(baseUrl).origin;
    this.pool = openPool(this.origin, tls);
  }

  /** From now on with this certificate. What is under way is finished on the connections that it began on. */
  useTls(tls: ConnectionOptions): void {
    const before = this.pool;
    this.pool = openPool(this.origin, tls);
    before.close().catch(() => undefined);
  }

  get reachable(): boolean {
    return this.lastAnswerAt > 0 && this.lastAnswerAt >= this.lastFailureAt;
  }

  /** @throws GatewayProblem, GatewayUnreachable (as every call here). */
  async page(after: number, limit: number, waitSeconds: number, state?: 'outstanding'): Promise<InboxPage> {
    const query = new URLSearchParams({ after: String(after), limit: String(limit), ...(state ? { state } : {}) });
    if (waitSeconds > 0) query.set('waitSeconds', String(waitSeconds));
    const timeoutMs = ANSWER_TIMEOUT_MS + waitSeconds * 1000;
    return this.json<InboxPage>({ method: 'GET', path: `/v1/inbox?${query.toString()}`, timeoutMs });
  }

  async content(messageId: string, purpose: string, traceparent?: string, signal?: AbortSignal): Promise<Content> {
    const headers = { 'purpose-of-use': purpose, ...(traceparent ? { traceparent } : {}) };
    return this.json<Content>({ method: 'GET', path: `/v1/messages/${messageId}/content`, headers, signal });
  }

  /** At most 100 in one call; the gateway answers for each by itself. */
  async acknowledge(acknowledgements: readonly Acknowledgement[]): Promise<readonly AcknowledgementResult[]> {
    const answer = await this.json<{ results: readonly AcknowledgementResult[] }>({
      method: 'POST',
      path: '/v1/acknowledgements',
      contentType: 'application/json',
      body: JSON.stringify({ acknowledgements }),
    });
    return answer.results;
  }

  /** The answer as it came: whoever asked judges it. */
  async inclusionProof(recordId: string): Promise<unknown> {
    return this.json({ method: 'GET', path: `/v1/access-log-entries/${recordId}/inclusion-proof` });
  }

  /** Posts a checkpoint with our cosignature. */
  async cosignature(note: string): Promise<void> {
    const answer = await this.exchange({
      method: 'POST',
      path: '/v1/log/cosignatures',
      contentType: 'text/plain; charset=utf-8',
      body: note,
    });
    if (answer.status !== 204) throw problemOf(answer);
  }

  /** Submits a CloudEvent once. The caller repeats it with the same id: (source, id) makes that one effect. */
  async submit(event: string, userReference: string): Promise<GatewayAnswer> {
    return this.exchange({
      method: 'POST',
      path: '/v1/messages',
      contentType: 'application/cloudevents+json',
      headers: { 'user-reference': userReference },
      body: event,
    });
  }

  /** Passes a consultation on and hands back the gateway's answer as it is, refusals included. */
  async passThrough(
    request: Pick<Request, 'method' | 'path' | 'headers' | 'body' | 'contentType'>,
  ): Promise<GatewayAnswer> {
    return this.exchange(request);
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async json<T>(request: Request): Promise<T> {
    const answer = await this.exchange(request);
    if (answer.status !== 200) throw problemOf(answer);
    return parse(answer.body) as T;
  }

  private async exchange(request: Request): Promise<GatewayAnswer> {
    const tries = request.method === 'GET' ? READ_TRIES : 1;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.once(request);
        this.lastAnswerAt = Date.now();
        return answer;
      } catch (error) {
        if (request.signal?.aborted) throw error;
        if (attempt < tries && isClosedUnderUs(error)) continue;
        this.lastFailureAt = Date.now();
        throw error instanceof GatewayUnreachable ? error : new GatewayUnreachable(errorCode(error));
      }
    }
  }

  private async once({ method, path, headers, body, contentType, timeoutMs, signal }: Request): Promise<GatewayAnswer> {
    const answer = await this.pool.request({
      method,
      path,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(contentType ? { 'content-type': contentType } : {}),
        ...headers,
      },
      body: body ?? null,
      headersTimeout: timeoutMs ?? ANSWER_TIMEOUT_MS,
      signal: signal ?? null,
    });
    return { status: answer.statusCode, headers: plainHeaders(answer.headers), body: await readLimited(answer.body) };
  }
}

function openPool(origin: string, tls: ConnectionOptions): Pool {
  return new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    connect: { ...tls, timeout: CONNECT_TIMEOUT_MS } as buildConnector.BuildOptions,
  });
}

async function readLimited(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_LIMIT_BYTES) throw new GatewayUnreachable('ANSWER_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const pairs = Object.entries(headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const,
  );
  return Object.fromEntries(pairs);
}

/** The gateway's refusal as a typed error; an answer that is no problem document keeps only its status. */
export function problemOf(answer: GatewayAnswer): GatewayProblem {
  const document = /json/.test(answer.headers['content-type'] ?? '') ? tryParse(answer.body) : {};
  const problem: ProblemDocument = { ...document, status: answer.status };
  return new GatewayProblem(answer.status, problem.code ?? `HTTP_${answer.status}`, problem, retryAfterOf(answer));
}

/** Seconds of `Retry-After` in its numeric form, the only one the gateway sends. */
export function retryAfterOf(answer: GatewayAnswer): number | undefined {
  const seconds = Number(answer.headers['retry-after'] || Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new GatewayUnreachable('ANSWER_NOT_JSON');
  }
}

function tryParse(body: Buffer): Partial<ProblemDocument> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function isClosedUnderUs(error: unknown): boolean {
  return /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(errorCode(error));
}
