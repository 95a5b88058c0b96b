import { expect } from '@jest/globals';
import type { Response } from 'supertest';
import { rawRequest, type RawAnswer } from './raw-http.js';
import type { World } from './world.js';

export type Answer = Pick<RawAnswer, 'status' | 'headers' | 'body'>;

export const CLOUD_EVENT = 'application/cloudevents+json';

/** The head of a request as bytes on the wire; with a host and nothing else but what is given. */
export function head(method: string, target: string, ...headers: readonly string[]): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n');
}

/** Requests as bytes, over mutual TLS, as the municipality of Groningen. */
export class RawCaller {
  constructor(private readonly world: () => World) {}

  send(bytes: string | readonly Buffer[]): Promise<RawAnswer> {
    const world = this.world();
    return rawRequest(world.gateways[0]?.url ?? '', world.tlsOf('gro'), bytes);
  }

  get(target: string, ...headers: readonly string[]): Promise<RawAnswer> {
    return this.send(head('GET', target, ...headers));
  }

  post(target: string, type: string | null, body: string): Promise<RawAnswer> {
    const headers = [...(type === null ? [] : [`Content-Type: ${type}`]), `Content-Length: ${Buffer.byteLength(body)}`];
    return this.send(head('POST', target, ...headers) + body);
  }
}

export function answerOf(response: Response): Answer {
  return { status: response.status, headers: response.headers, body: response.text };
}

/** C18: a problem document with this code, and nothing of the inside of the gateway in it. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  const problem = JSON.parse(answer.body) as Record<string, unknown>;
  expect([answer.status, problem.code]).toEqual([status, code]);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json(;|$)/);
  expect(problem).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  expect(String(problem.nextStep)).not.toBe('');
  expect(answer.body).not.toMatch(/node_modules|\.js:|\bat [A-Za-z.]+ \(|Error:|FST_/);
}

/** C17, C21: the version and the security headers, on whatever answer. */
export function expectOwnHeaders({ headers }: Answer): void {
  expect(headers).toMatchObject({
    'api-version': '1.0.0',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'strict-transport-security': expect.stringMatching(/max-age=\d{8}/),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['server']));
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-powered-by']));
}
