import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeWebhook } from '../testing/fake-webhook.js';
import { SystemRefused, SystemUnavailable } from './connector.js';
import { WebhookConnector } from './webhook-connector.js';

const EVENT = {
  specversion: '1.0' as const,
  id: 'e1',
  source: 'urn:nld:oin:00000099000000000301:ind',
  type: 'nl.lvv.ind-dossier-part.v1',
  time: '2026-11-02T09:00:00Z',
  caseid: 'c1',
  purpose: 'P03',
  data: { part_id: 'x' },
};
const going = new AbortController().signal;

let webhook: FakeWebhook;
let connector: WebhookConnector;

beforeEach(async () => {
  webhook = new FakeWebhook();
  connector = new WebhookConnector(await webhook.listen());
});

afterEach(async () => {
  await connector.close();
  await webhook.close();
});

describe('WebhookConnector', () => {
  it('posts the event as it is, in structured mode', async () => {
    await connector.hand(EVENT, going);
    expect(webhook.bodies).toEqual([EVENT]);
    expect(webhook.contentTypes[0]).toMatch(/^application\/cloudevents\+json/);
  });

  it.each([400, 409, 422, 500])('takes %i for a refusal of this event', async (status) => {
    webhook.statuses.push(status);
    await expect(connector.hand(EVENT, going)).rejects.toBeInstanceOf(SystemRefused);
  });

  it.each([429, 502, 503, 504])('takes %i for a system that cannot answer now', async (status) => {
    webhook.statuses.push(status);
    await expect(connector.hand(EVENT, going)).rejects.toBeInstanceOf(SystemUnavailable);
  });

  it('does not follow a redirect: content goes to the configured address only', async () => {
    webhook.statuses.push(302);
    await expect(connector.hand(EVENT, going)).rejects.toBeInstanceOf(SystemRefused);
    expect(webhook.bodies).toEqual([]);
  });

  it('calls a system that does not listen unavailable, without naming its address', async () => {
    const nobody = new WebhookConnector('http://127.0.0.1:1/events');
    const failure = await nobody.hand(EVENT, going).catch((error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(SystemUnavailable);
    expect((failure as Error).message).toBe('system does not answer: ECONNREFUSED');
    await nobody.close();
  });
});
