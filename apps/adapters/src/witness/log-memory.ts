import type { BatchOperation, ClassicLevel } from 'classic-level';
import { isLaterEpoch } from '#ledger/epoch-origin.js';
import { GroupWriter } from '../delivery/group-writer.js';
import type { Alarm } from './alarm.js';

type Operation = BatchOperation<ClassicLevel, string, string>;

/** The largest checkpoint of an origin that this adapter has found consistent with all earlier ones. */
export interface Seen {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  /** As the log signed it. */
  readonly note: string;
}

/** A record whose entry digest this agency holds. */
export interface Claim {
  readonly recordId: string;
  /** SHA-256 of the entry, base64url. */
  readonly digest: string;
  readonly messageId?: string;
  /** When it was learnt, in ms since 1970. */
  readonly at: number;
}

const SEEN = 'log/seen/';
const ALARM = 'log/alarm/';
const DEMAND = 'log/demand/';
const PROVEN = 'log/proven/';
/** Records that can be sampled later; the oldest go first. */
const PROVEN_KEPT = 10_000;
const PROVEN_SLACK = 500;
/** Well within the shortest term for which the gateway keeps a record. */
const SAMPLED_MS = 365 * 86_400_000;

/**
 * What the adapter remembers of the access log, in its state folder: what it has seen, alarms, proofs still to come, and
 * its newest proven records. Without it (a lost folder) it begins with the checkpoint that it is shown first.
 */
export class LogMemory {
  private readonly checkpoints = new Map<string, Seen>();
  private readonly standing = new Map<string, Alarm>();
  private readonly waiting = new Map<string, Claim>();
  private readonly proven = new Map<string, Claim>();
  private readonly writer: GroupWriter<readonly Operation[]>;

  private constructor(private readonly level: ClassicLevel) {
    this.writer = new GroupWriter((entries) => this.level.batch(entries.flat(), { sync: true }));
  }

  /** On the open store of the adapter's state. */
  static async open(level: ClassicLevel): Promise<LogMemory> {
    const memory = new LogMemory(level);
    for (const [key, value] of await memory.entries(SEEN)) {
      const { size, root, note } = value as { size: number; root: string; note: string };
      memory.checkpoints.set(key, { size, root: Buffer.from(root, 'base64'), note });
    }
    for (const [key, value] of await memory.entries(ALARM)) memory.standing.set(key, value as Alarm);
    for (const [key, value] of await memory.entries(DEMAND)) memory.waiting.set(key, value as Claim);
    // UUIDv7 ids sort by time.
    for (const [key, value] of await memory.entries(PROVEN)) memory.proven.set(key, value as Claim);
    return memory;
  }

  seen(origin: string): Seen | null {
    return this.checkpoints.get(origin) ?? null;
  }

  /** What was seen of a later epoch of the same log; the origin that it has. */
  laterEpoch(origin: string): { readonly origin: string; readonly seen: Seen } | null {
    for (const [later, seen] of this.checkpoints) if (isLaterEpoch(later, origin)) return { origin: later, seen };
    return null;
  }

  /** On disk when it resolves: only then may the checkpoint be cosigned. */
  async remember(origin: string, seen: Seen): Promise<void> {
    const value = JSON.stringify({ ...seen, root: seen.root.toString('base64') });
    await this.writer.add([{ type: 'put', key: SEEN + origin, value }]);
    this.checkpoints.set(origin, seen);
  }

  alarms(): readonly Alarm[] {
    return [...this.standing.values()];
  }

  hasAlarm(id: string): boolean {
    return this.standing.has(id);
  }

  /** Remembered at once, on disk when it resolves. */
  async raise(alarm: Alarm): Promise<void> {
    this.standing.set(alarm.id, alarm);
    await this.writer.add([{ type: 'put', key: ALARM + alarm.id, value: JSON.stringify(alarm) }]);
  }

  async clear(id: string): Promise<void> {
    this.standing.delete(id);
    await this.writer.add([{ type: 'del', key: ALARM + id }]);
  }

  demands(): ReadonlyMap<string, Claim> {
    return this.waiting;
  }

  /**
   * Remembers that a proof is due. Not synced by itself: a killed process loses nothing, a machine that loses power loses
   * at most what it had not delivered either.
   */
  async await(claim: Claim): Promise<void> {
    this.waiting.set(claim.recordId, claim);
    await this.level.put(DEMAND + claim.recordId, JSON.stringify(claim));
  }

  /** The proof is there: the record can be sampled from now on. */
  async settle(claim: Claim): Promise<void> {
    this.waiting.delete(claim.recordId);
    this.proven.set(claim.recordId, claim);
    await this.level.batch([
      { type: 'del', key: DEMAND + claim.recordId },
      { type: 'put', key: PROVEN + claim.recordId, value: JSON.stringify(claim) },
      ...this.oldestProven(),
    ]);
  }

  /** One proven record at random that is not older than can be asked for, or undefined. */
  sample(now: number): Claim | undefined {
    const young = [...this.proven.values()].filter(({ recordId }) => timeOf(recordId) > now - SAMPLED_MS);
    return young[Math.floor(Math.random() * young.length)];
  }

  private oldestProven(): Operation[] {
    if (this.proven.size <= PROVEN_KEPT + PROVEN_SLACK) return [];
    const oldest = [...this.proven.keys()].slice(0, this.proven.size - PROVEN_KEPT);
    for (const id of oldest) this.proven.delete(id);
    return oldest.map((id) => ({ type: 'del', key: PROVEN + id }));
  }

  private async entries(prefix: string): Promise<readonly (readonly [string, unknown])[]> {
    const found = await this.level.iterator({ gte: prefix, lt: `${prefix}\uffff` }).all();
    return found.map(([key, value]) => [key.slice(prefix.length), JSON.parse(value) as unknown]);
  }
}

/** Ids of records are UUIDv7: their first 48 bits are milliseconds since 1970 (RFC 9562). */
function timeOf(recordId: string): number {
  return Number.parseInt(recordId.replace('-', '').slice(0, 12), 16);
}
