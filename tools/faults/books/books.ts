import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** A message of which the gateway said that it is accepted, and what its sender knows must come of it. */
export interface AcceptedMessage {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly caseId: string;
  readonly messageId: string;
  /** Who must get it, by name in the roster. */
  readonly recipients: readonly string[];
  /** What one system sends about one case, one after the answer to the other: so must it arrive. */
  readonly lane: string;
  /** From 0 within the lane. */
  readonly turn: number;
  /** A stay that begins with this message: DT&V must be told of it. */
  readonly stayId?: string;
}

/** What an agency's system took: it answered 2xx. */
export interface Arrival {
  /** Name in the roster. */
  readonly recipient: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly caseId: string;
  readonly stayId?: string;
  readonly atMs: number;
}

/** A record that the gateway says it made: in a receipt, or with content that it gave. */
export interface ClaimedRecord {
  readonly recordId: string;
  /** SHA-256 of the entry, base64url. */
  readonly digest: string;
  readonly of: 'receipt' | 'content';
}

/** M05: by it DT&V knows of a stay. */
export const NOTIFICATION = 'nl.lvv.dtv-resident-notification.v1';

export const keyOf = ({ source, id }: { readonly source: string; readonly id: string }): string => `${source} ${id}`;

/**
 * What the organisations outside the gateway know, and nothing that it told about itself later. In memory for counting;
 * line by line in a file as evidence, so that a run that ends badly can be looked into.
 */
export class Books {
  readonly accepted: AcceptedMessage[] = [];
  readonly arrivals: Arrival[] = [];
  readonly claimed: ClaimedRecord[] = [];
  /** Answers that no sender should see: neither accepted nor a request to send again. */
  readonly unexpected: string[] = [];
  private readonly arrived = new Set<string>();
  private readonly told = new Set<string>();
  private readonly waiting = new Map<string, number>();
  private readonly messageIds = new Map<string, string>();

  constructor(private readonly folder: string) {}

  accept(message: AcceptedMessage): void {
    this.accepted.push(message);
    this.messageIds.set(keyOf(message), message.messageId);
    for (const recipient of message.recipients) this.expect(`${recipient} ${keyOf(message)}`);
    if (message.stayId !== undefined && !this.told.has(message.stayId)) this.expect(message.stayId);
    this.write('accepted', message);
  }

  arrive(arrival: Arrival): void {
    this.arrivals.push(arrival);
    const key = `${arrival.recipient} ${keyOf(arrival)}`;
    this.arrived.add(key);
    this.waiting.delete(key);
    if (arrival.stayId !== undefined && arrival.type === NOTIFICATION) {
      this.told.add(arrival.stayId);
      this.waiting.delete(arrival.stayId);
    }
    this.write('arrivals', arrival);
  }

  claim(record: ClaimedRecord): void {
    this.claimed.push(record);
    this.write('claimed', record);
  }

  complain(text: string): void {
    this.unexpected.push(text);
    this.write('unexpected', { at: new Date().toISOString(), text });
  }

  /** Each (source, id) once. */
  get acceptedCount(): number {
    return this.messageIds.size;
  }

  /** Accepted, and not yet with everyone who must have it. */
  get outstanding(): number {
    return this.waiting.size;
  }

  /** How long the oldest of those has waited. */
  get oldestOutstandingMs(): number {
    const [oldest] = this.waiting.values();
    return oldest === undefined ? 0 : Date.now() - oldest;
  }

  /** The gateway's id of a message that was accepted; the senders' systems keep it with the receipt. */
  messageIdOf(message: { readonly source: string; readonly id: string }): string | undefined {
    return this.messageIds.get(keyOf(message));
  }

  private expect(key: string): void {
    if (!this.arrived.has(key)) this.waiting.set(key, Date.now());
  }

  private write(book: string, line: object): void {
    appendFileSync(join(this.folder, `${book}.jsonl`), `${JSON.stringify(line)}\n`);
  }
}
