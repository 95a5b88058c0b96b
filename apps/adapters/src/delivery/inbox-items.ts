import type { InboxItem } from '#messaging/event.js';
import type { InboxClient } from '#messaging/inbox-port.js';

const PAGE_ITEMS = 100;
const REMEMBERED_ITEMS = 2_000;
/** States change behind our back (taken, withdrawn, parked); a page older than this is read again. */
const FRESH_MS = 5_000;

interface Wanted {
  readonly sequence: number;
  readonly resolve: (item: InboxItem | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Finds the inbox line of a notification by its sequence: Kafka tells the family only, the inbox names the exact
 * contract (hence the purpose) and the state. One page read serves all that were asked meanwhile and those that follow.
 */
export class InboxItems {
  private readonly known = new Map<number, { readonly item: InboxItem; readonly readAt: number }>();
  private wanted: Wanted[] = [];
  private reading = false;

  constructor(private readonly inbox: InboxClient) {}

  /**
   * The item, or undefined when the gateway has no such sequence for us. `fresh` waits for a page that is requested
   * after this call, for decisions that an older answer could turn into a double delivery.
   */
  async bySequence(sequence: number, { fresh = false } = {}): Promise<InboxItem | undefined> {
    const known = this.known.get(sequence);
    this.known.delete(sequence);
    if (!fresh && known && Date.now() - known.readAt < FRESH_MS) return known.item;
    return new Promise((resolve, reject) => {
      this.wanted.push({ sequence, resolve, reject });
      if (!this.reading) void this.read();
    });
  }

  private async read(): Promise<void> {
    this.reading = true;
    try {
      while (this.wanted.length > 0) await this.readPage();
    } finally {
      this.reading = false;
    }
  }

  private async readPage(): Promise<void> {
    const asked = this.wanted;
    this.wanted = [];
    try {
      const from = Math.min(...asked.map((one) => one.sequence));
      const { items } = await this.inbox.page(from - 1, PAGE_ITEMS, 0);
      const readAt = Date.now();
      for (const item of items) this.known.set(item.sequence, { item, readAt });
      const through = items.length < PAGE_ITEMS ? Infinity : (items.at(-1)?.sequence ?? Infinity);
      for (const one of asked) {
        if (one.sequence > through) this.wanted.push(one);
        else one.resolve(items.find((item) => item.sequence === one.sequence));
        this.known.delete(one.sequence);
      }
      this.forgetOldest();
    } catch (error) {
      for (const one of asked) one.reject(error);
    }
  }

  private forgetOldest(): void {
    for (const sequence of this.known.keys()) {
      if (this.known.size <= REMEMBERED_ITEMS) return;
      this.known.delete(sequence);
    }
  }
}
