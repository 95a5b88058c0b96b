import { chmod, mkdir } from 'node:fs/promises';
import { ClassicLevel, type BatchOperation } from 'classic-level';
import type { Acknowledgement } from '../gateway/content.js';
import { NEW_CASE, type CasePosition } from './case-order.js';
import { GroupWriter } from './group-writer.js';

type Operation = BatchOperation<ClassicLevel, string, string>;

/** An acknowledgement that the gateway has not recorded yet. Sent again after a restart. */
export interface PendingAcknowledgement extends Acknowledgement {
  /** Lane of the message, see laneKeyOf. */
  readonly lane: string;
}

/** Messages without a case have no position; this many of the newest ids are remembered. The inbox knows the rest. */
const LONE_MESSAGES_KEPT = 10_000;
const LONE_MESSAGES_SLACK = 1_000;
const CASE = 'case/';
const LONE = 'lone/';
const ACK = 'ack/';
const CURSOR = 'meta/cursor';

/** Key of a message's lane: its case as the gateway pseudonymised it for us, or the message alone. */
export function laneKeyOf(
  event: { readonly partitionkey: string; readonly casesequence?: string },
  messageId: string,
): string {
  // UUIDv7 ids sort by time, which is what lets the oldest lone messages be pruned.
  return event.casesequence === undefined ? `${LONE}${messageId}` : `${CASE}${event.partitionkey}`;
}

/**
 * What the adapter must not forget: the position of each case, unrecorded acknowledgements, the inbox cursor. Holds
 * ids and numbers, no content and no person. Grows by one small entry a case. Everything in it can be rebuilt from the
 * inbox: losing the folder costs look-ups, and at most one double of what was taken but not acknowledged.
 */
export class AdapterState {
  private readonly acknowledgements = new Map<string, PendingAcknowledgement>();
  private readonly failedLanes = new Map<string, Set<string>>();
  private readonly parkedLanes = new Set<string>();
  private readonly writer: GroupWriter<readonly Operation[]>;
  private loneMessages = 0;

  private constructor(private readonly level: ClassicLevel) {
    this.writer = new GroupWriter((entries) => this.level.batch(entries.flat(), { sync: true }));
  }

  static async open(directory: string): Promise<AdapterState> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
    const state = new AdapterState(new ClassicLevel(directory));
    await state.level.open();
    await state.load();
    return state;
  }

  /** The store itself, for what the adapter remembers of the access log below a prefix of its own. */
  get store(): ClassicLevel {
    return this.level;
  }

  position(lane: string): CasePosition {
    const stored = this.level.getSync(lane);
    return stored === undefined ? NEW_CASE : (JSON.parse(stored) as CasePosition);
  }

  /** Position and acknowledgement in one synced write: after a crash there is never one without the other. */
  async save(lane: string, position: CasePosition, acknowledgement?: Acknowledgement): Promise<void> {
    const operations: Operation[] = [{ type: 'put', key: lane, value: JSON.stringify(position) }];
    if (acknowledgement) {
      const pending = { ...acknowledgement, lane };
      operations.push({ type: 'put', key: ACK + acknowledgement.messageId, value: JSON.stringify(pending) });
      this.remember(pending);
    }
    await this.writer.add(operations);
    if (position.parkedAt === undefined) this.parkedLanes.delete(lane);
    else this.parkedLanes.add(lane);
    if (lane.startsWith(LONE)) await this.pruneLoneMessages();
  }

  pending(): readonly PendingAcknowledgement[] {
    return [...this.acknowledgements.values()];
  }

  isPending(messageId: string): boolean {
    return this.acknowledgements.has(messageId);
  }

  /** True while the gateway may not know yet that this case must stand still. */
  hasUnrecordedFailure(lane: string): boolean {
    return this.failedLanes.has(lane);
  }

  get parkedCases(): number {
    return this.parkedLanes.size;
  }

  /** Unsynced on purpose: an acknowledgement that returns after a crash is sent twice, which the gateway takes as one. */
  async forget(messageIds: readonly string[]): Promise<void> {
    await this.level.batch(messageIds.map((id) => ({ type: 'del', key: ACK + id })));
    for (const id of messageIds) {
      const lane = this.acknowledgements.get(id)?.lane ?? '';
      const failed = this.failedLanes.get(lane);
      if (failed?.delete(id) && failed.size === 0) this.failedLanes.delete(lane);
      this.acknowledgements.delete(id);
    }
  }

  get cursor(): number {
    return Number(this.level.getSync(CURSOR) ?? 0);
  }

  async saveCursor(sequence: number): Promise<void> {
    await this.writer.add([{ type: 'put', key: CURSOR, value: String(sequence) }]);
  }

  async close(): Promise<void> {
    await this.level.close();
  }

  private async load(): Promise<void> {
    for await (const [, value] of this.level.iterator({ gte: ACK, lt: `${ACK}\uffff` })) {
      this.remember(JSON.parse(value) as PendingAcknowledgement);
    }
    for await (const [lane, value] of this.level.iterator({ gte: CASE, lt: `${LONE}\uffff` })) {
      if ((JSON.parse(value) as CasePosition).parkedAt !== undefined) this.parkedLanes.add(lane);
      if (lane.startsWith(LONE)) this.loneMessages++;
    }
  }

  private remember(pending: PendingAcknowledgement): void {
    this.acknowledgements.set(pending.messageId, pending);
    if (pending.status !== 'failed') return;
    const failed = this.failedLanes.get(pending.lane) ?? new Set();
    this.failedLanes.set(pending.lane, failed.add(pending.messageId));
  }

  private async pruneLoneMessages(): Promise<void> {
    this.loneMessages++;
    if (this.loneMessages < LONE_MESSAGES_KEPT + LONE_MESSAGES_SLACK) return;
    this.loneMessages -= LONE_MESSAGES_SLACK;
    const oldest = await this.level.keys({ gte: LONE, lt: `${LONE}\uffff`, limit: LONE_MESSAGES_SLACK }).all();
    await this.level.batch(oldest.map((key) => ({ type: 'del', key })));
  }
}
