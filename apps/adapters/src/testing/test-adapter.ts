import { pino } from 'pino';
import { AckQueue } from '../delivery/ack-queue.js';
import { AdapterState } from '../delivery/adapter-state.js';
import { DeliveryPipeline } from '../delivery/delivery-pipeline.js';
import { Gate } from '../delivery/gate.js';
import { InboxItems } from '../delivery/inbox-items.js';
import { MessageDelivery } from '../delivery/message-delivery.js';
import { Outstanding } from '../delivery/outstanding.js';
import { Slots } from '../delivery/slots.js';
import { DOSSIER_PART, type FakeGateway } from './fake-gateway.js';
import type { FakeSystem } from './fake-system.js';

const BACKOFF = { firstDelayMs: 2, maxDelayMs: 10 };

/** The delivery side of an adapter over a state folder, without transport. */
export interface TestAdapter {
  readonly pipeline: DeliveryPipeline;
  readonly state: AdapterState;
  /** Offers everything the inbox still has, as the transports do at start and every minute. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestAdapter(
  directory: string,
  gateway: FakeGateway,
  system: FakeSystem,
  { holdMs }: { readonly holdMs?: number } = {},
): Promise<TestAdapter> {
  const log = pino({ level: 'silent' });
  const state = await AdapterState.open(directory);
  const acks = new AckQueue(gateway, state, BACKOFF, log);
  const delivery = new MessageDelivery({
    gateway,
    connector: system,
    gatewayGate: new Gate(BACKOFF),
    systemGate: new Gate(BACKOFF),
    slots: new Slots(4),
    purposes: new Map([[DOSSIER_PART, 'P03']]),
    tries: 3,
    backoff: BACKOFF,
    ...(holdMs === undefined ? {} : { holdMs }),
    log,
  });
  const lookups = { items: new InboxItems(gateway), outstanding: new Outstanding(gateway) };
  const pipeline = new DeliveryPipeline({ state, ...lookups, delivery, acks, backoff: BACKOFF, log });
  return {
    pipeline,
    state,
    sweep: async () => {
      const { items } = await gateway.page(0, 1_000, 0, 'outstanding');
      await Promise.all(items.map((item) => pipeline.handle({ event: item.event, item })));
    },
    stop: async () => {
      await pipeline.close(200);
      await acks.close(200);
      await state.close();
    },
  };
}
