import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { inboxOf } from './support/calls.js';
import { eventProblems } from './support/cloud-event-rules.js';
import {
  application,
  checkRequest,
  coaAnswer,
  decision,
  indAnswer,
  noFile,
  stayStarted,
  vNumber,
  type Event,
} from './support/messages.js';
import { World } from './support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
}, 60_000);
afterAll(() => world.close());

function submit(from: string, message: Event): Promise<Response> {
  return world
    .as(from)
    .post('/v1/messages')
    .set('content-type', 'application/cloudevents+json')
    .send(JSON.stringify(message));
}

async function accepted(from: string, message: Event): Promise<{ messageId: string; caseId: string }> {
  const answer = await submit(from, message);
  if (answer.status !== 202) throw new Error(`${String(message.type)}: ${answer.status} ${answer.text}`);
  return answer.body as { messageId: string; caseId: string };
}

async function inbox(name: string): Promise<{ contract: string; messageId: string }[]> {
  const answer = await world.as(name).get('/v1/inbox?waitSeconds=2');
  return (answer.body as { items: { contract: string; messageId: string }[] }).items;
}

/** What an SDK lets pass, and the profile does not. */
const BROKEN: readonly (readonly [object, string])[] = [
  [{ type: 'ResidentNotified' }, 'type ResidentNotified'],
  [{ source: 'https://gemeente.example' }, 'source https://gemeente.example'],
  [{ averylongattributename1: 'x' }, 'name averylongattributename1'],
  [{ Casus: 'x' }, 'name Casus'],
  [{ extra: { nested: true } }, 'base /extra must be string,integer,boolean'],
  [{ extra: null }, 'base /extra must be string,integer,boolean'],
  [{ id: '' }, 'base /id must NOT have fewer than 1 characters'],
  [{ time: '2026-11-22 10:00' }, 'base /time must match format "date-time"'],
  [{ specversion: '0.3' }, 'base /specversion must be equal to constant'],
  [{ subject: 'v-nummer 0000000001' }, 'number of a person in subject'],
  [{ data: 'x'.repeat(65_536) }, 'larger than 64 KB'],
];

describe('the main job', () => {
  const person = { vNumber: vNumber(), familyName: 'Proefpersoon' };
  let caseId: string;

  it('tells DT&V nothing of an application, and asks IND and COA to check', async () => {
    ({ caseId } = await accepted('gro', application('gro', 'GRO', person)));
    await accepted('gro', checkRequest('gro', caseId, person));
    expect((await inbox('ind')).map((item) => item.contract)).toEqual(['nl.lvv.admission-check-request.v1']);
    expect((await inbox('coa')).map((item) => item.contract)).toEqual(['nl.lvv.admission-check-request.v1']);
    const dtv = await world.as('dtv').get('/v1/inbox');
    expect(dtv.body.items).toEqual([]);
  });

  it('asks IND and DT&V for the dossier on admission, and tells DT&V of the stay', async () => {
    await accepted('ind', indAnswer(caseId));
    await accepted('coa', coaAnswer(caseId));
    // The answers decide whether she may be admitted, and are of a criminal-law nature: never in clear in the database.
    const [stored] = await world.rows('SELECT snapshot::text AS text FROM lvv_case WHERE id = $1', [caseId]);
    expect(stored?.text).toContain('"answers": {}');
    await accepted('gro', decision('gro', caseId));
    await accepted('gro', stayStarted('gro', caseId));
    const contracts = (await inboxOf(world, 'dtv', 2)).map((item) => item.contract);
    expect(contracts).toEqual(['nl.lvv.dossier-request.v1', 'nl.lvv.dtv-resident-notification.v1']);
  });

  it('C25 discloses the notification to DT&V for its purpose only, with a record', async () => {
    const notification = (await inbox('dtv')).find((item) => item.contract.includes('dtv-resident'));
    const path = `/v1/messages/${notification?.messageId}/content`;
    const without = await world.as('dtv').get(path);
    expect([without.status, without.body.code]).toEqual([403, 'PURPOSE_REQUIRED']);
    const wrong = await world.as('dtv').get(path).set('purpose-of-use', 'P05');
    expect([wrong.status, wrong.body.code]).toEqual([403, 'PURPOSE_NOT_ALLOWED']);
    const content = await world.as('dtv').get(path).set('purpose-of-use', 'P02');
    expect(content.status).toBe(200);
    expect(content.body.event.data).toMatchObject({
      family_name: 'Proefpersoon',
      v_number: person.vNumber,
      stay_kind: 'SHELTER',
      pilot: 'GRO',
    });
    expect(content.body.withheld).toEqual([]);
    const [record] = await world.rows<{ kind: string; decision: string }>(
      'SELECT kind, decision FROM access_record WHERE id = $1',
      [content.headers['access-record']],
    );
    expect(record).toEqual({ kind: 'DELIVERY', decision: 'permit' });
  });

  it('starts no rest period on one part, and says what is outstanding', async () => {
    await accepted('ind', noFile('ind', caseId, person));
    const dossier = await world
      .as('gro')
      .get(`/v1/cases/${caseId}/dossier`)
      .set('purpose-of-use', 'P03')
      .set('user-reference', 'medewerker-1');
    expect(dossier.status).toBe(200);
    expect(dossier.body.data.outstanding).toEqual([{ supplier: 'DTV', since: expect.stringMatching(/Z$/) }]);
    expect(dossier.body.data.restPeriod).toBeUndefined();
  });

  it('starts the rest period of 14 local days on the second part and tells everyone entitled', async () => {
    await accepted('dtv', noFile('dtv', caseId, person));
    const view = await world
      .as('gro')
      .get(`/v1/cases/${caseId}`)
      .set('purpose-of-use', 'P04')
      .set('user-reference', 'medewerker-1');
    expect(view.body.data.state).toBe('REST_PERIOD');
    const { startsOn, endsOn } = view.body.data.restPeriod as { startsOn: string; endsOn: string };
    expect((Date.parse(endsOn) - Date.parse(startsOn)) / 86_400_000).toBe(14);
    for (const name of ['gro', 'ind', 'dtv']) {
      const contracts = (await inbox(name)).map((item) => item.contract);
      expect(contracts).toEqual(expect.arrayContaining(['nl.lvv.dossier-delivered.v1', 'nl.lvv.rest-period-event.v1']));
    }
  });

  it('refuses a stay id that belongs to a stay of another case, with a clear answer', async () => {
    const other = { vNumber: vNumber(), familyName: 'Ander' };
    const opened = await accepted('ams', application('ams', 'AMS', other));
    await accepted('ams', checkRequest('ams', opened.caseId, other));
    const [stay] = await world.rows<{ id: string }>('SELECT id FROM stay WHERE case_id = $1', [caseId]);
    const refused = await submit('ams', stayStarted('ams', opened.caseId, 'GUIDANCE_ONLY', stay?.id));
    expect([refused.status, refused.body.code]).toEqual([409, 'CASE_STATE_CONFLICT']);
  });

  it('C23 keeps the rules of CloudEvents and of the Dutch profile in each event, for every organisation', async () => {
    const items = await Promise.all(['gro', 'ind', 'coa', 'dtv'].map((name) => inboxOf(world, name, 1)));
    const events = items.flat().map(({ event }) => ({ ...event }));
    expect(events.length).toBeGreaterThan(6);
    expect(events.flatMap(eventProblems)).toEqual([]);
    for (const [change, problem] of BROKEN) {
      const broken = { ...events[0], ...change };
      expect([change, eventProblems(broken)]).toEqual([change, [problem]]);
    }
  });

  it('C26 gives the same receipt for the same message, and 409 for another body under the same id', async () => {
    const message = application('gro', 'GRO', { vNumber: vNumber(), familyName: 'Nogeens' });
    const first = await submit('gro', message);
    const second = await submit('gro', { ...message, time: '2026-01-01T00:00:00Z' });
    expect(second.status).toBe(202);
    expect(second.text).toBe(first.text);
    const other = await submit('gro', { ...message, data: { ...message.data, family_name: 'Anders' } });
    expect([other.status, other.body.code]).toEqual([409, 'MESSAGE_ID_REUSED']);
  });
});
