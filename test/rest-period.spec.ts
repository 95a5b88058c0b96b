import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { correction, part, purged, receipt, stayChanged, withdrawal } from './support/case-messages.js';
import { CaseSteps, type OpenCase } from './support/case-steps.js';
import { fullPart } from './support/journey.js';
import { application, checkRequest, decision, stayStarted, vNumber, type Event } from './support/messages.js';
import { until } from './support/until.js';
import { World } from './support/world.js';

jest.setTimeout(120_000);
const GATEWAYS = 3;
const LIMIT_MS = 20_000;
const MUNICIPALITY = 'utr';

let world: World;
let steps: CaseSteps;

beforeAll(async () => {
  world = await World.open();
  await Promise.all(Array.from({ length: GATEWAYS }, () => world.startGateway()));
  steps = new CaseSteps(world);
});

afterAll(async () => {
  steps?.close();
  await world?.close();
});

/** From now on the case clock of every process reads this instant and runs on from there. */
async function clockAt(now: string): Promise<void> {
  const put = world.gateways.map(({ managementUrl }) =>
    fetch(`${managementUrl}/case-clock`, { method: 'PUT', body: JSON.stringify({ now }) }),
  );
  expect((await Promise.all(put)).map(({ status }) => status)).toEqual(world.gateways.map(() => 200));
}

interface CaseView {
  readonly state: string;
  readonly restPeriod?: { readonly startsOn: string; readonly endsOn: string; readonly status: string };
}
interface DossierView {
  readonly requestedAt: string;
  readonly deliveredAt?: string;
  readonly outstanding: readonly { readonly supplier: string; readonly since: string }[];
  readonly parts: readonly unknown[];
}

const view = async ({ caseId }: OpenCase): Promise<CaseView> =>
  (await steps.as(MUNICIPALITY).view(caseId, 'P04')).body.data as CaseView;
const dossier = async ({ caseId }: OpenCase, purpose = 'P03'): Promise<DossierView> =>
  (await steps.as(MUNICIPALITY).view(caseId, purpose, '/dossier')).body.data as DossierView;
async function transitions({ caseId }: OpenCase): Promise<readonly string[]> {
  const rows = await world.rows<{ transition: string }>(
    'SELECT transition FROM case_event WHERE case_id = $1 ORDER BY n',
    [caseId],
  );
  return rows.map((row) => row.transition);
}
async function timerDue({ caseId }: OpenCase): Promise<string | undefined> {
  const sql = `SELECT due_at AS due FROM timer WHERE case_id = $1 AND kind = 'TMR-REST'`;
  return (await world.rows<{ due: Date }>(sql, [caseId]))[0]?.due.toISOString();
}
/** Both parts in: the rest period runs. Returns the part of DT&V. */
async function delivered(): Promise<OpenCase & { readonly dtvPart: string }> {
  const opened = await steps.admitted(MUNICIPALITY);
  await steps.part('ind', opened);
  const { messageId } = await steps.part('dtv', opened);
  return { ...opened, dtvPart: messageId };
}
const refusal = async (from: string, message: Event): Promise<readonly unknown[]> =>
  steps
    .as(from)
    .submit(message)
    .then(({ status, body }) => [status, body.code]);

describe('the rest period', () => {
  it('does not run on the part of the IND alone, and the municipality sees what is outstanding and since when', async () => {
    const opened = await steps.admitted(MUNICIPALITY);
    const before = await dossier(opened);
    expect(before.outstanding.map(({ supplier }) => supplier)).toEqual(['IND', 'DTV']);
    await steps.part('ind', opened);
    expect((await dossier(opened)).outstanding).toEqual([{ supplier: 'DTV', since: before.requestedAt }]);
    expect(Math.abs(Date.now() - Date.parse(before.requestedAt))).toBeLessThan(60_000);
    expect([(await view(opened)).restPeriod, await timerDue(opened)]).toEqual([undefined, undefined]);
  });

  it.each([
    ['an ordinary day', '2027-01-11T10:00:00Z', '2027-01-11', '2027-01-25', '2027-01-25T23:00:00.000Z'],
    ['across the start of summer time', '2027-03-20T12:00:00Z', '2027-03-20', '2027-04-03', '2027-04-03T22:00:00.000Z'],
    ['across the end of summer time', '2027-10-20T12:00:00Z', '2027-10-20', '2027-11-03', '2027-11-03T23:00:00.000Z'],
    ['over the turn of the year', '2027-12-24T22:30:00Z', '2027-12-24', '2028-01-07', '2028-01-07T23:00:00.000Z'],
    ['on 29 February', '2028-02-29T22:59:00Z', '2028-02-29', '2028-03-14', '2028-03-14T23:00:00.000Z'],
  ])('has 14 local calendar days: %s', async (_, now, startsOn, endsOn, due) => {
    await clockAt(now);
    const opened = await delivered();
    expect(await view(opened)).toMatchObject({
      state: 'REST_PERIOD',
      restPeriod: { startsOn, endsOn, status: 'RUNNING' },
    });
    expect(await timerDue(opened)).toBe(due);
  });

  it.each([
    ['in winter', '2027-02-08T22:59:58.000Z', '2027-02-08', '2027-02-22', '2027-02-22T23:00:00.000Z'],
    ['in summer', '2027-07-08T21:59:58.000Z', '2027-07-08', '2027-07-22', '2027-07-22T22:00:00.000Z'],
  ])('still begins today two seconds before local midnight: %s', async (_, now, startsOn, endsOn, due) => {
    const justBefore = async (): Promise<OpenCase | false> => {
      await clockAt(`${startsOn}T12:00:00Z`);
      const opened = await steps.admitted(MUNICIPALITY);
      await steps.part('ind', opened);
      await clockAt(now);
      await steps.part('dtv', opened);
      const at = Date.parse((await dossier(opened, 'P04')).deliveredAt ?? '');
      // A machine that was held up for two seconds has shown nothing about midnight.
      return at < Date.parse(now) + 2_000 && opened;
    };
    const opened = (await until('a part accepted in those two seconds', LIMIT_MS, justBefore)) as OpenCase;
    expect((await view(opened)).restPeriod).toEqual({ startsOn, endsOn, status: 'RUNNING' });
    expect(await timerDue(opened)).toBe(due);
  });

  it('elapses at the next local midnight and not before, once, whichever of three processes is first', async () => {
    await clockAt('2027-03-20T12:00:00Z');
    const opened = await Promise.all(Array.from({ length: 6 }, () => delivered()));
    await clockAt('2027-04-03T21:59:00Z');
    // Longer than the sweep of every process takes to come round.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await Promise.all(opened.map(view))).map(({ state }) => state)).toEqual(opened.map(() => 'REST_PERIOD'));
    await clockAt('2027-04-03T22:00:00Z');
    for (const one of opened)
      await until('the period elapsed', LIMIT_MS, async () => (await view(one)).state === 'SCENARIO_PREP');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    for (const one of opened) {
      expect((await view(one)).restPeriod?.status).toBe('ELAPSED');
      expect((await transitions(one)).filter((id) => id === 'T16')).toHaveLength(1);
      const notices = `SELECT 1 FROM delivery d JOIN message m ON m.id = d.message_id WHERE m.case_id = $1 AND m.contract = 'M13'`;
      const told = await world.rows(notices, [one.caseId]);
      // STARTED and ELAPSED, to the municipality, the IND and DT&V.
      expect(told).toHaveLength(2 * 3);
    }
  });
});

describe('a part that its supplier withdraws during the rest period', () => {
  it('voids the period, closes the content, leaves a tombstone, and a new delivery gives a new 14 days', async () => {
    await clockAt('2027-05-03T10:00:00Z');
    const opened = await delivered();
    const fetched = await delivered();
    expect((await steps.as(MUNICIPALITY).content(fetched.dtvPart, 'P03')).status).toBe(200);
    for (const { caseId, dtvPart } of [opened, fetched])
      await steps.accepted('dtv', withdrawal('dtv', caseId, dtvPart));

    expect(await view(opened)).toMatchObject({ state: 'DOSSIER_PARTIAL', restPeriod: { status: 'VOIDED' } });
    expect(await timerDue(opened)).toBeUndefined();
    expect((await dossier(opened)).outstanding.map(({ supplier }) => supplier)).toEqual(['DTV']);
    for (const { dtvPart } of [opened, fetched]) {
      const content = await steps.as(MUNICIPALITY).content(dtvPart, 'P03');
      expect([content.status, content.body.code]).toEqual([410, 'WITHDRAWN']);
    }
    const inbox = await until('the withdrawal numbered', LIMIT_MS, async () => {
      const items = await steps.as(MUNICIPALITY).inbox();
      return items.filter(({ contract }) => contract === 'nl.lvv.withdrawal-notice.v1').length === 2 && items;
    });
    const tombstone = (inbox as readonly { messageId: string }[]).find((item) => item.messageId === opened.dtvPart);
    expect(tombstone).toMatchObject({ state: 'WITHDRAWN', caseSequence: expect.any(Number) });
    expect(tombstone).not.toHaveProperty('contract');

    const purge = await steps.accepted(MUNICIPALITY, purged(MUNICIPALITY, opened.caseId, opened.dtvPart));
    expect((await steps.as('dtv').content(purge.messageId, 'P12')).status).toBe(200);

    await clockAt('2027-05-10T10:00:00Z');
    await steps.part('dtv', opened);
    const again = { startsOn: '2027-05-10', endsOn: '2027-05-24', status: 'RUNNING' };
    expect((await view(opened)).restPeriod).toEqual(again);
    expect((await transitions(opened)).slice(-2)).toEqual(['T12', 'T09']);
  });
});

describe('a part in several versions', () => {
  it('is read in its newest version under the id of the first one, and the rest period runs on', async () => {
    const opened = await steps.admitted(MUNICIPALITY);
    const partId = randomUUID();
    const first = await steps.accepted('ind', fullPart('ind', opened.caseId, opened.person, partId));
    await steps.part('dtv', opened);
    const before = (await view(opened)).restPeriod;
    await steps.accepted('ind', correction('ind', opened.caseId, first.messageId));
    const newer = fullPart('ind', opened.caseId, opened.person, partId);
    const data = { ...newer.data, part_version: 2, stay_prospect: 'REGULAR_POSSIBLE' };
    await steps.accepted('ind', { ...newer, data });
    const content = await steps.as(MUNICIPALITY).content(first.messageId, 'P03');
    expect(content.body).toMatchObject({ event: { data: { part_version: 2, stay_prospect: 'REGULAR_POSSIBLE' } } });
    expect((await view(opened)).restPeriod).toEqual(before);
  });

  it('is one part, however often it is sent', async () => {
    const opened = await steps.admitted(MUNICIPALITY);
    const message = part('ind', opened, randomUUID());
    const first = await steps.accepted('ind', message);
    expect(await steps.accepted('ind', message)).toEqual(first);
    expect(await refusal('ind', { ...message, id: randomUUID() })).toEqual([409, 'PART_ALREADY_ACCEPTED']);
    expect((await dossier(opened)).parts).toHaveLength(1);
  });

  it('is outstanding again when the municipality cannot use it', async () => {
    const opened = await steps.admitted(MUNICIPALITY);
    const requestedAt = (await dossier(opened)).requestedAt;
    const { messageId } = await steps.part('ind', opened);
    expect((await view(opened)).state).toBe('DOSSIER_PARTIAL');
    await steps.accepted(MUNICIPALITY, receipt(MUNICIPALITY, opened.caseId, messageId, 'UNREADABLE'));
    expect((await view(opened)).state).toBe('DOSSIER_REQUESTED');
    expect((await dossier(opened)).outstanding).toEqual([
      { supplier: 'IND', since: requestedAt },
      { supplier: 'DTV', since: requestedAt },
    ]);
    expect((await transitions(opened)).at(-1)).toBe('T11');
  });
});

describe('outside a covenant', () => {
  it('takes no application, check or admission, while what runs goes on', async () => {
    await clockAt('2030-12-20T10:00:00Z');
    const [screening, answered, admitted] = await Promise.all([
      steps.screening(MUNICIPALITY),
      steps.answered(MUNICIPALITY),
      delivered(),
    ]);
    await clockAt('2031-01-02T10:00:00Z');
    const person = { vNumber: vNumber(), familyName: 'Te laat' };
    const expired = [409, 'COVENANT_EXPIRED'];
    expect(await refusal(MUNICIPALITY, application(MUNICIPALITY, 'UTR', person))).toEqual(expired);
    const { caseId, person: asked } = screening;
    expect(await refusal(MUNICIPALITY, checkRequest(MUNICIPALITY, caseId, asked))).toEqual(expired);
    expect(await refusal(MUNICIPALITY, decision(MUNICIPALITY, answered.caseId))).toEqual(expired);

    const stayId = randomUUID();
    await steps.accepted(MUNICIPALITY, stayStarted(MUNICIPALITY, admitted.caseId, 'SHELTER', stayId));
    await steps.accepted(MUNICIPALITY, stayChanged(admitted, stayId, 'ENDED'));
    await steps.accepted('dtv', correction('dtv', admitted.caseId, admitted.dtvPart));
    const told = await world.rows<{ contract: string }>(
      `SELECT m.contract FROM message m WHERE m.case_id = $1 AND m.contract IN ('M05', 'M41', 'M28') ORDER BY m.id`,
      [admitted.caseId],
    );
    expect(told.map(({ contract }) => contract).sort()).toEqual(['M05', 'M28', 'M41', 'M41']);
    await clockAt('2031-01-05T10:00:00Z');
    await until('its rest period elapsed', LIMIT_MS, async () => (await view(admitted)).state === 'SCENARIO_PREP');
  });
});
