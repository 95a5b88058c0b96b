import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoPaths } from '../../demo/paths.js';
import { peerNamed } from '../../load/messages.js';
import { adapterContracts, ensureAdapterSecrets } from '../../demo/steps/adapters.js';
import { adapterSecretFile } from '../../demo/steps/addresses.js';
import type { LogWatchers } from '../../demo/steps/witnesses.js';
import type { DemoPki } from '../../pki/demo-pki.js';
import { writeAtomically } from '../../pki/private-files.js';
import { startNode } from './node-process.js';
import { lastingPort } from './ports.js';
import type { Victim } from './victim.js';

export interface AdaptersRequest {
  readonly paths: DemoPaths;
  readonly pki: DemoPki;
  readonly watchers: LogWatchers;
  /** Of the gateways, through the proxy. */
  readonly gatewayUrl: string;
  readonly logUrl: string;
  readonly brokers: readonly string[];
  /** Where the system of this agency listens. */
  readonly systemUrl: (name: string) => string;
  /** More environment for the process of this index. */
  readonly extra: (index: number) => Readonly<Record<string, string>>;
}

/** Local interface of one agency's adapter, for whoever holds its secret. */
export interface LocalInterface {
  readonly name: string;
  readonly url: string;
  readonly secret: string;
}

export interface Adapters {
  readonly victims: readonly Victim[];
  /** Names in the roster, process by process. */
  readonly groups: readonly (readonly string[])[];
  readonly locals: readonly LocalInterface[];
}

/** One process for each group of agencies: what happens to one agency's adapter must not matter to the others. */
export async function startAdapters(groups: Adapters['groups'], request: AdaptersRequest): Promise<Adapters> {
  await ensureAdapterSecrets(request.paths);
  const configured = await Promise.all(
    groups.map((names) => Promise.all(names.map((name) => configure(request, name)))),
  );
  const victims = await Promise.all(
    configured.map((agencies, index) =>
      startNode({
        name: `adapter-${groups[index]?.[0] ?? index}`,
        args: [request.paths.built('adapters'), ...agencies.map(({ file }) => file)],
        env: { PATH: process.env.PATH, ...request.extra(index) },
        logs: request.paths.logs,
        isReady: (log) => log().split('adapter ready').length > agencies.length,
      }),
    ),
  );
  return { victims, groups, locals: configured.flat().map(({ local }) => local) };
}

async function configure(request: AdaptersRequest, name: string): Promise<{ file: string; local: LocalInterface }> {
  const { paths, pki, watchers, gatewayUrl, logUrl, brokers, systemUrl } = request;
  const { oin, kind, pilot } = peerNamed(name);
  const port = await lastingPort();
  const key = watchers.keys.get(name);
  const secretFile = adapterSecretFile(paths, name);
  const config = {
    name,
    oin,
    kind,
    ...(pilot === undefined ? {} : { pilot }),
    system: 'proef',
    gateway: { url: gatewayUrl, ...pki.files(name), caFile: pki.caFile },
    transport: { kind: 'kafka', brokers },
    contracts: adapterContracts(kind),
    connector: { kind: 'webhook', url: systemUrl(name) },
    local: { port },
    secretFile,
    stateDir: join(paths.adapters, name),
    log: {
      url: logUrl,
      keys: [watchers.vkey],
      ...(key && { witness: { name: key.name, keyFile: key.keyFile } }),
    },
    logLevel: 'warn',
  };
  await mkdir(paths.adapters, { recursive: true, mode: 0o700 });
  const file = join(paths.adapters, `${name}.json`);
  const secret = (await readFile(secretFile, 'utf8')).trim();
  await writeAtomically(file, JSON.stringify(config, null, 2), 0o600);
  return { file, local: { name, url: `http://127.0.0.1:${port}`, secret } };
}
