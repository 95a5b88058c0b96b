import { setTimeout as sleep } from 'node:timers/promises';
import type { InboxItem, InboxPage } from '#messaging/event.js';
import { AgencyClient, bodyOf, tlsOf } from '../../tools/load/agency-client.js';
import { Latencies, type LatencySummary } from '../../tools/load/latencies.js';
import { admission, type OpenCase } from '../../tools/load/messages.js';
import { openCases } from '../../tools/load/open-cases.js';
import { openLoop } from '../../tools/load/open-loop.js';
import { until } from './until.js';
import type { World } from './world.js';

/** As an adapter has; a request that finds none free waits, and its time counts. */
const CONNECTIONS = 16;
const WAIT_SECONDS = 2;
const PAGE_LIMIT = 100;
/** Whoever follows and keeps up stays within its own share: twenty polls a second. */
const BETWEEN_POLLS_MS = 50;
const SEEN_LIMIT_MS = 60_000;

/**
 * One municipality that starts stays at a steady rate, and recipients that follow their inboxes meanwhile. Only it and
 * they are looked at: what else happens at the gateway is up to the story.
 */
export class StayStarts {
  /** Answers that none of them should ever see. */
  readonly problems: string[] = [];
  /** What DT&V's inbox showed, in the order in which it did. */
  readonly shown: InboxItem[] = [];
  private readonly clients = new Map<string, AgencyClient>();
  private readonly seenAtMs = new Map<string, number>();
  private readonly cases: OpenCase[] = [];
  private people = 0;
  private following: Promise<unknown> | null = null;
  private stopped = false;

  constructor(
    private readonly world: World,
    private readonly sender: string,
    private readonly others: readonly string[],
  ) {}

  /** Cases with a stay each; the ids of both. */
  async openStays(municipality: string, count: number): Promise<readonly { caseId: string; stayId: string }[]> {
    const made = await this.open(municipality, count, 'admitted');
    return await this.world.rows('SELECT case_id AS "caseId", id AS "stayId" FROM stay WHERE case_id = ANY ($1)', [
      made.map(({ caseId }) => caseId),
    ]);
  }

  /** So many cases of which the stay can begin. */
  async prepare(count: number): Promise<void> {
    this.cases.push(...(await this.open(this.sender, count, 'answered')));
  }

  /** DT&V and the others read their inboxes from now on, from where they were. */
  follow(): void {
    this.stopped = false;
    const dtv = this.followOne('dtv', (item) => {
      this.seenAtMs.set(item.messageId, performance.now());
      this.shown.push(item);
    });
    this.following = Promise.all([dtv, ...this.others.map((name) => this.followOne(name, () => undefined))]);
  }

  async stopFollowing(): Promise<void> {
    this.stopped = true;
    await this.following;
  }

  /** From the moment at which each message that begins a stay was due until DT&V's inbox shows its notification. */
  async measure(ratePerSecond: number, seconds: number): Promise<LatencySummary> {
    const some = this.cases.splice(0, ratePerSecond * seconds);
    const dueAtMs = new Map<string, number>();
    const fire = async (n: number, intendedMs: number): Promise<boolean> => {
      const one = some[n];
      if (!one) throw new Error('too few cases were prepared');
      dueAtMs.set(one.caseId, intendedMs);
      const answer = await this.as(this.sender).submit(JSON.stringify(admission(one)));
      if (answer.status !== 202) this.problem(this.sender, answer);
      return answer.status === 202;
    };
    await openLoop({ ratePerSecond, seconds, fire });
    const rows = await this.world.rows<{ caseId: string; messageId: string }>(
      'SELECT case_id AS "caseId", dtv_notification_id AS "messageId" FROM stay WHERE case_id = ANY ($1)',
      [[...dueAtMs.keys()]],
    );
    await until('all seen', SEEN_LIMIT_MS, () => rows.every(({ messageId }) => this.seenAtMs.has(messageId)));
    const latencies = new Latencies();
    for (const { caseId, messageId } of rows)
      latencies.add((this.seenAtMs.get(messageId) ?? Infinity) - (dueAtMs.get(caseId) ?? 0));
    return latencies.summary();
  }

  async close(): Promise<void> {
    await this.stopFollowing();
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private async followOne(name: string, see: (item: InboxItem) => void): Promise<void> {
    for (let after = name === 'dtv' ? (this.shown.at(-1)?.sequence ?? 0) : 0; !this.stopped;) {
      const path = `/v1/inbox?after=${after}&limit=${PAGE_LIMIT}&waitSeconds=${WAIT_SECONDS}`;
      const answer = await this.as(name).call({ method: 'GET', path });
      if (answer.status === 200) {
        const { items, next } = bodyOf<InboxPage>(answer, 200);
        items.forEach(see);
        after = next;
        // Whoever has more to read than a page holds reads on, as an adapter does.
        if (items.length === PAGE_LIMIT) continue;
      } else this.problem(name, answer);
      await sleep(BETWEEN_POLLS_MS);
    }
  }

  private async open(
    municipality: string,
    count: number,
    stage: 'answered' | 'admitted',
  ): Promise<readonly OpenCase[]> {
    const firstPerson = this.people;
    this.people += count;
    return await openCases((name) => this.as(name), { count, stage, municipalities: [municipality], firstPerson });
  }

  private as(name: string): AgencyClient {
    const { world } = this;
    const known = this.clients.get(name);
    if (known) return known;
    const url = world.gateways[0]?.url ?? '';
    const made = new AgencyClient({ url, tls: tlsOf(world.pki, name), connections: CONNECTIONS });
    this.clients.set(name, made);
    return made;
  }

  private problem(name: string, { status, body }: { readonly status: number; readonly body: Buffer }): void {
    this.problems.push(`${name}: ${status} ${body.toString('utf8')}`);
  }
}
