import { setTimeout as sleep } from 'node:timers/promises';
import { AgencyClient, type AgencyTls, type Answer } from '../../load/agency-client.js';
import type { Event } from '../../load/messages.js';
import type { Accepted } from '../../load/open-cases.js';

/** As an adapter waits for the gateway. */
const ANSWER_LIMIT_MS = 15_000;
const CONNECTIONS = 8;
/** Too many, or not now: to be sent again. */
const LATER: ReadonlySet<number> = new Set([429, 503]);
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;

export class NotAccepted extends Error {}

/** What a sender's system keeps of the way to an answer. */
export interface Sent {
  readonly accepted: Accepted;
  readonly tries: number;
}

/**
 * One organisation's system that sends: to one gateway after the other, the same (source, id) again on a lost connection,
 * a time-out, 429 or 503, as an adapter would, until there is an answer or the run is over.
 */
export class Sender {
  private readonly clients: readonly AgencyClient[];
  private turn = 0;

  constructor(
    tls: AgencyTls,
    ports: readonly number[],
    private readonly over: AbortSignal,
  ) {
    this.clients = ports.map(
      (port) =>
        new AgencyClient({
          url: `https://localhost:${port}`,
          tls,
          connections: CONNECTIONS,
          answerLimitMs: ANSWER_LIMIT_MS,
        }),
    );
  }

  /** @throws NotAccepted on any other answer; the reason of `over` when the run ended first. */
  async send(message: Event): Promise<Sent> {
    const body = JSON.stringify(message);
    const { answer, tries } = await this.insist((client) => client.submit(body));
    const text = answer.body.toString('utf8');
    if (answer.status !== 202) throw new NotAccepted(`${String(message.type)}: ${answer.status} ${text.slice(0, 500)}`);
    return { accepted: JSON.parse(text) as Accepted, tries };
  }

  content(messageId: string, purpose: string): Promise<Answer> {
    return this.insist((client) => client.content(messageId, purpose)).then(({ answer }) => answer);
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private async insist(call: (client: AgencyClient) => Promise<Answer>): Promise<{ answer: Answer; tries: number }> {
    for (let tries = 1; ; tries += 1) {
      this.over.throwIfAborted();
      const client = this.clients[(this.turn += 1) % this.clients.length];
      if (!client) throw new Error('no gateway to send to');
      const answer = await call(client).catch(() => null);
      if (answer && !LATER.has(answer.status)) return { answer, tries };
      await sleep(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10)) * (0.5 + Math.random() / 2));
    }
  }
}
