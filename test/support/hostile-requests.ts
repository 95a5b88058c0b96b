import { CLOUD_EVENT, head } from './api-answers.js';

const TYPE = `Content-Type: ${CLOUD_EVENT}`;
const AFTER = head('GET', '/v1/contracts');
const post = (...headers: readonly string[]): string => head('POST', '/v1/messages', TYPE, ...headers);
const CHUNKED = 'Transfer-Encoding: chunked';

/**
 * Requests that two readers of the same bytes could cut at different places, with a request behind them. The gateway
 * must refuse the first and never answer the second.
 */
// prettier-ignore
export const AMBIGUOUS: readonly (readonly [name: string, bytes: string])[] = [
  ['length and chunks', `${post('Content-Length: 5', CHUNKED)}0\r\n\r\n${AFTER}`],
  ['chunks and length', `${post(CHUNKED, 'Content-Length: 5')}0\r\n\r\n${AFTER}`],
  ['two transfer codings', `${post(CHUNKED, CHUNKED)}0\r\n\r\n${AFTER}`],
  ['a transfer coding after chunked', `${post('Transfer-Encoding: chunked, identity')}0\r\n\r\n${AFTER}`],
  ['xchunked', `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${AFTER}`],
  ['a space before the colon', `${post('Transfer-Encoding : chunked')}0\r\n\r\n${AFTER}`],
  ['a folded header', head('GET', '/v1/contracts', 'X-A: a\r\n b') + AFTER],
  ['lines that end in LF', `GET /v1/contracts HTTP/1.1\nHost: localhost\n\n${AFTER}`],
  ['one LF in a header', head('GET', '/v1/contracts', 'X-A: a\nX-B: b') + AFTER],
  ['one CR in a header', head('GET', '/v1/contracts', 'X-A: a\rX-B: b') + AFTER],
  ['two lengths', `${post('Content-Length: 2', 'Content-Length: 3')}{} ${AFTER}`],
  ['the same length twice', `${post('Content-Length: 2', 'Content-Length: 2')}{}${AFTER}`],
  ['a list of lengths', `${post('Content-Length: 2, 2')}{}${AFTER}`],
  ['a signed length', `${post('Content-Length: +2')}{}${AFTER}`],
  ['a negative length', `${post('Content-Length: -2')}{}${AFTER}`],
  ['a length in hex', `${post('Content-Length: 0x2')}{}${AFTER}`],
  ['a length beyond numbers', `${post('Content-Length: 99999999999999999999')}{}${AFTER}`],
  ['a chunk size with more behind it', `${post(CHUNKED)}2x\r\n{}\r\n0\r\n\r\n${AFTER}`],
  ['a chunk size beyond numbers', `${post(CHUNKED)}fffffffffffffffff\r\n{}\r\n0\r\n\r\n${AFTER}`],
  ['chunks that end in LF', `${post(CHUNKED)}2\n{}\n0\n\n${AFTER}`],
  ['a null byte in a header', head('GET', '/v1/contracts', 'User-Reference: a\0b') + AFTER],
  ['a bell in a header', head('GET', '/v1/contracts', 'traceparent: 00-\x07') + AFTER],
  ['a space in the name of a header', head('GET', '/v1/contracts', 'Purpose Of-Use: P01') + AFTER],
  ['an unknown method', head('FOO', '/v1/contracts') + AFTER],
  ['a method in small letters', head('get', '/v1/contracts') + AFTER],
  ['CONNECT', head('CONNECT', 'localhost:443') + AFTER],
  ['HTTP/9.9', `GET /v1/contracts HTTP/9.9\r\nHost: localhost\r\n\r\n${AFTER}`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
];

/** Requests that are whole, and refused or answered for what they are, each with one behind it that is answered too. */
// prettier-ignore
export const WHOLE: readonly (readonly [name: string, status: number, bytes: string])[] = [
  ['an unknown coding inside chunks', 400, `${post('Transfer-Encoding: gzip, chunked')}0\r\n\r\n`],
  ['identity inside chunks', 400, `${post('Transfer-Encoding: identity, chunked')}0\r\n\r\n`],
  ['an extension of a chunk', 400, `${post(CHUNKED)}2;a=b\r\n{}\r\n0\r\n\r\n`],
  ['a header behind the body', 400, `${post(CHUNKED)}2\r\n{}\r\n0\r\nPurpose-Of-Use: P01\r\n\r\n`],
  ['two hosts', 400, head('GET', '/v1/contracts', 'Host: elders.example')],
  ['a host that is a path', 400, 'GET /v1/contracts HTTP/1.1\r\nHost: a/../b\r\n\r\n'],
  ['two content types', 400, `${post('Content-Type: text/plain', 'Content-Length: 2')}{}`],
  ['101 headers', 431, head('GET', '/v1/contracts', ...Array<string>(101).fill('a:'))],
  ['300 headers', 431, head('GET', '/v1/contracts', ...Array<string>(300).fill('a:'))],
  ['another character set', 415, `${post(`${TYPE}; charset=utf-16`, 'Content-Length: 2').replace(`${TYPE}\r\n`, '')}{}`],
  ['a compressed body', 415, `${post('Content-Encoding: gzip', 'Content-Length: 2')}{}`],
  ['a second coding of the body', 400, `${post('Content-Encoding: identity', 'Content-Encoding: gzip', 'Content-Length: 2')}{}`],
  ['a name of a prototype as header', 200, head('GET', '/v1/contracts', '__proto__: a', 'constructor: b')],
  ['a part of the answer', 200, head('GET', '/v1/contracts', 'Range: bytes=0-10')],
  ['another method in a header', 405, head('GET', '/v1/messages', 'X-HTTP-Method-Override: POST')],
];

/** Spellings of addresses: only the one that stands in the document is an address. */
export const NO_ADDRESSES: readonly string[] = [
  '/v1/./contracts',
  '/v1/inbox/../contracts',
  '/v1/%2e%2e/v1/contracts',
  '/v1%2fcontracts',
  '/v1/%63ontracts',
  '/v1/contracts%00',
  '/v1/contracts;v=1',
  '/v1/contracts#x',
  '/v1\\contracts',
  '/V1/CONTRACTS',
  '//v1/contracts',
  '/v1/contracts/__proto__/versions/1',
  '/v1/contracts/stay-event/versions/1e0',
  '/v1/access-%6cog-entries/_search',
  '/v1/access-%67rants',
  '/v1/data-%73ubject-reports',
  'https://localhost/v1/contracts',
  'http://elders.example/v1/contracts',
  `/v1/${'a'.repeat(15_000)}`,
  '/'.repeat(8_000),
];

const EVENT = '{"specversion":"1.0","id":"x","data":{}}';

/** Bodies that are no message, by why. */
// prettier-ignore
export const NO_MESSAGES: readonly (readonly [name: string, code: string, body: Buffer])[] = [
  ['a byte order mark', 'MALFORMED_JSON', Buffer.from(`\ufeff${EVENT}`)],
  ['UTF-16', 'MALFORMED_JSON', Buffer.from(EVENT, 'utf16le')],
  ['bytes that are no UTF-8', 'MALFORMED_JSON', Buffer.from('{"id":"\xff\xfe"}', 'latin1')],
  ['an overlong encoding', 'MALFORMED_JSON', Buffer.from('{"id":"\xc0\xaf"}', 'latin1')],
  ['half a surrogate in bytes', 'MALFORMED_JSON', Buffer.from('{"id":"\xed\xa0\x80"}', 'latin1')],
  ['a raw control byte', 'MALFORMED_JSON', Buffer.from('{"id":"a\nb"}')],
  ['a prototype', 'MALFORMED_JSON', Buffer.from('{"__proto__":{"admin":true}}')],
  ['a prototype, spelt out', 'MALFORMED_JSON', Buffer.from('{"\\u005f_proto__":1}')],
  ['a constructor', 'MALFORMED_JSON', Buffer.from('{"data":{"constructor":{"prototype":{}}}}')],
  ['names of methods', 'SCHEMA_INVALID', Buffer.from('{"toString":1,"hasOwnProperty":2,"valueOf":3,"then":4}')],
  ['a key twice', 'DUPLICATE_KEY', Buffer.from('{"data":{"a":1,"\\u0061":2}}')],
  ['a name of a prototype as type', 'SCHEMA_INVALID', Buffer.from('{"type":"constructor","data":{}}')],
  ['nesting without end', 'NESTING_TOO_DEEP', Buffer.from('[{"a":'.repeat(40_000))],
  ['33 levels', 'NESTING_TOO_DEEP', Buffer.from('['.repeat(33) + ']'.repeat(33))],
  ['80,000 objects', 'SCHEMA_INVALID', Buffer.from(`[${'{},'.repeat(80_000)}{}]`)],
  ['20,000 keys', 'SCHEMA_INVALID', Buffer.from(`{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join()}}`)],
  ['200,000 backslashes', 'MALFORMED_JSON', Buffer.from(`{"a":"${'\\'.repeat(200_001)}"}`)],
  ['a number of 50,000 digits', 'SCHEMA_INVALID', Buffer.from(`{"data":{"a":${'9'.repeat(50_000)}}}`)],
  ['no number', 'MALFORMED_JSON', Buffer.from('NaN')],
  ['half a surrogate', 'SCHEMA_INVALID', Buffer.from(EVENT.replace('"x"', '"\\ud800"'))],
  ['a null character in an id', 'SCHEMA_INVALID', Buffer.from(EVENT.replace('"x"', '"a\\u0000b"'))],
  ['a null character in the content', 'SCHEMA_INVALID', Buffer.from(EVENT.replace('{}', '{"a":"\\u0000"}'))],
  ['a null character in a name', 'SCHEMA_INVALID', Buffer.from(EVENT.replace('{}', '{"a\\u0000":1}'))],
];
