import { SystemRefused, SystemUnavailable, type Connector } from '../connectors/connector.js';
import type { ContentEvent } from '../gateway/content.js';

/** The agency's system: a book of what it took, in the order in which it took it. */
export class FakeSystem implements Connector {
  readonly taken: string[] = [];
  readonly offered: string[] = [];
  /** Names of messages that it refuses. */
  readonly poison = new Set<string>();
  /** Names of messages on which it breaks: no answer comes, while it answers for others. */
  readonly breaksOn = new Set<string>();
  down = false;
  /** Called once the system has the event and before the adapter hears of it. */
  afterTaking: ((signal: AbortSignal) => Promise<void>) | undefined;

  async hand(event: ContentEvent, signal: AbortSignal): Promise<void> {
    const { name } = event.data as { name: string };
    this.offered.push(name);
    await new Promise((resolve) => setImmediate(resolve));
    if (this.down || this.breaksOn.has(name)) throw new SystemUnavailable('system does not answer');
    if (this.poison.has(name)) throw new SystemRefused('system answered 422');
    this.taken.push(name);
    await this.afterTaking?.(signal);
  }

  /** Names of one case, in order. */
  takenOf(caseKey: string): readonly string[] {
    return this.taken.filter((name) => name.startsWith(caseKey));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
