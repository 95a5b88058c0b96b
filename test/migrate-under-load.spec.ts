import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { application, vNumber } from './support/messages.js';
import { World } from './support/world.js';

/** What a next release may add while this one serves (decision 0023): nullable columns, defaults, checks, tables. */
const NEXT_RELEASE = [
  'ALTER TABLE ketenpoort.access_record ADD COLUMN of_next_release text',
  'ALTER TABLE ketenpoort.delivery ADD COLUMN of_next_release timestamptz',
  `ALTER TABLE ketenpoort.message ADD COLUMN of_next_release int NOT NULL DEFAULT 7`,
  'ALTER TABLE ketenpoort.lvv_case ADD CONSTRAINT of_next_release CHECK (opened_at IS NOT NULL) NOT VALID',
  'ALTER TABLE ketenpoort.lvv_case VALIDATE CONSTRAINT of_next_release',
  'CREATE TABLE ketenpoort.of_next_release (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())',
];
const LOCK_LIMIT_MS = 2_000;
const TRIES = 10;
const SENDERS = 8;

let world: World;
let stopping = false;
const took: number[] = [];
const answers = new Map<number, number>();

async function send(): Promise<void> {
  while (!stopping) {
    const message = application('ams', 'AMS', { vNumber: vNumber(), familyName: 'Proefpersoon' });
    const begunMs = performance.now();
    const { status } = await world
      .as('ams')
      .post('/v1/messages')
      .set('content-type', 'application/cloudevents+json')
      .send(JSON.stringify(message));
    took.push(performance.now() - begunMs);
    answers.set(status, (answers.get(status) ?? 0) + 1);
  }
}

/** As `migrate` does it: gives up rather than have everyone queue behind it, and tries again. */
async function apply(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: world.ownerUrl, lock_timeout: LOCK_LIMIT_MS });
  await client.connect();
  try {
    for (let tries = 1; ; tries += 1) {
      const done = await client.query(statement).then(
        () => true,
        (error: unknown) => {
          if ((error as { code?: string }).code !== '55P03' || tries === TRIES) throw error;
          return false;
        },
      );
      if (done) return;
    }
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world.close());

describe('a schema that a next release expands', () => {
  it('changes while this release serves: no request fails, none waits for longer than a lock may', async () => {
    const senders = Array.from({ length: SENDERS }, () => send());
    for (const statement of NEXT_RELEASE) {
      const before = answers.get(202) ?? 0;
      await apply(statement);
      while ((answers.get(202) ?? 0) < before + SENDERS) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    stopping = true;
    await Promise.all(senders);
    expect([...answers.keys()]).toEqual([202]);
    expect(Math.max(...took)).toBeLessThan(LOCK_LIMIT_MS * 2);
    const [kept] = await world.rows<{ messages: number }>('SELECT count(*)::int AS messages FROM message');
    expect(kept?.messages).toBe(answers.get(202));
  });

  it('keeps a process of this release from starting on it once it is recorded as ahead', async () => {
    await world.rows(`INSERT INTO migrations (timestamp, name) VALUES (4102444800000, 'OfNextRelease4102444800000')`);
    await expect(world.startGateway()).rejects.toThrow(/ahead of this release: OfNextRelease/);
    expect((await fetch(`${world.gateways[0]?.managementUrl}/health/ready`)).status).toBe(200);
  });
});
