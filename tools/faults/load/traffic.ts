import { adapterContracts } from '../../demo/steps/adapters.js';
import { type Event, peerNamed } from '../../load/messages.js';
import type { Accepted } from '../../load/open-cases.js';
import type { Arrival, Books } from '../books/books.js';
import { Pace } from './pace.js';
import { type Meaning, playResident } from './residents.js';
import { NotAccepted, type Sender } from './sender.js';

/** One in so many is sent a second time after its answer, as a system does that lost its notes. */
const AGAIN_EVERY = 50;
/** One in so many that arrived is read once more by a person's system, who keeps the record that is claimed. */
const READ_EVERY = 40;
const READS_AT_ONCE = 4;

export interface TrafficParts {
  readonly books: Books;
  readonly senders: ReadonlyMap<string, Sender>;
  readonly municipalities: readonly string[];
  readonly ratePerSecond: number;
  /** Residents about whom is sent at the same time. */
  readonly residentsAtOnce: number;
}

/** Real messages of several organisations at a steady pace, as long as the gateway takes them. */
export class Traffic {
  private readonly pace: Pace;
  private ending = false;
  private residents = 0;
  private sent = 0;
  private reads = 0;
  private arrivals = 0;
  /** Longest wait for an answer since it was last asked. */
  private slowestMs = 0;
  private readonly running: Promise<unknown>;

  constructor(private readonly parts: TrafficParts) {
    this.pace = new Pace(parts.ratePerSecond);
    this.running = Promise.all(Array.from({ length: parts.residentsAtOnce }, () => this.residentAfterResident()));
  }

  /** A system took something: now and then a person there looks at the content itself. */
  arrived(arrival: Arrival): void {
    this.arrivals += 1;
    if (this.arrivals % READ_EVERY !== 0 || this.reads >= READS_AT_ONCE) return;
    this.reads += 1;
    void this.read(arrival).finally(() => (this.reads -= 1));
  }

  takeSlowestMs(): number {
    const slowest = this.slowestMs;
    this.slowestMs = 0;
    return slowest;
  }

  /** No new residents; resolves when what was begun has been accepted, or the senders gave up. */
  async end(): Promise<void> {
    this.ending = true;
    await this.running;
  }

  private async residentAfterResident(): Promise<void> {
    while (!this.ending) {
      const n = (this.residents += 1);
      const municipality = this.parts.municipalities[n % this.parts.municipalities.length] ?? '';
      try {
        await playResident(n, municipality, (message, meaning) => this.post(message, meaning));
      } catch (error) {
        if (!(error instanceof NotAccepted)) return;
        this.parts.books.complain(error.message);
      }
    }
  }

  private async post(message: Event, { from, ...meaning }: Meaning): Promise<Accepted> {
    await this.pace.turn();
    const sender = this.senderOf(from);
    const startedMs = performance.now();
    const { accepted } = await sender.send(message);
    this.slowestMs = Math.max(this.slowestMs, performance.now() - startedMs);
    this.note(message, meaning, accepted);
    this.sent += 1;
    if (this.sent % AGAIN_EVERY === 0) this.note(message, meaning, (await sender.send(message)).accepted);
    return accepted;
  }

  private note(message: Event, meaning: Omit<Meaning, 'from'>, { messageId, caseId, receipt }: Accepted): void {
    const { books } = this.parts;
    books.accept({
      source: String(message.source),
      id: message.id,
      type: String(message.type),
      caseId,
      messageId,
      ...meaning,
    });
    const payload = Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString('utf8');
    const { recordId, entryDigest } = JSON.parse(payload) as { recordId: string; entryDigest: string };
    books.claim({ recordId, digest: entryDigest, of: 'receipt' });
  }

  private async read(arrival: Arrival): Promise<void> {
    const { books } = this.parts;
    const messageId = books.messageIdOf(arrival);
    const use = adapterContracts(peerNamed(arrival.recipient).kind)[arrival.type];
    if (messageId === undefined || !use) return;
    const answer = await this.senderOf(arrival.recipient)
      .content(messageId, use.purpose)
      .catch(() => null);
    if (answer?.status !== 200) {
      if (answer) books.complain(`content of ${arrival.type}: ${answer.status} ${answer.body.toString('utf8')}`);
      return;
    }
    const { accessRecord } = JSON.parse(answer.body.toString('utf8')) as {
      accessRecord: { id: string; digest: string };
    };
    books.claim({ recordId: accessRecord.id, digest: accessRecord.digest, of: 'content' });
  }

  private senderOf(name: string): Sender {
    const sender = this.parts.senders.get(name);
    if (!sender) throw new Error(`${name} sends nothing here`);
    return sender;
  }
}
