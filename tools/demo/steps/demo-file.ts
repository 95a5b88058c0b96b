import { writeAtomically } from '../../pki/private-files.js';
import type { DemoPki } from '../../pki/demo-pki.js';
import type { PeerKind } from '#contracts/domain.js';
import type { DemoPaths } from '../paths.js';
import type { DemoPorts } from '../ports.js';
import { OFFICERS, ROSTER } from '../roster.js';
import { adapterUrl, systemUrl } from './addresses.js';
import type { Broker } from './broker.js';
import { gatewayUrls } from './gateway.js';
import type { LogWatchers } from './witnesses.js';

/** `.ketenpoort/demo.json`: everything that someone who drives the demo from outside needs to know (design 10). */
export interface DemoFile {
  readonly gateway: { readonly url: string; readonly publicUrl: string; readonly managementUrl: string };
  readonly kafka: { readonly brokers: readonly string[] } | null;
  /** Where anyone reads the log, and the key under which to trust it. */
  readonly log: { readonly publicUrl: string; readonly vkey: string };
  readonly console: { readonly url: string } | null;
  readonly peers: readonly {
    readonly oin: string;
    readonly name: string;
    readonly kind: PeerKind;
    readonly pilot?: string;
    readonly cert: string;
    readonly key: string;
    readonly adapterUrl: string;
    readonly systemUrl: string;
  }[];
  readonly officers: readonly {
    readonly name: string;
    readonly organisation: string;
    readonly role: string;
    readonly cert: string;
    readonly key: string;
    readonly p12: string;
  }[];
  readonly ca: string;
}

export async function writeDemoFile(
  paths: DemoPaths,
  ports: DemoPorts,
  pki: DemoPki,
  broker: Broker | null,
  watchers: LogWatchers,
): Promise<DemoFile> {
  const file = describeDemo(ports, pki, broker, watchers);
  await writeAtomically(paths.demoFile, `${JSON.stringify(file, null, 2)}\n`, 0o600);
  return file;
}

/** Paths of certificates and keys are absolute. */
function describeDemo(ports: DemoPorts, pki: DemoPki, broker: Broker | null, watchers: LogWatchers): DemoFile {
  return {
    gateway: gatewayUrls(ports),
    kafka: broker ? { brokers: broker.brokers } : null,
    log: { publicUrl: `${gatewayUrls(ports).publicUrl}/v1/log`, vkey: watchers.vkey },
    console: null,
    peers: ROSTER.map((peer) => ({
      oin: peer.oin,
      name: peer.name,
      kind: peer.kind,
      ...(peer.pilot === undefined ? {} : { pilot: peer.pilot }),
      cert: pki.files(peer.name).certFile,
      key: pki.files(peer.name).keyFile,
      adapterUrl: adapterUrl(ports, peer.name),
      systemUrl: systemUrl(ports, peer.name),
    })),
    officers: OFFICERS.map((officer) => ({
      name: officer.name,
      organisation: officer.organisation,
      role: 'FG',
      cert: pki.files(officer.name).certFile,
      key: pki.files(officer.name).keyFile,
      p12: pki.p12File(officer.name),
    })),
    ca: pki.caFile,
  };
}
