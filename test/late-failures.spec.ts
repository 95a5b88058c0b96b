import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { correction, part, withdrawal } from './support/case-messages.js';
import { CaseSteps } from './support/case-steps.js';
import type { Accepted } from './support/peer-client.js';
import { peer, World } from './support/world.js';

jest.setTimeout(60_000);
const run = promisify(execFile);
const GRO = peer('gro').oin;

let world: World;
let steps: CaseSteps;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  steps = new CaseSteps(world);
});
afterAll(async () => {
  steps?.close();
  await world?.close();
});

describe('a failure that is told late', () => {
  const states = async (messages: readonly Accepted[]) => {
    const rows = await world.rows<{ id: string; state: string }>(
      'SELECT message_id AS id, state FROM delivery WHERE recipient_oin = $1 AND message_id = ANY ($2)',
      [GRO, messages.map(({ messageId }) => messageId)],
    );
    return messages.map(({ messageId }) => rows.find(({ id }) => id === messageId)?.state);
  };
  const tell = async ({ messageId }: Accepted) => {
    const answer = await steps.as('gro').acknowledge(messageId, 'failed', 'SYSTEM_REFUSED');
    expect(answer.status).toBe(200);
  };

  it('parks nothing when the message was withdrawn meanwhile: the withdrawal arrives', async () => {
    const opened = await steps.admitted('gro');
    const sent = await steps.part('ind', opened);
    const notice = await steps.accepted('ind', withdrawal('ind', opened.caseId, sent.messageId));
    await tell(sent);
    const later = await steps.accepted('ind', correction('ind', opened.caseId, sent.messageId));
    expect(await states([sent, notice, later])).toEqual(['WITHDRAWN', 'OUTSTANDING', 'OUTSTANDING']);
  });

  it('parks nothing anew when an operator has passed over the message', async () => {
    const opened = await steps.admitted('gro');
    const sent = await steps.part('ind', opened);
    await tell(sent);
    const later = await steps.accepted('ind', correction('ind', opened.caseId, sent.messageId));
    expect(await states([sent, later])).toEqual(['PARKED', 'PARKED']);
    const env = { ...process.env, DATABASE_URL: world.databaseUrl };
    const skip = ['--recipient', GRO, '--case', opened.caseId, '--skip', '--apply'];
    await run(process.execPath, ['dist/tools/redrive/main.js', ...skip], { env });
    await tell(sent);
    expect(await states([sent, later])).toEqual(['DEAD', 'OUTSTANDING']);
  });

  it('leaves no older version outstanding behind a withdrawn one', async () => {
    const opened = await steps.admitted('gro');
    const versions: Accepted[] = [];
    const partId = randomUUID();
    for (const version of [1, 2, 3]) versions.push(await steps.accepted('ind', part('ind', opened, partId, version)));
    await tell(versions[0]!);
    const notice = await steps.accepted('ind', withdrawal('ind', opened.caseId, versions[2]!.messageId));
    expect(await states([...versions, notice])).toEqual(['WITHDRAWN', 'WITHDRAWN', 'WITHDRAWN', 'OUTSTANDING']);
  });
});
