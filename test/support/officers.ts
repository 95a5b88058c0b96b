import type { Response } from 'supertest';
import { consult, contentOf, inboxOf } from './calls.js';
import { playMainJob, type Journey } from './journey.js';
import type { Person } from './messages.js';
import type { World } from './world.js';

/** An access record in words, as the search answers it. */
export interface EntryView {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly action: string;
  readonly peer?: { readonly oin: string; readonly name: string | null; readonly kind?: string };
  readonly userReference?: string;
  readonly decision: { readonly outcome: string; readonly code?: string; readonly reasons: readonly string[] };
  readonly caseId?: string;
  readonly fieldGroups: { readonly released: readonly object[]; readonly withheld: readonly object[] };
  readonly recipients: readonly { readonly oin: string }[];
}

/** Calls of privacy officers with their personal certificates. */
export class Officers {
  constructor(private readonly world: World) {}

  async search(name: string, body: object): Promise<Response> {
    return await this.world.as(name).post('/v1/access-log-entries/_search').send(body);
  }

  async read(name: string, id: string): Promise<Response> {
    return await this.world.as(name).get(`/v1/access-log-entries/${id}`);
  }

  /** Every page of a question; a refusal is the error. */
  async all(name: string, body: object): Promise<readonly EntryView[]> {
    const entries: EntryView[] = [];
    for (let cursor: string | undefined; ;) {
      const answer = await this.search(name, { ...body, limit: 100, ...(cursor ? { cursor } : {}) });
      if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`);
      const page = answer.body as { items: readonly EntryView[]; nextCursor?: string };
      entries.push(...page.items);
      if (!page.nextCursor) return entries;
      cursor = page.nextCursor;
    }
  }

  async post(name: string, path: string, body?: object): Promise<Response> {
    const call = this.world.as(name).post(path);
    return await (body ? call.send(body) : call);
  }
}

/** The main job of a person in Groningen; read there, looked into by a person at the IND, refused to Utrecht. */
export async function playAccesses(world: World, person: Person): Promise<Journey> {
  const journey = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
  const items = await inboxOf(world, 'gro', 1);
  const part = items.find((item) => item.messageId === journey.posted.M08);
  await contentOf(world, 'gro', part?.messageId ?? '', 'P03');
  const asPerson = { 'purpose-of-use': 'P03', 'user-reference': 'ind-medewerker-7' };
  await consult(world, 'ind', journey.caseId, asPerson);
  await consult(world, 'utr', journey.caseId, { ...asPerson, 'user-reference': 'utr-medewerker-9' });
  return journey;
}
