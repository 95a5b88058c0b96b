import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { AgencyTls } from '../../tools/load/agency-client.js';

const PLACE_OF_ID = '@@id@@';
/** To finish what is under way. */
const STOP_LIMIT_MS = 60_000;

export interface FloodOrder {
  readonly url: string;
  readonly tls: AgencyTls;
  readonly connections: number;
  /** Requests that follow one another on a connection before the first of them is answered. */
  readonly pipelining: number;
  /** What is sent, again and again, each time with an id of its own: `template`. */
  readonly templates: readonly Template[];
}

interface Template {
  readonly before: string;
  readonly after: string;
}

export interface FloodCounts {
  readonly sent: number;
  readonly unanswered: number;
  readonly byStatus: Readonly<Record<number, number>>;
  /** Answers other than 202, and than 429 or 503 that say when to come back. */
  readonly impatient: number;
}

export interface FloodResult extends FloodCounts {
  /** Ids of the events that were accepted. */
  readonly accepted: readonly string[];
  /** The first few of what should not have been. */
  readonly wrong: readonly string[];
}

type Told = { kind: 'full' } | { kind: 'counts'; counts: FloodCounts } | { kind: 'done'; result: FloodResult };

/** The body of a CloudEvent, cut where its id stands. */
export function template(message: Readonly<Record<string, unknown>>): Template {
  const [before = '', after = ''] = JSON.stringify({ ...message, id: PLACE_OF_ID }).split(PLACE_OF_ID);
  return { before, after };
}

/** A peer in a process of its own that keeps as many requests under way as it can, whatever it is answered. */
export class Flooder {
  private readonly child: ChildProcess;

  private constructor() {
    const script = join(process.cwd(), 'test', 'support', 'flooder-child.mjs');
    this.child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  }

  /** Resolves when all its connections are open and busy. */
  static async start(order: FloodOrder): Promise<Flooder> {
    const flooder = new Flooder();
    flooder.child.send({ kind: 'flood', ...order });
    await flooder.told('full');
    return flooder;
  }

  /** So far. */
  async counts(): Promise<FloodCounts> {
    this.child.send({ kind: 'counts' });
    return (await this.told('counts')).counts;
  }

  /** Sends nothing more; resolves when the last answer has come. */
  async stop(): Promise<FloodResult> {
    this.child.send({ kind: 'stop' });
    const { result } = await this.told('done');
    this.kill();
    return result;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private told<Kind extends Told['kind']>(kind: Kind): Promise<Extract<Told, { kind: Kind }>> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => ended(new Error(`the flooder does not say ${kind}`)), STOP_LIMIT_MS);
      const exited = (code: number | null): void => ended(new Error(`the flooder ended (${code})`));
      const heard = (told: Told): void => {
        if (told.kind === kind) ended(told as Extract<Told, { kind: Kind }>);
      };
      const ended = (outcome: Error | Extract<Told, { kind: Kind }>): void => {
        clearTimeout(late);
        this.child.off('message', heard).off('exit', exited);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      this.child.on('message', heard).on('exit', exited);
    });
  }
}
