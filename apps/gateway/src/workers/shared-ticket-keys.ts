import { randomBytes } from 'node:crypto';
import type { TicketKeys } from '../peers/ticket-keys.js';

const TICKET_KEY_BYTES = 48;

/** A worker's side of the ticket keys that all workers share: whoever talked to one may resume at another. */
export class SharedTicketKeys implements TicketKeys {
  private readonly listeners = new Set<(key: Buffer) => void>();

  constructor(
    private key: Buffer,
    private readonly askForNew: () => void,
  ) {}

  readonly current = (): Buffer => this.key;

  readonly onChange = (listener: (key: Buffer) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Old tickets are worthless from this moment, not only once the primary has answered. */
  readonly renew = (): void => {
    this.take(randomBytes(TICKET_KEY_BYTES));
    this.askForNew();
  };

  /** The key that all have from now on. */
  take(key: Buffer): void {
    this.key = key;
    for (const listener of this.listeners) listener(key);
  }
}
