import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTRACTS } from '#contracts/catalogue.js';
import type { PeerKind } from '#contracts/domain.js';
import { writeAtomically } from '../../pki/private-files.js';
import type { DemoPki } from '../../pki/demo-pki.js';
import { answers } from '../http-json.js';
import type { DemoPaths } from '../paths.js';
import type { DemoPorts } from '../ports.js';
import { ROSTER, type RosterPeer } from '../roster.js';
import { type Service, startServices } from '../service.js';
import { adapterSecretFile, adapterUrl, systemUrl } from './addresses.js';
import type { Broker } from './broker.js';
import { gatewayUrls } from './gateway.js';
import type { LogWatchers } from './witnesses.js';

const SECRET_BYTES = 24;
/** With or without permission: it listens. */
const LISTENS = [200, 401, 403, 503];

export interface AdaptersRequest {
  readonly paths: DemoPaths;
  readonly ports: DemoPorts;
  readonly pki: DemoPki;
  readonly broker: Broker | null;
  readonly watchers: LogWatchers;
  readonly separate: boolean;
}

/** Makes the secrets that a system shows to its own adapter; existing ones stay. */
export async function ensureAdapterSecrets(paths: DemoPaths): Promise<void> {
  for (const peer of ROSTER) {
    const file = adapterSecretFile(paths, peer.name);
    await access(file).catch(() => writeAtomically(file, `${randomBytes(SECRET_BYTES).toString('hex')}\n`, 0o600));
  }
}

/** Starts one adapter per agency: all in one process, or each in its own. */
export async function startAdapters(request: AdaptersRequest, report: (text: string) => void): Promise<Service> {
  const { paths, ports, separate } = request;
  const groups = separate ? ROSTER.map((peer) => [peer]) : [ROSTER];
  const requests = groups.map(async (peers) => {
    const files = await Promise.all(peers.map((peer) => writeConfig(request, peer)));
    const isReady = async (): Promise<boolean> => {
      const up = await Promise.all(peers.map((peer) => answers(`${adapterUrl(ports, peer.name)}/status`, LISTENS)));
      return up.every(Boolean);
    };
    const name = separate ? `adapter-${peers[0]!.name}` : 'adapters';
    return { name, script: paths.built('adapters'), args: files, isReady };
  });
  return startServices(paths, await Promise.all(requests), report);
}

async function writeConfig(request: AdaptersRequest, peer: RosterPeer): Promise<string> {
  const { paths, ports, pki, broker } = request;
  const config = {
    name: peer.name,
    oin: peer.oin,
    kind: peer.kind,
    ...(peer.pilot === undefined ? {} : { pilot: peer.pilot }),
    system: `${peer.name}-zaaksysteem`,
    gateway: { url: gatewayUrls(ports).url, ...pki.files(peer.name), caFile: pki.caFile },
    transport: broker ? { kind: 'kafka', brokers: broker.brokers } : { kind: 'inbox' },
    contracts: adapterContracts(peer.kind),
    connector: { kind: 'webhook', url: `${systemUrl(ports, peer.name)}/events` },
    local: { port: ports.adapters.get(peer.name) },
    secretFile: adapterSecretFile(paths, peer.name),
    stateDir: join(paths.adapters, peer.name),
    log: logSection(request, peer),
    logLevel: 'warn',
  };
  const file = join(paths.adapters, `${peer.name}.json`);
  await writeAtomically(file, JSON.stringify(config, null, 2), 0o600);
  return file;
}

/** The log that it watches and cosigns, known by a key that came with the configuration. */
function logSection({ ports, watchers }: AdaptersRequest, peer: RosterPeer): object {
  const key = watchers.keys.get(peer.name);
  return {
    url: `${gatewayUrls(ports).publicUrl}/v1/log`,
    keys: [watchers.vkey],
    ...(key && { witness: { name: key.name, keyFile: key.keyFile } }),
  };
}

/** What each agency would decide for itself: for which purpose, and under which processing activity, it reads what. */
export function adapterContracts(kind: PeerKind): Record<string, { purpose: string; processingActivity: string }> {
  const uses = CONTRACTS.flatMap((contract) => {
    const route = contract.routes.find((one) => one.to === kind);
    return route
      ? [[contract.type, { purpose: route.purpose, processingActivity: contract.processingActivity }] as const]
      : [];
  });
  return Object.fromEntries(uses);
}
