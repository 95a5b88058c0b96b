import { setMaxListeners } from 'node:events';
import { DeliveryFailure } from '#messaging/delivery-failure.js';
import { messageIdOf, type NotificationEvent } from '#messaging/event.js';
import { laneKeyOf } from './adapter-state.js';
import { parked } from './case-order.js';
import { CaseLane, type LaneParts, type Notice } from './case-lane.js';

/** What was offered stays outstanding at the gateway, and the transport stays where it is. */
function stopping(): DeliveryFailure {
  return new DeliveryFailure({ retryable: true, code: 'ADAPTER_STOPPING' });
}

interface RunningLane {
  readonly lane: CaseLane;
  readonly done: Promise<void>;
}

/**
 * Where Kafka and the inbox come together. A case is worked on by one lane at a time; different cases run side by side,
 * bounded by the slots of MessageDelivery. How many notices may wait is bounded by the transports that offer them.
 */
export class DeliveryPipeline {
  private readonly lanes = new Map<string, RunningLane>();
  private readonly stopping = new AbortController();
  private closed = false;

  constructor(private readonly parts: LaneParts) {
    // Every wait and every request of every lane listens to this one signal; Node warns from eleven on.
    setMaxListeners(0, this.stopping.signal);
  }

  get lanesAtWork(): number {
    return this.lanes.size;
  }

  /**
   * Resolves once the message needs no more of this transport: taken by the system, gone, or parked at the gateway.
   * @throws DeliveryFailure, retryable, when the adapter stops first, or when system or gateway stay away for long.
   */
  async handle(notice: Notice): Promise<void> {
    if (this.closed) throw stopping();
    const key = laneKeyOf(notice.event, messageIdOf(notice.event));
    const running = this.lanes.get(key);
    if (running) return running.lane.offer(notice);
    const lane = new CaseLane(key, this.parts, this.stopping.signal);
    const settled = lane.offer(notice);
    // The lane leaves the table in the same turn in which it finds nothing waiting, so no offer falls in between.
    const done = lane.run(() => this.lanes.delete(key));
    this.lanes.set(key, { lane, done });
    return settled;
  }

  /** Hands back what no handler can deal with; the transport calls this for a notification it gives up on. */
  async giveUp(event: NotificationEvent, code: string): Promise<void> {
    const { state, acks } = this.parts;
    const messageId = messageIdOf(event);
    const lane = laneKeyOf(event, messageId);
    const failed = { messageId, status: 'failed', code } as const;
    await state.save(lane, parked(state.position(lane), Number(event.casesequence ?? 1)), failed);
    acks.push({ ...failed, lane });
  }

  /** Takes nothing new, lets what runs finish within `limitMs`, then breaks it off. */
  async close(limitMs: number): Promise<void> {
    this.closed = true;
    const timer = setTimeout(() => this.stopping.abort(stopping()), limitMs);
    await Promise.all([...this.lanes.values()].map(({ done }) => done));
    clearTimeout(timer);
  }
}
