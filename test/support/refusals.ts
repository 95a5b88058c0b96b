import { CLOUD_EVENT, head, type Answer, type RawCaller } from './api-answers.js';

type Refusal = readonly [name: string, status: number, code: string, ask: (raw: RawCaller) => Promise<Answer>];

/** Ways to be refused without anything having been posted before, by what is asked. */
// prettier-ignore
export const REFUSALS: readonly Refusal[] = [
  ['an unknown address', 404, 'ROUTE_NOT_FOUND', (raw) => raw.get('/v1/nothing')],
  ['an unknown address with a body', 404, 'ROUTE_NOT_FOUND', (raw) => raw.post('/v1/nothing', 'text/plain', 'x')],
  ['a trailing slash', 404, 'ROUTE_NOT_FOUND', (raw) => raw.get('/v1/inbox/')],
  ['a trailing slash where an id could stand', 404, 'ROUTE_NOT_FOUND', (raw) => raw.get('/v1/messages/')],
  ['a double slash', 404, 'ROUTE_NOT_FOUND', (raw) => raw.get('/v1//inbox')],
  ['a double slash at the start', 404, 'ROUTE_NOT_FOUND', (raw) => raw.get('//v1/inbox')],
  ['another case of letters', 404, 'ROUTE_NOT_FOUND', (raw) => raw.get('/V1/inbox')],
  ['an encoded slash', 404, 'CASE_NOT_AVAILABLE', (raw) => raw.get('/v1/messages/..%2Finbox')],
  ['OPTIONS *', 404, 'ROUTE_NOT_FOUND', (raw) => raw.send(head('OPTIONS', '*'))],
  ['an unknown contract', 404, 'ROUTE_NOT_FOUND', (raw) => raw.get('/v1/contracts/nothing/versions/1')],
  ['an unknown case', 404, 'CASE_NOT_AVAILABLE', (raw) => raw.get('/v1/cases/4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20')],
  ['an id far too long', 404, 'CASE_NOT_AVAILABLE', (raw) => raw.get(`/v1/messages/${'a'.repeat(5_000)}`)],
  ['an id with a null byte', 404, 'CASE_NOT_AVAILABLE', (raw) => raw.get('/v1/messages/%00')],
  ['an address that cannot be decoded', 400, 'INVALID_PARAMETER', (raw) => raw.get('/v1/messages/%zz/content')],
  ['an overlong encoding', 400, 'INVALID_PARAMETER', (raw) => raw.get('/v1/messages/%c0%ae/content')],
  ['an unknown query parameter', 400, 'INVALID_PARAMETER', (raw) => raw.get('/v1/inbox?sort=up')],
  ['a repeated query parameter', 400, 'INVALID_PARAMETER', (raw) => raw.get('/v1/inbox?after=1&after=2')],
  ['no host', 400, 'INVALID_PARAMETER', (raw) => raw.send('GET /v1/inbox HTTP/1.1\r\n\r\n')],
  ['no HTTP at all', 400, 'INVALID_PARAMETER', (raw) => raw.send('goedemorgen\r\n\r\n')],
  ['two lengths', 400, 'INVALID_PARAMETER', (raw) => raw.send(head('POST', '/v1/messages', 'Content-Length: 5', 'Transfer-Encoding: chunked'))],
  ['an unknown expectation', 400, 'INVALID_PARAMETER', (raw) => raw.get('/v1/inbox', 'Expect: miracles')],
  ['headers without end', 431, 'HEADERS_TOO_LARGE', (raw) => raw.get('/v1/inbox', `X-Long: ${'a'.repeat(20_000)}`)],
  ['a flood of headers', 431, 'HEADERS_TOO_LARGE', (raw) => raw.get('/v1/inbox', ...Array<string>(1_000).fill(`X-Long: ${'a'.repeat(1_000)}`))],
  ['an answer in XML', 406, 'NOT_ACCEPTABLE', (raw) => raw.get('/v1/inbox', 'Accept: application/xml')],
  ['no content type', 415, 'UNSUPPORTED_MEDIA_TYPE', (raw) => raw.post('/v1/messages', null, '{}')],
  ['another content type', 415, 'UNSUPPORTED_MEDIA_TYPE', (raw) => raw.post('/v1/messages', 'text/xml', '<x/>')],
  ['a compressed body', 415, 'UNSUPPORTED_MEDIA_TYPE', (raw) => raw.send(head('POST', '/v1/messages', `Content-Type: ${CLOUD_EVENT}`, 'Content-Encoding: gzip', 'Content-Length: 2') + '{}')],
  ['plain JSON as a message', 415, 'UNSUPPORTED_MEDIA_TYPE', (raw) => raw.post('/v1/messages', 'application/json', '{}')],
  ['a message as a search', 415, 'UNSUPPORTED_MEDIA_TYPE', (raw) => raw.post('/v1/cases/_search', CLOUD_EVENT, '{}')],
  ['half a document', 400, 'MALFORMED_JSON', (raw) => raw.post('/v1/messages', CLOUD_EVENT, '{"id":')],
  ['nothing', 400, 'MALFORMED_JSON', (raw) => raw.post('/v1/messages', CLOUD_EVENT, '')],
  ['a prototype', 400, 'MALFORMED_JSON', (raw) => raw.post('/v1/messages', CLOUD_EVENT, '{"__proto__":{}}')],
  ['a key twice', 400, 'DUPLICATE_KEY', (raw) => raw.post('/v1/messages', CLOUD_EVENT, '{"id":"a","\\u0069d":"b"}')],
  ['nesting without end', 400, 'NESTING_TOO_DEEP', (raw) => raw.post('/v1/messages', CLOUD_EVENT, '['.repeat(100_000))],
  ['deep nesting in a search', 400, 'NESTING_TOO_DEEP', (raw) => raw.post('/v1/cases/_search', 'application/json', '['.repeat(40))],
  ['a body too large', 413, 'BODY_TOO_LARGE', (raw) => raw.post('/v1/messages', CLOUD_EVENT, ' '.repeat(2 * 1024 * 1024))],
];
