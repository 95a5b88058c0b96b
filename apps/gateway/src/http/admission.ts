import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LoopTurns } from './loop-turns.js';
import { PeerLimits } from './peer-limits.js';
import { SlowRefusals } from './slow-refusals.js';

/** Requests under way in one process, and the bodies it holds for them: what keeps its memory bounded. */
const RUNNING = { maxRunning: 2_000, maxRunningBytes: 48 * 1024 * 1024 };
/** Some milliseconds of work. */
const BEGUN_IN_A_TURN = 16;

export interface AdmissionSettings {
  /** Requests of one caller in a second. */
  readonly requestsPerSecond: number;
  /** Assumed of a body that does not say how large it is. */
  readonly maxBodyBytes: number;
}

/** Who may come in, before anything of a body is read, and who begins next, before anything of it is worked on. */
export class Admission {
  private readonly limits: PeerLimits;
  private readonly turns = new LoopTurns(BEGUN_IN_A_TURN, RUNNING.maxRunning);
  private readonly refusals = new SlowRefusals();
  private readonly inside = new WeakMap<Socket, Set<() => void>>();

  constructor(private readonly settings: AdmissionSettings) {
    this.limits = new PeerLimits({ ...RUNNING, requestsPerSecond: settings.requestsPerSecond });
  }

  /**
   * Holds a request to the limits of its caller until its answer has left or its connection is gone. Both are needed: of
   * requests that were sent one behind another, a broken connection ends only the first with an event of its own.
   * @throws GatewayError RATE_LIMITED, OVERLOADED; not before it is time to ask again
   */
  async enter(caller: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = this.bodyBytes(request);
    try {
      this.limits.enter(caller, bytes, performance.now());
    } catch (error) {
      if (!(await this.refusals.hold(caller))) response.shouldKeepAlive = false;
      throw error;
    }
    const inside = this.insideOf(request.socket);
    const leave = (): void => {
      if (inside.delete(leave)) this.limits.leave(caller, bytes);
    };
    inside.add(leave);
    response.once('close', leave);
  }

  /** Calls `begin` when it is the turn of this caller. */
  begin(caller: string, begin: () => void): void {
    this.turns.take(caller, begin);
  }

  private bodyBytes({ headers }: IncomingMessage): number {
    const { maxBodyBytes } = this.settings;
    if (headers['transfer-encoding'] !== undefined) return maxBodyBytes;
    // What is no length at all was refused by the parser.
    return Math.min(Number(headers['content-length'] ?? 0), maxBodyBytes);
  }

  private insideOf(socket: Socket): Set<() => void> {
    const known = this.inside.get(socket);
    if (known) return known;
    const inside = new Set<() => void>();
    this.inside.set(socket, inside);
    socket.once('close', () => {
      for (const leave of inside) leave();
    });
    return inside;
  }
}
