import { startBroker, type BrokerOptions, type RunningBroker } from '../../broker/broker.js';
import { provision } from '../../broker/provision.js';
import { GATEWAY_OIN } from '../../demo/roster.js';
import type { DemoPki } from '../../pki/demo-pki.js';
import { lastingPort } from './ports.js';
import { lives } from './process-tree.js';
import { TcpProxy } from './tcp-proxy.js';
import { Victim } from './victim.js';

export interface Kafka {
  readonly victim: Victim;
  /** Between the broker and the gateways, and between it and the adapters. */
  readonly links: { readonly gateways: TcpProxy; readonly adapters: TcpProxy };
  /** `host:port` as each of the two is told. */
  readonly brokers: { readonly gateways: readonly string[]; readonly adapters: readonly string[] };
}

/** Apache Kafka with a way in of its own for gateways and for adapters, each behind a proxy. */
export async function startKafka(dir: string, pki: DemoPki, peers: readonly string[]): Promise<Kafka> {
  const [port, controllerPort] = [await lastingPort(), await lastingPort()];
  const [gatewaysPort, adaptersPort] = [await lastingPort(), await lastingPort()];
  const links = { gateways: await TcpProxy.listen(gatewaysPort), adapters: await TcpProxy.listen(adaptersPort) };
  const options: BrokerOptions = {
    dir,
    pki: { caFile: pki.caFile, broker: pki.files('kafka'), admin: pki.files('kafka-admin') },
    log: () => undefined,
    port,
    controllerPort,
    doors: [
      { name: 'GATEWAYS', port: gatewaysPort, advertisedPort: links.gateways.port },
      { name: 'ADAPTERS', port: adaptersPort, advertisedPort: links.adapters.port },
    ],
  };
  let running = await start(options);
  await provision({
    brokers: running.brokers,
    adminTls: { ...pki.files('kafka-admin'), caFile: pki.caFile },
    gatewayOin: GATEWAY_OIN,
    peers: peers.map((oin) => ({ oin, active: true })),
  });
  const victim = new Victim('Kafka', {
    pid: async () => ((await lives(running.pid)) ? running.pid : null),
    start: async () => {
      running = await start(options);
    },
    stop: () => running.stop(),
  });
  const told = ({ port: at }: TcpProxy): readonly string[] => [`127.0.0.1:${at}`];
  return { victim, links, brokers: { gateways: told(links.gateways), adapters: told(links.adapters) } };
}

async function start(options: BrokerOptions): Promise<RunningBroker> {
  const started = await startBroker(options);
  if (!started.available) throw new Error(`no Apache Kafka: ${started.reason}`);
  return started;
}
