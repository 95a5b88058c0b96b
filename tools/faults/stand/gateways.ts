import { answers } from '../../demo/http-json.js';
import type { DemoPaths } from '../../demo/paths.js';
import type { Credentials } from '../../demo/steps/certificates.js';
import { gatewayEnvironment } from '../../demo/steps/gateway.js';
import { startNode } from './node-process.js';
import { lastingPort } from './ports.js';
import { TcpProxy } from './tcp-proxy.js';
import type { Victim } from './victim.js';

export interface GatewayPorts {
  readonly agency: number;
  readonly public: number;
  readonly management: number;
}

export interface GatewaysRequest {
  readonly paths: DemoPaths;
  readonly credentials: Credentials;
  /** Of the application role, for each gateway through a proxy of its own. */
  readonly databaseUrls: readonly string[];
  /** Through their proxy. */
  readonly brokers: readonly string[];
  /** More environment for the process of this index. */
  readonly extra: (index: number) => Readonly<Record<string, string>>;
}

export interface Gateways {
  readonly victims: readonly Victim[];
  readonly ports: readonly GatewayPorts[];
  /** Between adapters and gateways, for both listeners: plain TCP balancers. */
  readonly forAdapters: { readonly agency: TcpProxy; readonly public: TcpProxy };
  /** Between the senders' systems and each gateway. */
  readonly forSenders: readonly TcpProxy[];
}

/** Gateway processes that know nothing of each other, behind a balancer (design 14). */
export async function startGateways(request: GatewaysRequest): Promise<Gateways> {
  const ports: GatewayPorts[] = [];
  while (ports.length < request.databaseUrls.length)
    ports.push({ agency: await lastingPort(), public: await lastingPort(), management: await lastingPort() });
  const forAdapters = {
    agency: await TcpProxy.listen(...ports.map(({ agency }) => agency)),
    public: await TcpProxy.listen(...ports.map((one) => one.public)),
  };
  const forSenders = await Promise.all(ports.map(({ agency }) => TcpProxy.listen(agency)));
  const victims = await Promise.all(ports.map((one, index) => startOne(request, one, index, forAdapters.agency.port)));
  return { victims, ports, forAdapters, forSenders };
}

async function startOne(
  { paths, credentials, databaseUrls, brokers, extra }: GatewaysRequest,
  ports: GatewayPorts,
  index: number,
  balancer: number,
): Promise<Victim> {
  const databaseUrl = databaseUrls[index] ?? '';
  const broker = { brokers, stop: () => Promise.resolve() };
  const own = { gateway: ports, adapters: new Map(), systems: new Map() };
  const env = gatewayEnvironment({ paths, ports: own, credentials, databaseUrl, broker }, process.env);
  return startNode({
    name: `gateway-${index + 1}`,
    args: [paths.built('gateway')],
    env: { LOG_LEVEL: 'warn', ...env, GATEWAY_URL: `https://localhost:${balancer}`, ...extra(index) },
    logs: paths.logs,
    isReady: () => answers(`http://127.0.0.1:${ports.management}/health/ready`, [200]),
  });
}
