import { startBroker } from '../../broker/broker.js';
import { provision } from '../../broker/provision.js';
import type { DemoPki } from '../../pki/demo-pki.js';
import type { DemoOptions } from '../options.js';
import type { DemoPaths } from '../paths.js';
import { GATEWAY_OIN, ROSTER } from '../roster.js';

export interface Broker {
  readonly brokers: readonly string[];
  stop(): Promise<void>;
}

export type BrokerOutcome =
  | { readonly broker: Broker; readonly why: string }
  /** The demo goes on with the inbox alone. */
  | { readonly broker: null; readonly why: string };

/**
 * The brokers that are given, else one of our own, else none. Throws when `--broker=kafka` cannot be met.
 * @param given value of KAFKA_BROKERS
 */
export async function prepareBroker(
  paths: DemoPaths,
  pki: DemoPki,
  choice: DemoOptions['broker'],
  given: string | undefined,
  log: (line: string) => void,
): Promise<BrokerOutcome> {
  if (choice === 'none') return { broker: null, why: 'inbox alone, as asked' };
  if (given) {
    const brokers = given.split(',').map((one) => one.trim());
    await provisionRoster(brokers, pki);
    return { broker: { brokers, stop: () => Promise.resolve() }, why: `given: ${brokers.join(', ')}` };
  }
  const started = await startBroker({
    dir: paths.broker,
    pki: { caFile: pki.caFile, broker: pki.files('kafka'), admin: pki.files('kafka-admin') },
    log,
  });
  if (!started.available) {
    if (choice === 'kafka') throw new Error(`--broker=kafka: ${started.reason}`);
    return { broker: null, why: `no Apache Kafka (${started.reason}): agencies read their inbox` };
  }
  try {
    await provisionRoster(started.brokers, pki);
  } catch (error) {
    await started.stop();
    throw error;
  }
  return { broker: started, why: started.brokers.join(', ') };
}

async function provisionRoster(brokers: readonly string[], pki: DemoPki): Promise<void> {
  await provision({
    brokers,
    adminTls: { ...pki.files('kafka-admin'), caFile: pki.caFile },
    gatewayOin: GATEWAY_OIN,
    peers: ROSTER.map(({ oin }) => ({ oin, active: true })),
  });
}
