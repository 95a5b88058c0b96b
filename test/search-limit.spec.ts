import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { vNumber } from './support/messages.js';
import { World } from './support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
}, 60_000);
afterAll(() => world.close());

it('lets an organisation search sixty times a minute, then says when to come back, and others go on', async () => {
  const search = (name: string) =>
    world
      .as(name)
      .post('/v1/cases/_search')
      .set('purpose-of-use', 'P04')
      .set('user-reference', 'medewerker-1')
      .send({ vNumber: vNumber() });
  const statuses = (await Promise.all(Array.from({ length: 65 }, () => search('gro')))).map((answer) => answer.status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(60);
  const refused = await search('gro');
  expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await search('ind')).status).toBe(200);
}, 60_000);
