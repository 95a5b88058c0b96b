import { connect, type ConnectionOptions } from 'node:tls';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ANSWER_LIMIT_MS = 20_000;

/**
 * Sends these very bytes over TLS and reads the first answer: for requests that no well-behaved client makes. Rejects
 * when the connection breaks before the answer is whole, as a client would see it.
 */
export function rawRequest(url: string, tls: ConnectionOptions, bytes: string | readonly Buffer[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ ...tls, host: hostname, port: Number(port), servername: hostname });
    const received: Buffer[] = [];
    const finish = (outcome: () => void): void => {
      socket.destroy();
      outcome();
    };
    const look = (ended: boolean): void => {
      const answer = parseAnswer(Buffer.concat(received).toString('utf8'), ended, String(bytes).startsWith('HEAD '));
      if (answer) finish(() => resolve(answer));
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => finish(() => reject(new Error('no answer'))));
    socket.on('secureConnect', () => {
      for (const chunk of typeof bytes === 'string' ? [Buffer.from(bytes, 'latin1')] : bytes) socket.write(chunk);
    });
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      look(false);
    });
    socket.on('end', () => look(true));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed without an answer')));
  });
}

function parseAnswer(text: string, ended: boolean, headOnly: boolean): RawAnswer | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  ) as Record<string, string>;
  const body = text.slice(headEnd + 4);
  const whole = ended || headOnly || Buffer.byteLength(body) >= Number(headers['content-length'] ?? Number.NaN);
  return whole ? { status: Number(statusLine.split(' ')[1]), headers, body } : null;
}
