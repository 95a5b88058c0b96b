import cluster from 'node:cluster';
import type { ManagementParts } from '../management-server.js';
import { ShiftableClock } from '../clock.js';
import type { Answers, FromWorker, ListenerName, Question, ToWorker } from './messages.js';
import type { Place } from './place.js';
import { SharedTicketKeys } from './shared-ticket-keys.js';

/** This process as one of several workers: what it hears from the primary and tells it. */
export class WorkerChannel {
  readonly place: Place;
  private readonly ticketKeys: Readonly<Record<ListenerName, SharedTicketKeys>>;
  private management: ManagementParts | null = null;

  private constructor(
    begin: Extract<ToWorker, { kind: 'begin' }>,
    private readonly onStop: () => void,
  ) {
    const keysOf = (listener: ListenerName): SharedTicketKeys =>
      new SharedTicketKeys(Buffer.from(begin.ticketKeys[listener], 'base64'), () =>
        tell({ kind: 'renew-ticket-key', listener }),
      );
    this.ticketKeys = { agencies: keysOf('agencies'), public: keysOf('public') };
    this.place = { clock: new ShiftableClock(begin.caseNow), ticketKeys: this.ticketKeys };
    process.on('message', (message: ToWorker) => this.take(message));
  }

  /** Resolves with the first word of the primary. @param onStop called when it asks this process to finish and go */
  static open(onStop: () => void): Promise<WorkerChannel> {
    return new Promise((resolve) => {
      process.once('message', (message: ToWorker) => {
        if (message.kind !== 'begin') throw new Error('the primary did not begin');
        resolve(new WorkerChannel(message, onStop));
      });
      tell({ kind: 'hello' });
    });
  }

  /** From now on this process serves, and can be asked how it is. */
  ready(management: ManagementParts): void {
    this.management = management;
    tell({ kind: 'ready' });
  }

  /** It goes for a reason that the primary did not give. */
  leaving(): void {
    tell({ kind: 'leaving' });
  }

  /** The last that is heard of this process. */
  async end(): Promise<void> {
    const figures = await this.answer('own-figures');
    await new Promise<void>((resolve) => {
      process.send?.({ kind: 'last-figures', figures }, () => resolve());
    });
  }

  private take(message: ToWorker): void {
    if (message.kind === 'ticket-key') this.ticketKeys[message.listener].take(Buffer.from(message.key, 'base64'));
    if (message.kind === 'stop') this.onStop();
    if (message.kind === 'ask') {
      // Without an answer it counts as silent.
      void this.answer(message.question, message.argument).then(
        (value) => tell({ kind: 'answer', id: message.id, value }),
        () => undefined,
      );
    }
  }

  private async answer(question: Question, argument = ''): Promise<Answers[Question]> {
    switch (question) {
      case 'trouble':
        return this.management ? await this.management.trouble() : 'the worker is starting';
      case 'figures':
      case 'own-figures':
        return (await this.management?.metrics(question === 'figures' ? 'all' : 'process')) ?? [];
      case 'case-clock':
        this.place.clock.shiftTo(argument);
        return this.place.clock.now().toISOString();
    }
  }
}

function tell(message: FromWorker): void {
  if (cluster.worker?.isConnected()) process.send?.(message);
}
