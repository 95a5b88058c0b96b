import { X509Certificate } from 'node:crypto';
import type { Server } from 'node:https';
import { isIP } from 'node:net';
import type { Logger } from 'pino';
import { IdentityError } from '#identity/identity-error.js';
import { RotatingFiles } from '#identity/rotating-files.js';
import { serverTlsOptions, type ServerTlsOptions } from '#identity/tls-options.js';
import { readTrustAnchors, type TrustAnchor } from '#identity/trust-anchors.js';
import type { Closing } from './closing.js';
import type { GatewayConfig } from './config.js';
import { ListenerTls } from './peers/listener-tls.js';
import type { Revocation } from './peers/revocation.js';
import type { TicketKeys } from './peers/ticket-keys.js';

/** What the listeners show and whom they trust, as the files say now. */
export interface ListenerIdentity {
  readonly tls: ServerTlsOptions;
  readonly anchors: readonly TrustAnchor[];
  readonly officerAnchors: readonly TrustAnchor[];
}

/** Certificate, key and authorities of the listeners; they may be replaced while the gateway runs. */
export async function openListenerIdentity(config: GatewayConfig): Promise<RotatingFiles<ListenerIdentity>> {
  const { certFile, keyFile } = config.tls;
  return await RotatingFiles.open([certFile, keyFile, ...authorityFiles(config)], () => readListenerIdentity(config));
}

/** The files with the authorities of organisations and, when there are any, of officers. */
export function authorityFiles({ tls, officerCaFile }: GatewayConfig): readonly string[] {
  return [tls.caFile, ...(officerCaFile === null ? [] : [officerCaFile])];
}

async function readListenerIdentity(config: GatewayConfig): Promise<ListenerIdentity> {
  const { certFile, keyFile } = config.tls;
  const caFiles = authorityFiles(config);
  const [tls, anchors, officerAnchors] = await Promise.all([
    serverTlsOptions({ certFile, keyFile, caFiles }),
    readTrustAnchors(caFiles),
    readTrustAnchors(caFiles.slice(1)),
  ]);
  assertNamed(new X509Certificate(tls.cert as Buffer), config);
  return { tls, anchors, officerAnchors };
}

/** A certificate for another host looks well here and is refused by every client. */
function assertNamed(certificate: X509Certificate, { url, tls }: GatewayConfig): void {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if ((isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined) return;
  throw new IdentityError(
    'CERTIFICATE_WRONG_NAME',
    `Certificate ${tls.certFile} is not for ${host}, the host of GATEWAY_URL.`,
    'Request a certificate with this name among its alternative names, or correct GATEWAY_URL.',
  );
}

/** A listener with the ticket keys that it uses: one for each, so that no session of one is resumed at another. */
export interface Listener {
  readonly server: Server;
  readonly ticketKeys: TicketKeys;
}

/**
 * Takes new certificates, keys and authorities over into what listens already: no connection is dropped by it, but those
 * of an authority that is no longer trusted. What cannot be used is an alarm, and the old stays.
 */
export function followCertificates(
  identity: RotatingFiles<ListenerIdentity>,
  listeners: readonly Listener[],
  revocation: Pick<Revocation, 'trust'>,
  log: Logger,
): Closing {
  const kept = listeners.map(({ server, ticketKeys }) => new ListenerTls(server, ticketKeys));
  identity.watch({
    onChange: async ({ tls, anchors }) => {
      for (const listener of kept) listener.replace(tls);
      await revocation.trust(anchors);
      const { validTo } = new X509Certificate(tls.cert as Buffer);
      log.info({ validTo }, 'the certificate of the listeners was replaced');
    },
    onRefused: (error) => {
      const { code, detail, nextStep } = error as Partial<IdentityError>;
      log.error({ alarm: 'CERTIFICATE_REFUSED', code, detail, nextStep }, 'new certificate files cannot be used');
    },
  });
  return () => identity.close();
}
