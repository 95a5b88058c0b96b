import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPostgres, type EmbeddedPostgres } from '../tools/database/embedded-postgres.js';
import { inboxOf, submit } from './support/calls.js';
import { acknowledgement, playMainJob, type Journey } from './support/journey.js';
import { application, stayStarted, vNumber } from './support/messages.js';
import { urlsOf } from './support/own-server.js';
import { recordsOnSmallDisk, removeSmallDisk, whyNoSmallDisk } from './support/small-disk.js';
import { tableDigests } from './support/table-digests.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

const RECOVERY_LIMIT_MS = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'ketenpoort-unrecordable-'));
// The account of the server has to get to its disk.
chmodSync(folder, 0o755);
const noSmallDisk = whyNoSmallDisk(join(folder, 'disk'));
if (noSmallDisk !== null) console.warn(`the full disk is left out, none can be mounted here: ${noSmallDisk}`);

let postgres: EmbeddedPostgres;
let world: World;
let journey: Journey;
const person = { vNumber: vNumber(), familyName: 'Onvastgelegd' };

beforeAll(async () => {
  postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  world = await World.open({ urls: urlsOf(postgres) });
  await world.startGateway();
  journey = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
  await inboxOf(world, 'gro', 5);
}, 120_000);
afterAll(async () => {
  await world.close();
  await postgres.remove();
  removeSmallDisk(join(folder, 'disk'));
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => atRest());

type Call = () => PromiseLike<{ readonly status: number; readonly body: unknown; readonly text: string }>;

/** Everything that leaves a record, as it would be allowed. */
function calls(): Readonly<Record<string, Call>> {
  const { caseId, posted } = journey;
  const gro = { 'purpose-of-use': 'P04', 'user-reference': 'medewerker-1' };
  const grant = { kind: 'MRT', member: peer('ind').oin, person: 'lid-1', basis: 'LSO-1' };
  const validUntil = new Date(Date.now() + 86_400_000).toISOString();
  const post = (path: string, body: object, name = 'gro') => world.as(name).post(path).set(gro).send(body);
  return {
    'accepting a message': () =>
      submit(world, 'ams', application('ams', 'AMS', { vNumber: vNumber(), familyName: 'Nieuw' })),
    'refusing a message': () => submit(world, 'ngo-1', acknowledgement(caseId)),
    'releasing content': () => world.as('gro').get(`/v1/messages/${posted.M08}/content`).set('purpose-of-use', 'P03'),
    'refusing content': () => world.as('gro').get(`/v1/messages/${posted.M08}/content`).set('purpose-of-use', 'P14'),
    'a consultation': () => world.as('gro').get(`/v1/cases/${caseId}`).set(gro),
    'a search': () => post('/v1/cases/_search', { vNumber: person.vNumber }),
    'an acknowledgement': () =>
      post('/v1/acknowledgements', { acknowledgements: [{ messageId: posted.M04, status: 'taken' }] }, 'ngo-1'),
    'a page of the inbox': () => world.as('ind').get('/v1/inbox'),
    'a policy evaluation': () => post('/v1/policy-evaluations', { purpose: 'P04', view: 'case', caseId }),
    'a grant': () => post(`/v1/cases/${caseId}/grants`, { ...grant, validUntil }),
  };
}

/** The sequencer has done what it had to do: from here on rows change only because of a request. */
async function atRest(): Promise<void> {
  await until('nothing waits for a place in the log', RECOVERY_LIMIT_MS, async () => {
    const [row] = await world.rows<{ n: number }>('SELECT count(*)::int AS n FROM pending_leaf');
    return row?.n === 0;
  });
}

async function everyCallFails(status = 503, code = 'LOG_UNAVAILABLE'): Promise<void> {
  for (const [what, call] of Object.entries(calls())) {
    const answer = await call();
    expect([what, answer.status, answer.body]).toMatchObject([what, status, { code }]);
    // A problem document and nothing else: no content, no name, no number.
    expect(Object.keys(answer.body as object).sort()).toEqual(PROBLEM_MEMBERS);
    for (const value of [person.familyName, person.vNumber]) expect(answer.text).not.toContain(value);
  }
}
const PROBLEM_MEMBERS = ['code', 'detail', 'instance', 'nextStep', 'status', 'title', 'type'];

async function worksAgain(): Promise<void> {
  const read = () => world.as('gro').get(`/v1/messages/${journey.posted.M08}/content`).set('purpose-of-use', 'P03');
  await until('content is released again', RECOVERY_LIMIT_MS, async () => (await read()).status === 200);
  const { caseId } = journey;
  const view = await world.as('gro').get(`/v1/cases/${caseId}`).set({ 'purpose-of-use': 'P04', 'user-reference': 'm-1' }); // prettier-ignore
  expect([view.status, (await world.as('ind').get('/v1/inbox')).status]).toEqual([200, 200]);
}

describe('C30 when the record cannot be written, nothing is released, published or changed', () => {
  it('because the role may not insert it', async () => {
    const before = await tableDigests(world, { withLog: true });
    await world.rows('REVOKE INSERT ON access_record FROM ketenpoort_app');
    try {
      await everyCallFails();
    } finally {
      await world.rows('GRANT INSERT ON access_record TO ketenpoort_app');
    }
    expect(await tableDigests(world, { withLog: true })).toEqual(before);
    await worksAgain();
  });

  it('because the database is gone', async () => {
    const before = await tableDigests(world, { withLog: true });
    await postgres.stop();
    await everyCallFails();
    postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: postgres.port });
    expect(await until('the rows can be read', RECOVERY_LIMIT_MS, () => tableDigests(world, { withLog: true }).catch(() => null))).toEqual(before); // prettier-ignore
    await worksAgain();
  });

  it('because it is larger than a record may be', async () => {
    const crowd = `(SELECT jsonb_agg(jsonb_build_object('oin', '00000099' || lpad(n::text, 12, '7'), 'kind', 'NGO',
      'from', '2020-01-01', 'basis', 'M43')) FROM generate_series(1, 1500) AS n)`;
    await world.rows(
      `UPDATE lvv_case SET snapshot = jsonb_set(snapshot, '{parties}', snapshot -> 'parties' || ${crowd}) WHERE id = $1`,
      [journey.caseId],
    );
    const before = await tableDigests(world, { withLog: true });
    const answer = await submit(world, 'gro', stayStarted('gro', journey.caseId, 'GUIDANCE_ONLY'));
    expect([answer.status, answer.body]).toMatchObject([500, { code: 'INTERNAL' }]);
    expect(await tableDigests(world, { withLog: true })).toEqual(before);
  });

  // Last: the records stay on the disk that is gone after it. Left out where no small disk can be mounted: the reason is
  // printed above, and with CI=true `npm test` counts it as a failure.
  (noSmallDisk === null ? it : it.skip)('because the disk is full', async () => {
    const disk = await recordsOnSmallDisk(world.superUrl, join(folder, 'disk'));
    await disk.fill();
    const before = await tableDigests(world, { withLog: true });
    await everyCallFails();
    expect(await tableDigests(world, { withLog: true })).toEqual(before);
    disk.empty();
    await worksAgain();
  });
});
