import type { InboxItem } from '#messaging/event.js';
import type { InboxClient } from '#messaging/inbox-port.js';

const PAGE_ITEMS = 100;

interface Search {
  readonly partitionKey: string;
  /** First and last `casesequence` that are missing. */
  readonly from: number;
  readonly to: number;
  /** Everything that is missing was numbered before this one. */
  readonly beforeSequence: number;
  readonly found: InboxItem[];
  readonly resolve: (found: readonly InboxItem[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Looks for the missing messages of a case among what the gateway still has for us. */
export class Outstanding {
  private searches: Search[] = [];
  private searching = false;

  constructor(private readonly inbox: InboxClient) {}

  private async *pages(): AsyncGenerator<readonly InboxItem[]> {
    for (let after = 0; ;) {
      const page = await this.inbox.page(after, PAGE_ITEMS, 0, 'outstanding');
      if (page.items.length > 0) yield page.items;
      if (page.items.length === 0 || page.next <= after || page.next >= page.highest) return;
      after = page.next;
    }
  }

  /**
   * Which of `from..to` of a case are still to be delivered. What is not in the answer was settled before: taken before
   * our state was lost, withdrawn, purged, or passed over by an operator. Searches that come together share one reading.
   */
  missing(search: Pick<Search, 'partitionKey' | 'from' | 'to' | 'beforeSequence'>): Promise<readonly InboxItem[]> {
    return new Promise((resolve, reject) => {
      this.searches.push({ ...search, found: [], resolve, reject });
      if (!this.searching) void this.search();
    });
  }

  private async search(): Promise<void> {
    this.searching = true;
    try {
      while (this.searches.length > 0) await this.searchOnce();
    } finally {
      this.searching = false;
    }
  }

  private async searchOnce(): Promise<void> {
    const searches = this.searches;
    this.searches = [];
    try {
      const through = Math.max(...searches.map((one) => one.beforeSequence));
      for await (const items of this.pages()) {
        for (const search of searches) search.found.push(...items.filter((item) => matches(search, item)));
        if ((items.at(-1)?.sequence ?? 0) >= through) break;
      }
      for (const search of searches) search.resolve(search.found);
    } catch (error) {
      for (const search of searches) search.reject(error);
    }
  }
}

function matches(search: Search, item: InboxItem): boolean {
  const at = item.caseSequence;
  return item.event.partitionkey === search.partitionKey && at !== null && at >= search.from && at <= search.to;
}
