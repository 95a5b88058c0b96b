import { GatewayError } from '../errors.js';

export interface PeerLimitSettings {
  /** Requests of one caller in a second, averaged over one second. */
  readonly requestsPerSecond: number;
  /** Requests under way, of all callers together. */
  readonly maxRunning: number;
  /** Bytes of the bodies of those requests. */
  readonly maxRunningBytes: number;
}

interface Caller {
  running: number;
  bytes: number;
  /** Milliseconds: when all that this caller asked so far would have been asked at exactly its rate (GCRA). */
  paidUntilMs: number;
}

/** How much a caller may be ahead of its rate. */
const BURST_MS = 1_000;

/**
 * What one caller may ask at once, decided before anything of a body is read: a few numbers a caller, no timer. A caller may hold
 * as much as is left free for the others (Choudhury and Hahne, dynamic thresholds): alone it gets half, and however many
 * ask too much, there is room for one more that does not.
 */
export class PeerLimits {
  private readonly callers = new Map<string, Caller>();
  private running = 0;
  private bytes = 0;

  constructor(private readonly settings: PeerLimitSettings) {}

  /**
   * Takes a request with a body of at most `bytes`; `leave` must follow when it has been answered or given up.
   * @throws GatewayError RATE_LIMITED, OVERLOADED with Retry-After in seconds
   */
  enter(callerName: string, bytes: number, nowMs: number): void {
    const caller = this.caller(callerName);
    const aheadMs = Math.max(caller.paidUntilMs, nowMs) - nowMs;
    if (aheadMs >= BURST_MS) {
      throw refusal('RATE_LIMITED', 'more requests a second than this organisation may send', aheadMs - BURST_MS);
    }
    const { maxRunning, maxRunningBytes } = this.settings;
    if (caller.running >= maxRunning - this.running) {
      throw refusal('OVERLOADED', 'too many requests of this organisation are under way', 1_000);
    }
    if (bytes > 0 && caller.bytes + bytes > maxRunningBytes - this.bytes) {
      throw refusal('OVERLOADED', 'too many bytes of this organisation are under way', 1_000);
    }
    caller.paidUntilMs = nowMs + aheadMs + 1_000 / this.settings.requestsPerSecond;
    caller.running += 1;
    caller.bytes += bytes;
    this.running += 1;
    this.bytes += bytes;
  }

  leave(callerName: string, bytes: number): void {
    const caller = this.caller(callerName);
    caller.running -= 1;
    caller.bytes -= bytes;
    this.running -= 1;
    this.bytes -= bytes;
  }

  /** Requests under way. */
  get underWay(): number {
    return this.running;
  }

  private caller(name: string): Caller {
    const known = this.callers.get(name);
    if (known) return known;
    const caller = { running: 0, bytes: 0, paidUntilMs: 0 };
    // Registered peers and officers only, so as many as the register holds.
    this.callers.set(name, caller);
    return caller;
  }
}

function refusal(code: 'RATE_LIMITED' | 'OVERLOADED', detail: string, waitMs: number): GatewayError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new GatewayError(code, detail, { headers: { 'retry-after': String(seconds) } });
}
