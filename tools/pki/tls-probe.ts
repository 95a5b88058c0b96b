import { readFileSync } from 'node:fs';
import { connect, type ConnectionOptions } from 'node:tls';
import type { IssuedFiles } from './demo-pki.js';

const PROBE_TIMEOUT_MS = 5_000;
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** What a bare TLS client saw of a server: enough to say that not one byte of an answer arrived. */
export interface Probe {
  /** Everything that arrived, decrypted. */
  readonly received: string;
  readonly protocol: string | null;
  readonly cipher: string | undefined;
  readonly resumed: boolean;
  /** SHA-256 of the certificate that the server showed, lower-case hex; of a resumed session, the one from before. */
  readonly serverThumbprint: string | undefined;
  /** For a later probe that resumes; the newest one received. */
  readonly session: Buffer | undefined;
  readonly error: string | undefined;
}

/** Client options for a demo certificate; without one, the client has none to show. */
export function clientOf(caFile: string, own?: IssuedFiles): ConnectionOptions {
  const identity = own === undefined ? {} : { cert: readFileSync(own.certFile), key: readFileSync(own.keyFile) };
  return { host: '127.0.0.1', servername: 'localhost', ca: readFileSync(caFile), ...identity };
}

/** Sends one GET on a connection of its own and waits for the end, at most five seconds. */
export async function probe(port: number, options: ConnectionOptions): Promise<Probe> {
  return await new Promise((resolve) => {
    const state: { received: string; session?: Buffer; error?: string } = { received: '' };
    let facts: Pick<Probe, 'protocol' | 'cipher' | 'resumed' | 'serverThumbprint'> = {
      protocol: null,
      cipher: undefined,
      resumed: false,
      serverThumbprint: undefined,
    };
    const socket = connect({ ...options, port }, () => {
      facts = {
        protocol: socket.getProtocol(),
        cipher: socket.getCipher().name,
        resumed: socket.isSessionReused(),
        serverThumbprint: socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase(),
      };
      socket.write(REQUEST);
    });
    socket.setTimeout(PROBE_TIMEOUT_MS, () => socket.destroy(new Error('probe timed out')));
    socket.on('session', (session: Buffer) => (state.session = session));
    socket.on('data', (chunk: Buffer) => (state.received += chunk.toString('latin1')));
    socket.on('error', (error: NodeJS.ErrnoException) => (state.error = error.code ?? error.message));
    socket.on('close', () =>
      resolve({ ...facts, received: state.received, session: state.session, error: state.error }),
    );
  });
}
