import type { Logger } from 'pino';
import { KafkajsProducer } from '#messaging/kafkajs-producer.js';
import type { RecordMaker } from './access-log/record-maker.js';
import { localDateAt } from './cases/calendar.js';
import type { CaseClock } from './clock.js';
import type { Closing } from './closing.js';
import type { GatewayConfig } from './config.js';
import { DeadLetters } from './delivery/dead-letters.js';
import type { DeliverySignal } from './delivery/delivery-signal.js';
import { makeDemoFaults } from './delivery/demo-faults.js';
import { Numberer } from './delivery/numberer.js';
import { Relay } from './delivery/relay.js';
import { Exchange } from './exchange/exchange.js';
import { TimerLoop } from './exchange/timer-loop.js';
import type { PeerRegister } from './peers/peer-register.js';
import type { Policy } from './policy/policy.js';
import type { StartMaterials } from './start-materials.js';
import { ContentCipher } from './storage/content-crypto.js';
import { poolOf } from './storage/pool-of.js';
import { RegisterCache } from './storage/register-cache.js';

export interface ExchangeSources {
  readonly config: GatewayConfig;
  readonly materials: StartMaterials;
  readonly makeRecord: RecordMaker;
  readonly clock: CaseClock;
  readonly signal: DeliverySignal;
  readonly log: Logger;
}

/** The spine with what works beside the requests: relay, numbers, dead letters, timers. */
export async function buildExchange(sources: ExchangeSources, peers: PeerRegister, closing: Closing[]) {
  const { config, materials, makeRecord, clock, signal, log } = sources;
  const { dataSource, signer, masterKeys, indexKey } = materials;
  const pool = poolOf(dataSource);
  const origin = { gatewayOin: config.oin, gatewayUrl: config.url };
  const register = await RegisterCache.open(
    dataSource,
    clock,
    (kind) => peers.ofKind(kind)[0]?.oin,
    () => log.warn('the register could not be refreshed'),
  );
  closing.push(() => register.close());
  const producer = config.kafka ? new KafkajsProducer({ ...config.kafka, clientId: 'ketenpoort-gateway' }, log) : null;
  const relay = producer ? new Relay(pool, producer, origin, log) : null;
  const demoFaults = config.demoFaults.length > 0 ? makeDemoFaults(config.demoFaults, log) : null;
  if (relay) closing.push(signal.onWork(() => relay.wake()));
  const numberer = new Numberer(pool, log);
  const deadLetters = new DeadLetters(pool, producer, origin, log);
  const exchange = new Exchange({
    gatewayOin: config.oin,
    receiptKeyId: signer.keyId,
    cipher: new ContentCipher(masterKeys),
    indexKey,
    register,
    pool,
    mode: config.mode,
    get policy() {
      return policyInForce(materials, clock);
    },
    makeRecord,
    clock,
    signal,
    signer,
    origin,
    demoFaults,
  });
  const timers = new TimerLoop(pool, exchange, clock, log);
  await signal.open();
  closing.push(
    () => signal.close(),
    () => relay?.close(),
    () => numberer.close(),
    () => deadLetters.close(),
    () => timers.close(),
  );
  return { exchange };
}

/** The version of the policy that holds today, by the case clock. */
export function policyInForce({ policies }: StartMaterials, clock: CaseClock): Policy {
  return policies.at(localDateAt(clock.now()));
}
