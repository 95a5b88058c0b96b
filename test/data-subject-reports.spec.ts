import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, addMonths, workingDayFrom } from '../apps/gateway/src/cases/calendar.js';
import { allRecords, submit } from './support/calls.js';
import { event, today, vNumber } from './support/messages.js';
import { EMPLOYEE, expectStatus, OIN, oinsOf, partsOf, ReportStory, type ReportPart } from './support/report-story.js';
import { peer } from './support/world.js';

const LIMIT_MS = 90_000;

let story: ReportStory;

beforeAll(async () => {
  story = await ReportStory.open();
}, LIMIT_MS);
afterAll(() => story.world.close());

describe('a report needs a request of a resident whose identity was checked', () => {
  it('is refused while nobody has checked who asks', async () => {
    const answer = await story.create('fg-ams', { requestMessageId: story.unchecked, vNumber: story.person.vNumber });
    expect([answer.status, answer.body.code]).toEqual([409, 'IDENTITY_NOT_CHECKED']);
  });

  it('is refused for another person than that of the case, and for a message that is no request', async () => {
    const mismatch = await story.create('fg-ams', { requestMessageId: story.request, vNumber: vNumber() });
    expect([mismatch.status, mismatch.body.code]).toEqual([409, 'SUBJECT_MISMATCH']);
    const none = await story.create('fg-ams', {
      requestMessageId: story.journey.posted.M08,
      vNumber: story.person.vNumber,
    });
    expect([none.status, none.body.code]).toEqual([404, 'REPORT_NOT_AVAILABLE']);
  });

  it('does not exist for an officer whose organisation neither sent nor received it', async () => {
    for (const officer of ['fg-utr', 'fg-dtv']) {
      const answer = await story.create(officer, { requestMessageId: story.request, vNumber: story.person.vNumber });
      expect([officer, answer.status, answer.body.code]).toEqual([officer, 404, 'REPORT_NOT_AVAILABLE']);
    }
  });

  it('is made once, with a part of its own and a clock of its own for each controller', async () => {
    const made = await story.made();
    const body = { requestMessageId: story.request, vNumber: story.person.vNumber };
    const month = workingDayFrom(addMonths(today(), 1));
    expect(partsOf(made).find((part) => part.oin === OIN.ind)).toMatchObject({
      regime: 'AVG',
      state: 'OPEN',
      dueOn: month,
    });
    const again = await expectStatus(200, story.create('fg-ind', body));
    expect([(again.body as { id: string }).id, oinsOf(again)]).toEqual([story.report, [OIN.ind]]);
  });
});

describe('who knows of which part', () => {
  it('is for the handler its own and those that the request names, but not the police', async () => {
    expect(oinsOf(await expectStatus(200, story.read('fg-ams', '')))).toEqual([OIN.ams, OIN.ind]);
  });

  it('is for every other controller its own: the police under its own law and within six weeks', async () => {
    const [police, ...more] = partsOf(await expectStatus(200, story.read('fg-avim', '')));
    expect(more).toEqual([]);
    expect(police).toMatchObject({ oin: OIN.avim, regime: 'WPG', dueOn: workingDayFrom(addDays(today(), 42)) });
    expect(police?.entries).toBe(3);
    expect(oinsOf(await expectStatus(200, story.read('fg-dtv', '')))).toEqual([OIN.dtv]);
    await expectStatus(404, story.read('fg-utr', ''));
    await expectStatus(404, story.world.as('fg-utr').get('/v1/data-subject-reports/geen-kenmerk'));
  });

  it('stands on the list of work of each of them', async () => {
    for (const officer of ['fg-ams', 'fg-ind', 'fg-dtv', 'fg-avim'])
      expect((await story.list(officer)).body).toMatchObject({ items: [{ id: story.report }] });
    expect((await story.list('fg-utr')).body).toEqual({ items: [] });
  });

  it('lets nobody read, release or refuse the part of another', async () => {
    await expectStatus(404, story.read('fg-ams', `/parts/${OIN.ind}`));
    await expectStatus(404, story.read('fg-ind', `/parts/${OIN.ams}`));
    await expectStatus(404, story.act('fg-ams', OIN.ind, 'release', { withheld: [] }));
    await expectStatus(404, story.act('fg-dtv', OIN.avim, 'refusal', { ground: 'WPG_27_1_B' }));
  });

  it('lets the handler alone have the document', async () => {
    for (const officer of ['fg-ind', 'fg-avim', 'fg-utr']) await expectStatus(404, story.read(officer, '/document'));
  });
});

describe('a controller decides on its own part', () => {
  it('sees its lines page by page, without a reference to an employee', async () => {
    const first = await expectStatus(200, story.read('fg-ams', `/parts/${OIN.ams}?limit=5`));
    const page = first.body as { part: ReportPart; items: { entryId: string; what: string }[]; next: string };
    expect(page.items).toHaveLength(5);
    const second = await expectStatus(200, story.read('fg-ams', `/parts/${OIN.ams}?limit=500&after=${page.next}`));
    const rest = second.body as { items: { entryId: string; what: string }[]; next?: string };
    expect(rest.next).toBeUndefined();
    expect(page.items.length + rest.items.length).toBe(page.part.entries);
    expect(first.text + second.text).not.toContain(EMPLOYEE);
  });

  it('extends its term once, with a ground of its own law', async () => {
    const wrong = await story.act('fg-ind', OIN.ind, 'extension', { ground: 'POSTPONED' });
    expect([wrong.status, wrong.body.code]).toEqual([409, 'GROUND_NOT_APPLICABLE']);
    const answer = await expectStatus(200, story.act('fg-ind', OIN.ind, 'extension', { ground: 'COMPLEX' }));
    expect(partsOf(answer)[0]?.dueOn).toBe(workingDayFrom(addMonths(today(), 3)));
    const twice = await story.act('fg-ind', OIN.ind, 'extension', { ground: 'COMPLEX' });
    expect([twice.status, twice.body.code]).toEqual([409, 'TERM_NOT_EXTENDABLE']);
  });

  it('releases nothing before it has decided', async () => {
    expect(await story.document()).toMatchObject({ entries: [], groups: [] });
  });

  it('releases its part, withholds a line with a ground, and does so once', async () => {
    const lines = (await story.read('fg-ams', `/parts/${OIN.ams}`)).body as { items: { entryId: string }[] };
    const [one] = lines.items;
    const withheld = [{ entryId: one?.entryId, ground: 'UAVG_41_1_I', showFrom: '2099-01-01' }];
    const foreign = [{ ...withheld[0], entryId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12' }];
    expect((await story.act('fg-ams', OIN.ams, 'release', { withheld: foreign })).body.code).toBe('ENTRY_NOT_IN_PART');
    const police = [{ ...withheld[0], ground: 'WPG_27_1_B' }];
    expect((await story.act('fg-ams', OIN.ams, 'release', { withheld: police })).body.code).toBe(
      'GROUND_NOT_APPLICABLE',
    );
    await expectStatus(200, story.act('fg-ams', OIN.ams, 'release', { withheld }));
    expect((await story.act('fg-ams', OIN.ams, 'release', { withheld: [] })).body.code).toBe('PART_ANSWERED');
    await expectStatus(200, story.act('fg-dtv', OIN.dtv, 'release', { withheld: [] }));
    const { entries, organisations } = await story.document();
    expect(entries.map((entry) => entry.id)).not.toContain(one?.entryId);
    const ams = organisations.find(({ name }) => name === peer('ams').title);
    expect(ams?.withheld).toEqual([
      expect.objectContaining({ count: 1, ground: 'UAVG_41_1_I', showFrom: '2099-01-01' }),
    ]);
  });
});

describe('what is done with a report', () => {
  it('is recorded: changes as administration, looks as consultations, refusals as refusals; each about the person', async () => {
    const records = (await allRecords(story.world)).filter(({ action }) => action.startsWith('data-subject-report.'));
    const kinds = new Map(records.map(({ action, kind, decision }) => [`${action} ${decision.outcome}`, kind]));
    expect(Object.fromEntries(kinds)).toMatchObject({
      'data-subject-report.create permit': 'ADMIN',
      'data-subject-report.extend permit': 'ADMIN',
      'data-subject-report.release permit': 'ADMIN',
      'data-subject-report.read-part permit': 'CONSULTATION',
      'data-subject-report.download permit': 'CONSULTATION',
      'data-subject-report.create refuse': 'REFUSAL',
      'data-subject-report.release refuse': 'REFUSAL',
      'data-subject-report.download refuse': 'REFUSAL',
    });
    const downloads = records.filter(
      ({ action, decision }) => action.endsWith('download') && decision.outcome === 'permit',
    );
    for (const record of downloads) expect(record).toMatchObject({ purpose: 'P12', caseId: story.journey.caseId });
    expect(downloads.every(({ subjects }) => subjects.length === 1)).toBe(true);
  });

  it('of the police shows in no record that another organisation may find', async () => {
    const [seen] = await story.world.rows<{ concerns: string[][] }>(
      `SELECT array_agg(DISTINCT array_to_string(concerns, ' ')) AS concerns FROM access_record
       WHERE action LIKE 'data-subject-report.%' AND peer_oin = $1`,
      [OIN.avim],
    );
    expect(seen?.concerns).toEqual([OIN.avim]);
  });

  it('leaves the case as it was', async () => {
    const [row] = await story.world.rows<{ state: string }>('SELECT state FROM lvv_case WHERE id = $1', [
      story.journey.caseId,
    ]);
    expect(row?.state).toBe('REST_PERIOD');
    expect((await submit(story.world, 'ngo-1', event('ngo-1', 'data-subject-request', { right: 'ACCESS', received_on: today(), identity_checked: true, controllers: [OIN.avim] }, { caseid: story.journey.caseId }))).status).toBe(202); // prettier-ignore
    const [sent] = await story.world.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM delivery d JOIN message m ON m.id = d.message_id WHERE m.contract = 'M37' AND m.sender_kind = 'NGO'`,
    );
    expect(sent?.n).toBe(0);
  });
});
