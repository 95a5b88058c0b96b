import type { IncomingMessage } from 'node:http';
import { PROMETHEUS_MEDIA_TYPE } from '#telemetry/prometheus-text.js';
import type { AdapterConfig } from '../config/config.js';
import type { GatewayAnswer, GatewayClient } from '../gateway/gateway-client.js';
import { GatewayUnreachable } from '../gateway/gateway-errors.js';
import { recordOfAnswer, recordOfReceipt, type AccessRecordRef } from '../witness/claims.js';
import type { WatchedLog } from '../witness/watched-log.js';
import { adapterFigures, type AdapterStatus } from './adapter-figures.js';
import { buildEvent, type ContractBook } from './build-event.js';
import { LocalProblem } from './local-problem.js';
import { parseBody, readBody } from './read-body.js';
import { submitMessage } from './submit-message.js';

const UUID = '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})';

export interface LocalParts {
  readonly config: AdapterConfig;
  readonly gateway: Pick<GatewayClient, 'submit' | 'passThrough'>;
  readonly contracts: ContractBook;
  readonly watched: Pick<WatchedLog, 'demand' | 'listAlarms' | 'acknowledge'> | null;
  readonly status: () => AdapterStatus;
  /** Aborted when the adapter stops: waiting submissions are answered at once. */
  readonly signal: AbortSignal;
}

export interface LocalAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

interface LocalRoute {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** Reaches the gateway, so a person must be answerable for it. */
  readonly needsUser: boolean;
  readonly answer: (request: IncomingMessage, parts: LocalParts, userReference: string) => Promise<LocalAnswer>;
}

/** The whole local interface. Ids in paths are UUIDs only: nothing that names a person fits in an address. */
export const LOCAL_ROUTES: readonly LocalRoute[] = [
  { method: 'POST', path: /^\/messages$/, needsUser: true, answer: submit },
  { method: 'GET', path: new RegExp(`^/messages/${UUID}$`), needsUser: true, answer: passThrough },
  { method: 'POST', path: /^\/cases\/_search$/, needsUser: true, answer: passThrough },
  { method: 'GET', path: new RegExp(`^/cases/${UUID}(/dossier|/timeline)?$`), needsUser: true, answer: passThrough },
  { method: 'GET', path: /^\/status$/, needsUser: false, answer: status },
  { method: 'GET', path: /^\/metrics$/, needsUser: false, answer: figures },
  { method: 'GET', path: /^\/health$/, needsUser: false, answer: health },
  { method: 'GET', path: /^\/log-alarms$/, needsUser: false, answer: logAlarms },
  { method: 'POST', path: /^\/log-alarms\/_acknowledge$/, needsUser: true, answer: acknowledge },
];

async function submit(request: IncomingMessage, parts: LocalParts, userReference: string): Promise<LocalAnswer> {
  const { config, gateway, contracts, signal } = parts;
  const event = buildEvent(parseBody(await readBody(request)), config, contracts, single(request, 'traceparent'));
  const answer = await submitMessage(gateway, event, userReference, signal);
  if (answer.status !== 202) return asIs(answer);
  const accepted = JSON.parse(answer.body.toString('utf8')) as {
    readonly receipt?: unknown;
    readonly messageId?: string;
  };
  demand(parts, recordOfReceipt(accepted.receipt), accepted.messageId);
  return { status: 202, body: JSON.stringify({ id: event.id, ...accepted }) };
}

async function passThrough(request: IncomingMessage, parts: LocalParts, userReference: string): Promise<LocalAnswer> {
  const method = request.method === 'POST' ? 'POST' : 'GET';
  const headers: Record<string, string> = { 'user-reference': userReference };
  for (const name of ['purpose-of-use', 'traceparent'] as const) {
    const value = single(request, name);
    if (value !== undefined) headers[name] = value;
  }
  const body = method === 'POST' ? { body: await readBody(request), contentType: 'application/json' } : {};
  try {
    const answer = await parts.gateway.passThrough({ method, path: `/v1${request.url ?? ''}`, headers, ...body });
    if (answer.status === 200) demand(parts, recordOfAnswer(answer.body));
    return asIs(answer);
  } catch (error) {
    if (!(error instanceof GatewayUnreachable)) throw error;
    throw new LocalProblem('GATEWAY_UNREACHABLE', 'no answer from the gateway', { headers: { 'retry-after': '5' } });
  }
}

function status(_request: IncomingMessage, parts: LocalParts): Promise<LocalAnswer> {
  return Promise.resolve({ status: 200, body: JSON.stringify(parts.status()) });
}

function figures(_request: IncomingMessage, parts: LocalParts): Promise<LocalAnswer> {
  const headers = { 'content-type': PROMETHEUS_MEDIA_TYPE };
  return Promise.resolve({ status: 200, headers, body: adapterFigures(parts.status()) });
}

/** 503 while messages do not come through; nothing is lost meanwhile. */
function health(_request: IncomingMessage, parts: LocalParts): Promise<LocalAnswer> {
  const { transport, gatewayReachable, systemAvailable } = parts.status();
  const well = transport.connected && gatewayReachable && systemAvailable;
  const body = JSON.stringify({ status: well ? 'well' : 'waiting', gatewayReachable, systemAvailable });
  return Promise.resolve({ status: well ? 200 : 503, body });
}

function logAlarms(_request: IncomingMessage, { watched }: LocalParts): Promise<LocalAnswer> {
  return Promise.resolve({ status: 200, body: JSON.stringify({ alarms: watched?.listAlarms() ?? [] }) });
}

/** A person has looked at an alarm. What is still wrong raises it again. */
async function acknowledge(
  request: IncomingMessage,
  { watched }: LocalParts,
  userReference: string,
): Promise<LocalAnswer> {
  const { id } = (parseBody(await readBody(request)) ?? {}) as { readonly id?: unknown };
  if (typeof id !== 'string') throw new LocalProblem('INVALID_PARAMETER', 'id of an alarm is missing');
  if (!(await watched?.acknowledge(id, userReference))) throw new LocalProblem('ALARM_UNKNOWN', 'no such alarm stands');
  return { status: 200, body: JSON.stringify({ alarms: watched?.listAlarms() ?? [] }) };
}

function demand({ watched }: LocalParts, record: AccessRecordRef | null, messageId?: string): void {
  if (record) watched?.demand(record, messageId);
}

function asIs({ status: code, headers, body }: GatewayAnswer): LocalAnswer {
  const kept = ['content-type', 'access-record', 'retry-after'].filter((name) => headers[name] !== undefined);
  return { status: code, headers: Object.fromEntries(kept.map((name) => [name, headers[name] ?? ''])), body };
}

function single(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
