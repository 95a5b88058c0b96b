import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { serverTlsOptions } from '#identity/tls-options.js';
import { readTrustAnchors } from '#identity/trust-anchors.js';
import { GatewayError } from '../../apps/gateway/src/errors.js';
import { type HandshakeRefusal, HandshakeRefusals } from '../../apps/gateway/src/peers/handshake-refusals.js';
import { attachPeerGate, type PeerGateParts } from '../../apps/gateway/src/peers/peer-gate.js';
import { PeerRegister, type RegisteredPeer } from '../../apps/gateway/src/peers/peer-register.js';
import { ListenerTls } from '../../apps/gateway/src/peers/listener-tls.js';
import { Revocation, type RevocationAlarm } from '../../apps/gateway/src/peers/revocation.js';
import { OwnTicketKeys } from '../../apps/gateway/src/peers/ticket-keys.js';
import type { DemoPki } from './demo-pki.js';

/** For tests: a real HTTPS server behind the gate, which answers the caller's OIN or the code of its refusal. */
export interface TestGate {
  readonly port: number;
  readonly revocation: Revocation;
  readonly register: PeerRegister;
  readonly tls: ListenerTls;
  readonly ticketKeys: OwnTicketKeys;
  readonly alarms: readonly RevocationAlarm[];
  /** Bodies of the requests that reached HTTP, in order. */
  readonly answers: readonly string[];
  /** Whether each completed handshake resumed a session, in order, also of those that the gate cut off. */
  readonly resumed: readonly boolean[];
  /** What the server refused so far. */
  refusals(): HandshakeRefusal[];
  close(): Promise<void>;
}

export interface TestGateOptions {
  readonly stale?: 'refuse' | 'alarm';
  readonly now?: () => number;
  /** Replaces the revocation that the gate asks; the tracked one stays beside it. */
  readonly asked?: PeerGateParts['revocation'];
}

/** Opens a gate on a free port of the loopback. `peers` is read anew at each refresh of the register. */
export async function openTestGate(
  pki: DemoPki,
  peers: () => readonly RegisteredPeer[],
  options: TestGateOptions = {},
): Promise<TestGate> {
  const alarms: RevocationAlarm[] = [];
  const entries: HandshakeRefusal[] = [];
  const answers: string[] = [];
  const resumed: boolean[] = [];
  const clock = options.now === undefined ? {} : { now: options.now };
  const caFiles = [pki.caFile, pki.officerCaFile];
  const anchors = await readTrustAnchors(caFiles);
  const ticketKeys = new OwnTicketKeys();
  const revocation = await Revocation.open({
    crlFile: pki.crlFile,
    anchors,
    ticketKeys,
    stale: options.stale ?? 'refuse',
    onAlarm: (alarm) => alarms.push(alarm),
    ...clock,
  });
  const register = await PeerRegister.open({
    reader: { loadPeers: () => Promise.resolve(peers()), loadOfficers: () => Promise.resolve([]) },
    mode: 'demo',
    onRefreshFailure: () => undefined,
  });
  const refusals = new HandshakeRefusals({ sink: (done) => void entries.push(...done) });
  const server = createServer(await serverTlsOptions({ ...pki.files('gateway'), caFiles }));
  const tls = new ListenerTls(server, ticketKeys);
  const gate = attachPeerGate(server, {
    register,
    revocation: options.asked ?? revocation,
    refusals,
    officerAuthorities: () => anchors.slice(1).map((anchor) => anchor.certificate.subject),
    ...clock,
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => resumed.push(socket.isSessionReused()));
  server.on('request', (request, response) => {
    const answer = answerOf(() => gate.peerOf(request.socket).oin);
    answers.push(answer);
    response.end(answer);
  });
  const port = await listen(server);
  return {
    port,
    revocation,
    register,
    tls,
    ticketKeys,
    alarms,
    answers,
    resumed,
    refusals: () => {
      void refusals.close();
      return entries;
    },
    close: async () => {
      revocation.close();
      ticketKeys.close();
      register.close();
      await refusals.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerOf(identify: () => string): string {
  try {
    return identify();
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
