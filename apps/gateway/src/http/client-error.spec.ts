import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { answerClientError, clientError } from './client-error.js';

function answerTo(code: string, times = 1): { text: string; destroyed: boolean } {
  const socket = new PassThrough();
  for (let time = 0; time < times; time += 1) answerClientError(Object.assign(new Error(), { code }), socket);
  return { text: String(socket.read() ?? ''), destroyed: socket.destroyed };
}

describe('what the HTTP parser would not read', () => {
  it.each([
    ['HPE_HEADER_OVERFLOW', 'HEADERS_TOO_LARGE'],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'BODY_TOO_LARGE'],
    ['ERR_HTTP_REQUEST_TIMEOUT', 'REQUEST_TIMEOUT'],
    ['HPE_INVALID_METHOD', 'INVALID_PARAMETER'],
  ])('%s is %s', (code, expected) => {
    expect(clientError(code)?.code).toBe(expected);
  });

  it('ends the connection of who sends too far ahead without a word, which would answer another request', () => {
    expect(answerTo('HPE_PAUSED')).toEqual({ text: '', destroyed: true });
  });

  it('is answered with a problem document and the headers of every answer', () => {
    const { text } = answerTo('HPE_HEADER_OVERFLOW');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    expect(head).toMatch(/\r\napi-version: 1\.0\.0\r\n/);
    expect(head).toMatch(/\r\nx-content-type-options: nosniff\r\n/);
    expect(head).toMatch(/\r\nconnection: close$/);
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
    expect(JSON.parse(body)).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' });
  });

  it('is answered once, however much follows', () => {
    expect(answerTo('HPE_INVALID_METHOD', 3).text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('gets no byte when the connection broke or never was secure', () => {
    for (const code of ['ECONNRESET', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_HANDSHAKE_TIMEOUT'])
      expect(answerTo(code)).toEqual({ text: '', destroyed: true });
  });
});
