import { randomBytes } from 'node:crypto';

const ROTATION_INTERVAL_MS = 3_600_000;
/** Length that Node demands: name, HMAC key and AES key of a session ticket. */
const TICKET_KEY_BYTES = 48;

/** Where the keys of session tickets come from: processes that share a port share them, or nobody can resume. */
export interface TicketKeys {
  /** The 48 bytes in use. */
  readonly current: () => Buffer;
  /** Called with each new key; returns how to stop that. */
  readonly onChange: (listener: (key: Buffer) => void) => () => void;
  /** Makes every ticket worthless: lists or certificates have changed. The new key comes through `onChange`. */
  readonly renew: () => void;
}

/** The keys of a process that has its port to itself: random, new each hour and when asked. */
export class OwnTicketKeys implements TicketKeys {
  private readonly listeners = new Set<(key: Buffer) => void>();
  private readonly timer: NodeJS.Timeout;
  private key = randomBytes(TICKET_KEY_BYTES);

  constructor(intervalMs = ROTATION_INTERVAL_MS) {
    this.timer = setInterval(() => this.renew(), intervalMs).unref();
  }

  readonly current = (): Buffer => this.key;

  readonly onChange = (listener: (key: Buffer) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly renew = (): void => {
    this.key = randomBytes(TICKET_KEY_BYTES);
    for (const listener of this.listeners) listener(this.key);
  };

  close(): void {
    clearInterval(this.timer);
    this.listeners.clear();
  }
}
