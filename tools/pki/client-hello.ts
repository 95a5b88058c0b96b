import { randomBytes } from 'node:crypto';

/** What a client offers. Numbers are those of the IANA registries; nothing here depends on what OpenSSL can do itself. */
export interface Offer {
  /** Newest first: 0x0304 is TLS 1.3, 0x0300 is SSL 3. */
  readonly versions: readonly number[];
  readonly suites: readonly number[];
  readonly groups?: readonly number[];
  readonly signatures?: readonly number[];
  /** Default: none. 1 is DEFLATE. */
  readonly compressions?: readonly number[];
}

const TLS_1_2 = 0x0303;
const TLS_1_3 = 0x0304;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const MAX_RECORD_BYTES = 16_384;

/** Of all clients in use: X25519, P-256, P-384, P-521. */
export const COMMON_GROUPS = [0x001d, 0x0017, 0x0018, 0x0019];
/** ECDSA and RSA (PKCS#1 and PSS), each with SHA-256, SHA-384 and SHA-512. */
export const COMMON_SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601];

/**
 * The records of a ClientHello (RFC 8446, 4.1.2). It brings no key share, so that a server with TLS 1.3 names the group
 * it wants in a HelloRetryRequest, and both sides need no more than this to say what they would agree on.
 */
export function clientHello(offer: Offer): Buffer {
  const { versions, suites, compressions = [] } = offer;
  const newest = Math.max(...versions);
  const legacy = Math.min(newest, TLS_1_2);
  const body = Buffer.concat([
    uint16(legacy),
    randomBytes(32),
    // A session id, as clients send it that must pass middle boxes.
    vector(1, randomBytes(32)),
    vector(2, Buffer.concat(suites.map(uint16))),
    vector(1, Buffer.from([...compressions, 0])),
    vector(2, Buffer.concat(extensions(offer, newest))),
  ]);
  const message = Buffer.concat([Buffer.from([CLIENT_HELLO, body.length >> 16]), uint16(body.length & 0xffff), body]);
  const records: Buffer[] = [];
  for (let start = 0; start < message.length; start += MAX_RECORD_BYTES) {
    const part = message.subarray(start, start + MAX_RECORD_BYTES);
    records.push(Buffer.concat([Buffer.from([HANDSHAKE]), uint16(Math.min(legacy, 0x0301)), vector(2, part)]));
  }
  return Buffer.concat(records);
}

function extensions({ versions, groups, signatures }: Offer, newest: number): Buffer[] {
  const host = Buffer.from('localhost');
  const list = (values: readonly number[]): Buffer => vector(2, Buffer.concat(values.map(uint16)));
  const some = [
    extension(0, vector(2, Buffer.concat([Buffer.from([0]), vector(2, host)]))),
    extension(10, list(groups ?? COMMON_GROUPS)),
    // Uncompressed points; extended master secret; secure renegotiation, of which this is the first time.
    extension(11, Buffer.from([1, 0])),
    extension(13, list(signatures ?? COMMON_SIGNATURES)),
    extension(23, Buffer.alloc(0)),
    extension(0xff01, Buffer.from([0])),
  ];
  if (newest < TLS_1_3) return some;
  const offered = vector(1, Buffer.concat(versions.map(uint16)));
  return [...some, extension(43, offered), extension(51, uint16(0))];
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([uint16(type), vector(2, content)]);
}

/** Content with its length in front, in so many bytes. */
function vector(lengthBytes: 1 | 2, content: Buffer): Buffer {
  return Buffer.concat([lengthBytes === 1 ? Buffer.from([content.length]) : uint16(content.length), content]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
