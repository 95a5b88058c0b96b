import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { GatewayError } from '../errors.js';
import { problems } from '../metrics/gateway-metrics.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from './problem.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Answers where no framework runs: on a plain response of Node. */
export function writeProblem(response: ServerResponse, error: GatewayError): void {
  const { status, headers, body } = answerOf(error);
  response.writeHead(status, headers).end(body);
}

/** The same answer as bytes, for a request that was not even HTTP; the connection ends with it. */
export function rawProblem(error: GatewayError): string {
  const { status, headers, body } = answerOf(error);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
}

function answerOf(error: GatewayError): { status: number; headers: Record<string, string>; body: string } {
  const problem = problemOf(error);
  problems.add({ code: error.code });
  const body = JSON.stringify(problem);
  const headers = {
    ...SECURITY_HEADERS,
    ...error.extra.headers,
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': String(Buffer.byteLength(body)),
  };
  return { status: problem.status, headers, body };
}
