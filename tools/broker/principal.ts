import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const OIN = /^[0-9]{8}[0-9A-Za-z]{12}$/;
const HOST_NAME = /^[A-Za-z0-9.-]+$/;

/** A name without any serial number in it; `=` inside a value is always escaped by Java, so values cannot fake one. */
const NO_SERIAL = '(?:(?!2\\.5\\.4\\.5=).)*';

/**
 * How Kafka knows a peer: Java renders `Subject.serialNumber` (OID 2.5.4.5) as the hex of its DER, of which the rule
 * below keeps the 20 characters of the OIN. Still in hex, because a mapping rule cannot decode.
 */
export function peerPrincipal(oin: string): string {
  if (!OIN.test(oin)) throw new Error('not an OIN');
  return `User:${Buffer.from(oin, 'ascii').toString('hex')}`;
}

/** The OIN behind a peer's principal; null for any other. */
export function oinOfPrincipal(principal: string): string | null {
  const hex = /^User:([0-9a-f]{40})$/.exec(principal)?.[1];
  const oin = hex === undefined ? '' : Buffer.from(hex, 'hex').toString('ascii');
  return OIN.test(oin) ? oin : null;
}

/** Common name of a certificate of the brokers' own, which has no OIN. Throws when it has none that is usable. */
async function nodeName(certFile: string): Promise<string> {
  const lines = new X509Certificate(await readFile(certFile)).subject.split('\n');
  const name = lines.find((line) => line.startsWith('CN='))?.slice(3) ?? '';
  if (!HOST_NAME.test(name) || lines.some((line) => line.startsWith('serialNumber='))) {
    throw new Error(`${certFile}: a broker or its administrator needs a host name as CN and no serialNumber`);
  }
  return name;
}

export interface PrincipalSettings {
  /** Value of `ssl.principal.mapping.rules`. Who matches no rule is refused. */
  readonly mappingRules: string;
  /** Value of `super.users`. */
  readonly superUsers: string;
}

/**
 * Mapping rules for peers (exactly one serialNumber that is an OIN, as PrintableString or UTF8String) and for the
 * given certificates of broker and administrator (by CN, and only without any serialNumber, so that no peer can be
 * taken for them). Java escapes `=` and `,` inside values, so `,CN=` is always an attribute.
 */
export async function principalSettings(ownCertFiles: readonly string[]): Promise<PrincipalSettings> {
  const names = await Promise.all(ownCertFiles.map(nodeName));
  const peers = `RULE:^${NO_SERIAL}2\\.5\\.4\\.5=#(?:13|0c)14([0-9a-f]{40})${NO_SERIAL}$/$1/`;
  const own = names.map((name) => {
    const quoted = name.replaceAll('.', '\\.');
    return `RULE:^(?:${NO_SERIAL},)?CN=${quoted}(?:,${NO_SERIAL})?$/node-${name}/`;
  });
  return { mappingRules: [peers, ...own].join(','), superUsers: names.map((name) => `User:node-${name}`).join(';') };
}
