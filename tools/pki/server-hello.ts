import { connect } from 'node:net';
import { clientHello, type Offer } from './client-hello.js';

/** What a server said to a ClientHello, as far as it says it in the clear. */
export interface Refused {
  readonly refused: true;
  /** Description of the alert (RFC 8446, 6); null when it closed without one. */
  readonly alert: number | null;
}

export interface Agreed {
  readonly refused: false;
  readonly version: number;
  readonly suite: number;
  readonly compression: number;
  /** Types of the extensions in the ServerHello. */
  readonly extensions: readonly number[];
  /** Of the key exchange; null when it has none, as with static RSA. */
  readonly group: number | null;
  /** With which the server signed its key share; null in TLS 1.3, where nobody can see it. */
  readonly signature: number | null;
  /** Which the server takes from clients; null in TLS 1.3. */
  readonly clientSignatures: readonly number[] | null;
}

export type ServerHello = Refused | Agreed;

const TIMEOUT_MS = 15_000;
const ALERT = 21;
const HANDSHAKE = 22;
const [SERVER_HELLO, SERVER_KEY_EXCHANGE, CERTIFICATE_REQUEST, HELLO_DONE] = [2, 12, 13, 14];
const [SUPPORTED_VERSIONS, KEY_SHARE] = [43, 51];
const NAMED_CURVE = 3;

/** Offers this to a server on the loopback and reads what it answers; nothing is agreed on in the end. */
export async function offer(port: number, offered: Offer): Promise<ServerHello> {
  return await new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect(port, '127.0.0.1', () => socket.write(clientHello(offered)));
    const end = (answer: ServerHello): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer to the ClientHello')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = read(received);
      if (answer) end(answer);
    });
    socket.on('end', () => end({ refused: true, alert: null }));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? end({ refused: true, alert: null }) : reject(error),
    );
  });
}

/** The answer once enough of it is there, else undefined. */
function read(bytes: Buffer): ServerHello | undefined {
  const messages: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length;) {
    const content = bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3));
    if (content.length < bytes.readUInt16BE(at + 3)) break;
    if (bytes[at] === ALERT) return { refused: true, alert: content[1] ?? null };
    if (bytes[at] === HANDSHAKE) messages.push(content);
    at += 5 + content.length;
  }
  const handshake = new Map(handshakeMessages(Buffer.concat(messages)));
  const hello = handshake.get(SERVER_HELLO);
  if (!hello) return undefined;
  const agreed = readHello(hello);
  // What TLS 1.3 says after its hello is encrypted.
  if (agreed.version > 0x0303) return agreed;
  if (!handshake.has(HELLO_DONE)) return undefined;
  return {
    ...agreed,
    ...keyExchange(handshake.get(SERVER_KEY_EXCHANGE)),
    ...request(handshake.get(CERTIFICATE_REQUEST)),
  };
}

function* handshakeMessages(bytes: Buffer): Generator<[type: number, body: Buffer]> {
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUIntBE(at + 1, 3);
    if (end > bytes.length) return;
    yield [bytes[at] ?? 0, bytes.subarray(at + 4, end)];
    at = end;
  }
}

function readHello(body: Buffer): Agreed {
  const at = 35 + (body[34] ?? 0);
  const extensions = new Map(extensionsOf(body.subarray(at + 5)));
  const share = extensions.get(KEY_SHARE);
  return {
    refused: false,
    version: extensions.get(SUPPORTED_VERSIONS)?.readUInt16BE(0) ?? body.readUInt16BE(0),
    suite: body.readUInt16BE(at),
    compression: body[at + 2] ?? 0,
    extensions: [...extensions.keys()],
    group: share ? share.readUInt16BE(0) : null,
    signature: null,
    clientSignatures: null,
  };
}

function* extensionsOf(bytes: Buffer): Generator<[type: number, content: Buffer]> {
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    yield [bytes.readUInt16BE(at), bytes.subarray(at + 4, end)];
    at = end;
  }
}

/** Of an elliptic curve; a finite-field one has its own form and no group number in it. */
function keyExchange(body: Buffer | undefined): Pick<Agreed, 'group' | 'signature'> {
  if (!body || body[0] !== NAMED_CURVE) return { group: null, signature: null };
  return { group: body.readUInt16BE(1), signature: body.readUInt16BE(4 + (body[3] ?? 0)) };
}

function request(body: Buffer | undefined): Pick<Agreed, 'clientSignatures'> {
  if (!body) return { clientSignatures: null };
  const at = 1 + (body[0] ?? 0);
  const count = body.readUInt16BE(at) / 2;
  return { clientSignatures: Array.from({ length: count }, (_, index) => body.readUInt16BE(at + 2 + index * 2)) };
}
