import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { type Certificate, keyStrengthProblem, readCertificate, validityProblem } from '#identity/certificate.js';
import { GatewayError } from '../errors.js';
import { ConnectionBounds } from './connection-bounds.js';
import { certificateExpiry } from '../metrics/figures.js';
import type { HandshakeRefusalReason, HandshakeRefusals } from './handshake-refusals.js';
import type { Officer, Peer } from './peer.js';
import type { PeerRegister } from './peer-register.js';
import type { Revocation } from './revocation.js';

const MILLISECONDS = 1_000;

export interface PeerGateParts {
  readonly register: Pick<PeerRegister, 'byOin' | 'lookup' | 'officer'>;
  readonly revocation: Pick<Revocation, 'statusOf' | 'track'>;
  readonly refusals: Pick<HandshakeRefusals, 'attach' | 'record'>;
  /** Comparable subject names (`Certificate.subject`) of the authorities that certify persons, as they are now. */
  readonly officerAuthorities: () => readonly string[];
  /** Of connections; those of the class when absent. */
  readonly bounds?: ConnectionBounds;
  /** System clock, milliseconds since 1970. */
  readonly now?: () => number;
}

export interface PeerGate {
  /**
   * Who is calling on this connection, judged anew for each request.
   * @throws GatewayError `PEER_UNKNOWN`, `PEER_INACTIVE`, `CERTIFICATE_NOT_REGISTERED`, `CERTIFICATE_REVOKED`,
   * `CERTIFICATE_EXPIRED` (since the handshake), `REVOCATION_STATUS_UNKNOWN`, `PERSON_CERTIFICATE`, `RATE_LIMITED` (one
   * connection too many)
   */
  peerOf(socket: Socket): Peer;
  /**
   * Which officer is calling: a registered person of an active organisation, under an authority for persons.
   * @throws GatewayError as `peerOf` for the certificate itself; `SYSTEM_CERTIFICATE`, `OFFICER_UNKNOWN`
   */
  officerOf(socket: Socket): Officer;
  /** The certificate of this connection, for the record of a refusal. */
  certificateOf(socket: Socket): Certificate | undefined;
}

/**
 * Guards a server made with `serverTlsOptions`. What TLS lets through is judged before a byte of HTTP is read, on full
 * handshakes and resumed sessions alike: Node 20 restores the client's certificate from the session, but OpenSSL looks
 * at its dates only once, so both are asked again here.
 */
export function attachPeerGate(server: Server, parts: PeerGateParts): PeerGate {
  const now = parts.now ?? Date.now;
  const certificates = new WeakMap<Socket, Certificate>();
  const bounds = parts.bounds ?? new ConnectionBounds();
  parts.refusals.attach(server);
  bounds.attach(server);
  // First of all listeners: the HTTP parser, which listens to the same event, must never see a refused socket's bytes.
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const admitted = admit(socket, parts, now());
    if (typeof admitted === 'string') {
      parts.refusals.record(socket.remoteAddress ?? 'unknown', admitted);
      socket.destroy();
      return;
    }
    certificates.set(socket, admitted);
    bounds.enter(socket, admitted.thumbprint);
    // Of registered organisations only: a stranger's OIN is no label, and a person's certificate is nobody's figure.
    if (admitted.oin !== null && parts.register.byOin(admitted.oin))
      certificateExpiry.set(admitted.notAfter.getTime() / MILLISECONDS, { holder: admitted.oin });
    parts.revocation.track(socket, admitted);
  });
  const certificateIn = (socket: Socket): Certificate | undefined => {
    if (bounds.isExcess(socket)) throw tooManyConnections();
    return certificates.get(socket);
  };
  return {
    peerOf: (socket) => judge(certificateIn(socket), parts, now()),
    officerOf: (socket) => judgeOfficer(certificateIn(socket), parts, now()),
    certificateOf: (socket) => certificates.get(socket),
  };
}

function tooManyConnections(): GatewayError {
  return new GatewayError('RATE_LIMITED', 'this caller has too many connections', {
    headers: { 'retry-after': '1', connection: 'close' },
  });
}

/** The certificate of a connection that may go on, or why it may not. */
function admit(socket: TLSSocket, parts: PeerGateParts, nowMs: number): Certificate | HandshakeRefusalReason {
  // Absent also on a session whose ticket did not carry it: without certificate no identity.
  const presented = socket.getPeerX509Certificate();
  if (presented === undefined) return 'NO_CERTIFICATE';
  const certificate = readOrNull(presented.raw);
  if (certificate === null) return 'OTHER';
  if (parts.revocation.statusOf(certificate) === 'revoked') return 'REVOKED_CERTIFICATE';
  if (validityProblem(certificate, nowMs) !== null) return 'EXPIRED_CERTIFICATE';
  return keyStrengthProblem(certificate) === null ? certificate : 'WEAK_KEY';
}

/** OpenSSL reads some certificates that our parser does not; an exception here would end the process. */
function readOrNull(der: Buffer): Certificate | null {
  try {
    return readCertificate(der);
  } catch {
    return null;
  }
}

/** What is asked of every certificate on each request, whoever it names. */
function valid(certificate: Certificate | undefined, parts: PeerGateParts, nowMs: number): Certificate {
  if (certificate === undefined) {
    throw new GatewayError('PEER_UNKNOWN', 'the connection has no client certificate');
  }
  const status = parts.revocation.statusOf(certificate);
  if (status === 'revoked') throw new GatewayError('CERTIFICATE_REVOKED', 'the client certificate is revoked');
  if (validityProblem(certificate, nowMs) !== null) {
    throw new GatewayError('CERTIFICATE_EXPIRED', 'the client certificate expired while the connection was open');
  }
  if (status === 'unknown') {
    throw new GatewayError('REVOCATION_STATUS_UNKNOWN', 'the revocation list is stale or absent');
  }
  return certificate;
}

/** The order of the checks of one request. */
function judge(presented: Certificate | undefined, parts: PeerGateParts, nowMs: number): Peer {
  const certificate = valid(presented, parts, nowMs);
  // By issuer as well as by register: a personal certificate stays one, whatever its subject says.
  if (parts.officerAuthorities().includes(certificate.issuer) || parts.register.officer(certificate.thumbprint)) {
    throw new GatewayError('PERSON_CERTIFICATE', 'the client certificate is that of a person');
  }
  if (certificate.oin === null) {
    throw new GatewayError('PEER_UNKNOWN', 'the client certificate has no well-formed OIN in Subject.serialNumber');
  }
  const found = parts.register.lookup(certificate.oin, certificate.thumbprint);
  if (!found.found) throw new GatewayError(found.code, REFUSALS[found.code]);
  return found.peer;
}

/** The register alone makes an officer, and only of a certificate that the officers' authority has issued. */
function judgeOfficer(presented: Certificate | undefined, parts: PeerGateParts, nowMs: number): Officer {
  const certificate = valid(presented, parts, nowMs);
  if (!parts.officerAuthorities().includes(certificate.issuer)) {
    throw new GatewayError('SYSTEM_CERTIFICATE', 'the client certificate is that of a system');
  }
  const officer = parts.register.officer(certificate.thumbprint);
  if (!officer || parts.register.byOin(officer.organisationOin)?.active !== true) {
    throw new GatewayError('OFFICER_UNKNOWN', 'no active officer is registered with this certificate');
  }
  return officer;
}

const REFUSALS = {
  PEER_UNKNOWN: 'the OIN of the client certificate is not registered',
  PEER_INACTIVE: 'the organisation is registered but not active',
  CERTIFICATE_NOT_REGISTERED: 'the certificate is not registered for this OIN',
} as const;
