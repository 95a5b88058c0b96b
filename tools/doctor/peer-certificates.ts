import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { readCertificates, type Certificate } from '#identity/certificate.js';
import { readCrls } from '#identity/crl.js';
import { readPublicFile } from '#identity/key-file.js';
import { RevocationSet } from '#identity/revocation-set.js';
import type { GatewayConfig } from '../../apps/gateway/src/config.js';
import { loadPeers } from '../../apps/gateway/src/storage/register-reader.js';
import { withDatabase } from './database-checks.js';
import { anchorsOf } from './identity-checks.js';
import { judgePeers, type JudgedPeer } from './judge-peers.js';
import { warning, wrong } from './outcome.js';

const FIGURES_LIMIT_MS = 2_000;
const FIGURE = /^ketenpoort_certificate_expiry_timestamp_seconds\{holder="([0-9A-Za-z]{20})"\} ([0-9.e+]+)$/gm;
const NEXT = 'Ask the organisation for its new certificate, and register it beside the old one (docs/operations.md, section 5).'; // prettier-ignore

/**
 * Whether a peer's certificate ends soon or is revoked. The register holds thumbprints, which say neither: dates and
 * serial numbers come from the files of PEER_CERTIFICATES_DIR, and the dates of those that have connected from a gateway
 * that runs here. Of the others it says how many there are.
 */
export async function peerCertificates(config: GatewayConfig, env: NodeJS.ProcessEnv): Promise<string> {
  const files = await certificatesIn(env.PEER_CERTIFICATES_DIR);
  const [anchors, connected] = [await anchorsOf(config), await expiryOfConnected(config.managementPort)];
  const lists = new RevocationSet(await readCrls(await readPublicFile(config.tls.crlFile), anchors), anchors);
  const peers = await registered(config);
  const known = peers.map((peer): JudgedPeer => {
    const certificates = peer.thumbprints.map((thumbprint) => files.get(thumbprint));
    return {
      ...peer,
      certificates: certificates.flatMap((one) =>
        one ? [{ notAfter: one.notAfter, revoked: lists.statusOf(one, Date.now()) === 'revoked' }] : [],
      ),
      unknown: certificates.filter((one) => one === undefined).length,
      connectedUntil: connected.get(peer.oin) ?? null,
    };
  });
  const { failures, warnings, unknown } = judgePeers(known, Date.now());
  if (failures.length > 0) throw wrong([...failures, ...warnings].join('; '), NEXT);
  if (warnings.length > 0) throw warning(warnings.join('; '), NEXT);
  const all = peers.reduce((sum, { thumbprints }) => sum + thumbprints.length, 0);
  const blind = `; of ${unknown.length} peers only thumbprints are known: PEER_CERTIFICATES_DIR names a folder with their files`;
  return `${all} certificates of ${known.length} peers are registered${unknown.length > 0 ? blind : ', all of them for longer than 30 days'}`;
}

/** Certificates by thumbprint; whatever else lies in the folder is passed by. */
async function certificatesIn(folder: string | undefined): Promise<ReadonlyMap<string, Certificate>> {
  if (!folder) return new Map();
  const names = await readdir(folder).catch(() => {
    throw wrong(
      `The folder ${folder} cannot be read`,
      'Let PEER_CERTIFICATES_DIR name the folder with certificates of peers.',
    );
  });
  const found = new Map<string, Certificate>();
  for (const name of names.filter((one) => /\.(crt|cer|pem|der)$/.test(one))) {
    const bytes = await readFile(join(folder, name)).catch(() => null);
    for (const certificate of bytes ? readable(bytes) : []) found.set(certificate.thumbprint, certificate);
  }
  return found;
}

function readable(bytes: Uint8Array): Certificate[] {
  try {
    return readCertificates(bytes);
  } catch {
    return [];
  }
}

/** By OIN, in milliseconds since 1970; empty when no gateway runs here. */
async function expiryOfConnected(port: number): Promise<ReadonlyMap<string, number>> {
  const signal = AbortSignal.timeout(FIGURES_LIMIT_MS);
  const text = await fetch(`http://127.0.0.1:${port}/metrics`, { signal }).then(
    (answer) => answer.text(),
    () => '',
  );
  return new Map([...text.matchAll(FIGURE)].map(([, oin = '', seconds]) => [oin, Number(seconds) * 1_000]));
}

async function registered(config: GatewayConfig) {
  return withDatabase(config, async (dataSource: DataSource) =>
    (await loadPeers(dataSource)).filter(({ active, kind }) => active && kind !== 'GATEWAY'),
  );
}
