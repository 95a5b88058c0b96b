import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { accepted, recordsDuring } from './support/calls.js';
import { playMainJob, type Journey } from './support/journey.js';
import { application, checkRequest, coaAnswer, decision, indAnswer, vNumber } from './support/messages.js';
import { Officers } from './support/officers.js';
import { peer, World } from './support/world.js';

let world: World;
let journey: Journey;
let caseNumber: string;
const person = { vNumber: vNumber(), familyName: 'Gezocht' };

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  journey = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
  const [row] = await world.rows<{ number: string }>('SELECT number FROM lvv_case WHERE id = $1', [journey.caseId]);
  caseNumber = row?.number ?? '';
}, 60_000);
afterAll(() => world.close());

/** Both ways to ask for the resident. */
const questions = () => [{ vNumber: person.vNumber }, { caseNumber }];

async function search(name: string, by: object, purpose = 'P04'): Promise<Response> {
  const headers = { 'purpose-of-use': purpose, 'user-reference': 'medewerker-7' };
  return await world.as(name).post('/v1/cases/_search').set(headers).send(by);
}

/** Searches that an officer finds by this question. */
async function seenBy(officer: string, question: object): Promise<readonly string[]> {
  const entries = await new Officers(world).all(officer, { ...question, action: 'cases.search' });
  return entries.map(({ id }) => id);
}

describe('the record of a search', () => {
  it.each(['gro', 'ind', 'dtv'])(
    'by %s names person, case and municipality, whichever number was given',
    async (name) => {
      for (const by of questions()) {
        const { records } = await recordsDuring(world, () => search(name, by));
        const fieldGroups = { released: ['FG01'], withheld: [] };
        expect(records).toMatchObject([{ caseId: journey.caseId, municipality: peer('gro').oin, fieldGroups }]);
        expect(records[0]?.subjects).toHaveLength(1);
        expect(await seenBy('fg-gro', { caseId: journey.caseId })).toContain(records[0]?.id);
        expect(await seenBy('fg-gro', { subject: person.vNumber })).toContain(records[0]?.id);
      }
    },
  );

  it('concerns each municipality in which the resident has a case that was shown, and stays one', async () => {
    const twice = { vNumber: vNumber(), familyName: 'Tweemaal' };
    const cases: string[] = [];
    for (const name of ['rot', 'ehv']) {
      const { caseId } = await accepted(world, name, application(name, name.toUpperCase(), twice));
      await accepted(world, name, checkRequest(name, caseId, twice));
      cases.unshift(caseId);
    }
    const { answer, records } = await recordsDuring(world, () => search('ind', { vNumber: twice.vNumber }));
    expect(answer.body.items).toMatchObject(cases.map((caseId) => ({ caseId })));
    expect(records).toHaveLength(1);
    expect(records[0]?.subjects).toHaveLength(1);
    expect(records[0]).not.toHaveProperty('caseId');
    for (const officer of ['fg-rot', 'fg-ehv'])
      expect([officer, await seenBy(officer, { subject: twice.vNumber })]).toEqual([officer, [records[0]?.id]]);
  });

  it('that found nothing names the person who was looked for, and says that nothing was given', async () => {
    for (const number of [person.vNumber, vNumber()]) {
      const { answer, records } = await recordsDuring(world, () => search('utr', { vNumber: number }));
      expect(answer.body).toEqual({ items: [] });
      expect(records).toMatchObject([{ kind: 'CONSULTATION', fieldGroups: { released: [], withheld: [] } }]);
      expect(records[0]?.subjects).toEqual([{ id: 'search' }]);
      expect(records[0]).not.toHaveProperty('caseId');
      expect(records[0]).not.toHaveProperty('municipality');
    }
  });
});

describe('what a search shows', () => {
  it.each([
    ['gro', 'P10'],
    ['gro', 'P11'],
    ['gro', 'P13'],
    ['ind', 'P10'],
    ['ind', 'P13'],
    ['dtv', 'P10'],
    ['dtv', 'P13'],
  ])('is nothing to %s for %s, which releases no state of a case: it is refused', async (name, purpose) => {
    for (const by of questions()) {
      const { answer, records } = await recordsDuring(world, () => search(name, by, purpose));
      expect([answer.status, answer.body.code]).toEqual([403, 'PURPOSE_NOT_ALLOWED']);
      const decision = { outcome: 'refuse', code: 'PURPOSE_NOT_ALLOWED' };
      expect(records).toMatchObject([{ kind: 'REFUSAL', purpose, decision, fieldGroups: { released: [] } }]);
    }
  });

  it.each(['P01', 'P03'])(
    'is no case in which %s has ended, and the record says that it was asked for',
    async (purpose) => {
      for (const by of questions()) {
        const { answer, records } = await recordsDuring(world, () => search('gro', by, purpose));
        expect([answer.status, answer.body]).toEqual([200, { items: [] }]);
        const decision = { outcome: 'permit', reasons: ['found:0', 'ended:1'], inputs: { endedPurposes: [purpose] } };
        const about = { caseId: journey.caseId, municipality: peer('gro').oin };
        expect(records).toMatchObject([{ ...about, decision, fieldGroups: { released: [], withheld: [] } }]);
        expect(records[0]?.subjects).toHaveLength(1);
      }
    },
  );

  it('is the case in which the purpose is open, and not the one before in which it has ended', async () => {
    const again = { vNumber: vNumber(), familyName: 'Opnieuw' };
    const { caseId: before } = await accepted(world, 'ams', application('ams', 'AMS', again));
    await accepted(world, 'ams', checkRequest('ams', before, again));
    await accepted(world, 'ind', indAnswer(before));
    await accepted(world, 'coa', coaAnswer(before));
    const refused = { outcome: 'REFUSED', ground_class: 'NATIONAL', grounds: ['X4'] };
    await accepted(world, 'ams', decision('ams', before, refused));
    const { caseId } = await accepted(world, 'utr', application('utr', 'UTR', again));
    await accepted(world, 'utr', checkRequest('utr', caseId, again));
    const { answer, records } = await recordsDuring(world, () => search('ind', { vNumber: again.vNumber }, 'P01'));
    expect(answer.body).toEqual({ items: [{ caseId, pilot: 'UTR', state: 'SCREENING' }] });
    const expected = { decision: { reasons: ['found:1', 'ended:1'] }, fieldGroups: { released: ['FG01'] } };
    expect(records).toMatchObject([expected]);
    for (const officer of ['fg-ams', 'fg-utr'])
      expect([officer, await seenBy(officer, { subject: again.vNumber })]).toEqual([officer, [records[0]?.id]]);
  });
});
