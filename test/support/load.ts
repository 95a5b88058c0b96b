import type { InboxItem } from '#messaging/event.js';
import { adapterContracts } from '../../tools/demo/steps/adapters.js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from './messages.js';
import { PeerClient, type Accepted, type Answer } from './peer-client.js';
import { peer, type GatewayProcess, type World } from './world.js';

const PATIENCE_MS = 90_000;
const AGAIN_MS = 200;
const FETCHES_AT_ONCE = 8;

/** How many requests got an answer, by what they asked for: each must have left one record. */
export interface Tally {
  accepted: number;
  replays: number;
  contents: number;
  acknowledgements: number;
  pages: number;
  /** Requests whose answer never came: the gateway was killed. They may have left a record or not. */
  unanswered: number;
  /** Answers that no caller should ever see. */
  readonly unexpected: string[];
}

export const emptyTally = (): Tally => ({
  accepted: 0,
  replays: 0,
  contents: 0,
  acknowledgements: 0,
  pages: 0,
  unanswered: 0,
  unexpected: [],
});

/** A peer that is spread over all gateways that run, and goes on where another one stops. */
export class SpreadPeer {
  private readonly clients = new Map<GatewayProcess, PeerClient>();
  private turn = 0;

  constructor(
    private readonly world: World,
    private readonly name: string,
    private readonly tally: Tally,
  ) {}

  /** Sends until there is an answer other than 503 with Retry-After; a lost connection is tried at another gateway. */
  async insist(send: (client: PeerClient) => Promise<Answer>): Promise<Answer> {
    for (const end = Date.now() + PATIENCE_MS; ;) {
      const answer = await send(this.next()).catch(() => null);
      if (answer === null) this.tally.unanswered += 1;
      const waitsFor = answer?.status === 503 && answer.body.code === 'OVERLOADED' ? answer.headers['retry-after'] : '';
      if (answer && !waitsFor) return answer;
      if (Date.now() > end) throw new Error(`${this.name} got no answer in time`);
      await sleep(waitsFor ? Number(waitsFor) * 1_000 : AGAIN_MS);
    }
  }

  async accepted(message: Event): Promise<Accepted> {
    const answer = await this.insist((client) => client.submit(message));
    if (answer.status !== 202) throw this.unexpected(`${String(message.type)}`, answer);
    this.tally.accepted += 1;
    return answer.body as unknown as Accepted;
  }

  /** Follows the inbox as an adapter does, until `done` and everything is read: fetch the content, then acknowledge. */
  async follow(done: () => boolean): Promise<readonly InboxItem[]> {
    const purposes = adapterContracts(peer(this.name).kind);
    const seen: InboxItem[] = [];
    for (;;) {
      const finished = done();
      const after = seen.at(-1)?.sequence ?? 0;
      const answer = await this.insist((client) => client.call('GET', `/v1/inbox?after=${after}&waitSeconds=1`));
      if (answer.status !== 200) throw this.unexpected('inbox', answer);
      const items = answer.body.items as InboxItem[];
      if (items.length === 0 && finished) return seen;
      if (items.length > 0) this.tally.pages += 1;
      seen.push(...items);
      for (let at = 0; at < items.length; at += FETCHES_AT_ONCE) {
        const some = items.slice(at, at + FETCHES_AT_ONCE);
        await Promise.all(some.map((item) => this.fetch(item, purposes[item.contract ?? '']?.purpose ?? '')));
      }
      if (items.length > 0) await this.acknowledge(items.map(({ messageId }) => messageId));
    }
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
  }

  private async fetch({ messageId, contract }: InboxItem, purpose: string): Promise<void> {
    const answer = await this.insist((client) => client.content(messageId, purpose));
    if (answer.status !== 200) throw this.unexpected(`content of ${contract}`, answer);
    this.tally.contents += 1;
  }

  private async acknowledge(messageIds: readonly string[]): Promise<void> {
    const acknowledgements = messageIds.map((messageId) => ({ messageId, status: 'taken' }));
    const call = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ acknowledgements }) };
    const answer = await this.insist((client) => client.call('POST', '/v1/acknowledgements', call));
    const results = (answer.body.results ?? []) as { status: string }[];
    if (answer.status !== 200 || results.some(({ status }) => status !== 'recorded')) {
      throw this.unexpected('acknowledgements', answer);
    }
    this.tally.acknowledgements += 1;
  }

  private next(): PeerClient {
    const running = this.world.gateways.filter((one) => one.process.exit() === null);
    this.turn += 1;
    const gateway = running[this.turn % running.length];
    if (!gateway) throw new Error('no gateway runs');
    const client = this.clients.get(gateway) ?? new PeerClient(this.world, this.name, () => gateway);
    this.clients.set(gateway, client);
    return client;
  }

  private unexpected(what: string, answer: Answer): Error {
    const text = `${what}: ${answer.status} ${JSON.stringify(answer.body)}`;
    this.tally.unexpected.push(text);
    return new Error(text);
  }
}

/** Runs the tasks in order of the list, at most so many at once. */
export async function runAll(tasks: readonly (() => Promise<unknown>)[], atOnce: number): Promise<void> {
  const queue = [...tasks];
  const worker = async (): Promise<void> => {
    for (let task = queue.shift(); task; task = queue.shift()) await task();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
