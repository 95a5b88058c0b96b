import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CLOUD_EVENT, head } from './support/api-answers.js';
import { converse, statusesIn } from './support/hostile-client.js';
import { application, vNumber } from './support/messages.js';
import { World } from './support/world.js';

/** Several requests one behind another on one connection, the last of them bad. */
jest.setTimeout(60_000);
const LIMIT_MS = 20_000;
const WAIT_SECONDS = 2;

let world: World;
const send = (bytes: string) =>
  converse(world.gateways[0]?.url ?? '', world.tlsOf('ams'), bytes, { limitMs: LIMIT_MS });
const poll = head('GET', `/v1/inbox?waitSeconds=${WAIT_SECONDS}`);
const post = (): string => {
  const body = JSON.stringify(application('ams', 'AMS', { vNumber: vNumber(), familyName: 'Achtereen' }));
  return (
    head('POST', '/v1/messages', `Content-Type: ${CLOUD_EVENT}`, `Content-Length: ${Buffer.byteLength(body)}`) + body
  );
};

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());

describe('a malformed request behind others', () => {
  it.each([
    ['that wait', () => poll, [200]],
    ['that are being written', () => post(), [202]],
    ['of both kinds', () => poll + post() + poll, [200, 202, 200]],
  ])('C18 is answered after those before it: %s', async (_what, before, statuses) => {
    for (const bad of ['goedemorgen\r\n\r\n', `${head('GET', '/v1/inbox', `X-Long: ${'a'.repeat(20_000)}`)}`]) {
      const { text, closed } = await send(before() + bad);
      const last = bad.startsWith('GET') ? 431 : 400;
      expect([statusesIn(text), closed]).toEqual([[...statuses, last], true]);
    }
  });

  it('C18 is not answered on behalf of another when the body of a request before it is the bad one', async () => {
    const broken =
      head('POST', '/v1/messages', `Content-Type: ${CLOUD_EVENT}`, 'Transfer-Encoding: chunked') + 'zz\r\n';
    const alone = await send(broken);
    expect([statusesIn(alone.text), alone.closed]).toEqual([[400], true]);
    const behind = await send(poll + broken);
    expect([statusesIn(behind.text), behind.closed]).toEqual([[200, 400], true]);
  });
});
