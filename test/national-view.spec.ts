import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { accepted, consult, recordsDuring } from './support/calls.js';
import { application, vNumber } from './support/messages.js';
import { Officers, type EntryView } from './support/officers.js';
import { until } from './support/until.js';
import { OFFICERS } from '../tools/demo/roster.js';
import { peer, World } from './support/world.js';

const LIMIT_MS = 60_000;
/** The register is looked at every few seconds. */
const SOON_MS = 20_000;
const DAY_MS = 86_400_000;
const GRANTS = '/v1/access-grants';
const OTHERS = OFFICERS.map(({ name }) => name).filter((name) => name !== 'fg-coa');

let world: World;
let officers: Officers;
const person = { vNumber: vNumber(), familyName: 'Landelijk' };

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  officers = new Officers(world);
  const { caseId } = await accepted(world, 'ams', application('ams', 'AMS', person));
  await consult(world, 'ams', caseId, { 'purpose-of-use': 'P01', 'user-reference': 'ams-medewerker-3' });
  await consult(world, 'ind', caseId, { 'purpose-of-use': 'P14', 'user-reference': 'ind-medewerker-4' });
}, LIMIT_MS);
afterAll(() => world.close());

const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const ask = (name: string, days = 7) =>
  officers.post(name, GRANTS, { validUntil: inDays(days), ground: 'DATA_SUBJECT_REQUEST' });
const nationally = () => officers.search('fg-coa', { subject: person.vNumber, scope: 'national' });
const missingOf = ({ body }: Response): string[] =>
  (body as { missing: { oin: string }[] }).missing.map(({ oin }) => oin).sort();
const oinOf = (officer: string): string => peer(officer.slice(3)).oin;

interface Listed {
  readonly id: string;
  readonly status: string;
}

async function listed(id: string): Promise<Listed | undefined> {
  const { body } = await world.as('fg-coa').get(GRANTS);
  return (body.items as Listed[]).find((one) => one.id === id);
}

/** Asked for, and agreed to by everyone. */
async function runningView(): Promise<string> {
  const { id } = (await ask('fg-coa')).body as { id: string };
  for (const name of OTHERS) await officers.post(name, `${GRANTS}/${id}/consents`);
  return id;
}

describe('a national view', () => {
  it('shows nothing until every controller has agreed, then everything but employees and what is confidential, and ends at once', async () => {
    const refused = await recordsDuring(world, nationally);
    expect([refused.answer.status, refused.answer.body.code]).toEqual([403, 'NATIONAL_VIEW_NOT_GRANTED']);
    expect(refused.records).toMatchObject([{ kind: 'REFUSAL', action: 'log.search', subjects: [{ id: 'search' }] }]);
    const asked = await recordsDuring(world, () => ask('fg-coa'));
    expect([asked.answer.status, asked.answer.body.status]).toEqual([201, 'REQUESTED']);
    expect(missingOf(asked.answer)).toEqual(OTHERS.map(oinOf).sort());
    const { id } = asked.answer.body as { id: string };
    expect(asked.records).toMatchObject([{ kind: 'ADMIN', action: 'grant.request', details: { grant: id } }]);
    for (const name of OTHERS) {
      expect((await nationally()).status).toBe(403);
      const { answer, records } = await recordsDuring(world, () => officers.post(name, `${GRANTS}/${id}/consents`));
      expect([answer.status, missingOf(answer).includes(oinOf(name))]).toEqual([200, false]);
      expect(records).toMatchObject([{ kind: 'ADMIN', action: 'grant.consent', peer: { oin: oinOf(name), officer: 'FG' } }]);
    }
    const { answer, records } = await recordsDuring(world, nationally);
    expect(answer.status).toBe(200);
    const entries = answer.body.items as EntryView[];
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['log.search', 'case.read', 'message.accept']),
    );
    // COA is no controller of what is done for public order.
    expect(answer.text).not.toMatch(/medewerker|openbare-orde/);
    expect(records).toMatchObject([{ decision: { inputs: { grantId: id } } }]);
    const read = entries.find(({ action }) => action === 'case.read');
    const entry = await recordsDuring(world, () => officers.read('fg-coa', read?.id ?? ''));
    expect(entry.answer.body).toMatchObject({ hidden: ['/userReference'], evidence: null });
    expect(entry.records).toMatchObject([{ action: 'log.read', decision: { inputs: { grantId: id } } }]);
    // For whom it was given, and for whoever asks it: the same officer's own view stays what it was.
    expect((await officers.search('fg-coa', { subject: person.vNumber, action: 'case.read' })).body).toEqual({ items: [] });
    expect((await officers.search('fg-rot', { scope: 'national' })).status).toBe(403);
    const ended = await recordsDuring(world, () => officers.post('fg-dtv', `${GRANTS}/${id}/end`));
    expect([ended.answer.status, ended.answer.body.status]).toEqual([200, 'ENDED']);
    expect(ended.records).toMatchObject([{ kind: 'ADMIN', action: 'grant.end', peer: { oin: oinOf('fg-dtv') } }]);
    expect((await nationally()).status).toBe(403);
    expect((await officers.read('fg-coa', read?.id ?? '')).status).toBe(404);
  }, LIMIT_MS); // prettier-ignore

  it('lapses at its time', async () => {
    const id = await runningView();
    expect((await nationally()).status).toBe(200);
    await world.rows(`UPDATE access_grant SET valid_from = now() - interval '2 hours', valid_until = now() - interval '1 hour' WHERE id = $1`, [id]); // prettier-ignore
    expect((await nationally()).status).toBe(403);
    const late = await officers.post('fg-ams', `${GRANTS}/${id}/consents`);
    expect([late.status, late.body.code]).toEqual([409, 'GRANT_OVER']);
  });

  it('stops while a controller has joined that has not agreed, and says that nobody there can', async () => {
    const id = await runningView();
    expect((await nationally()).status).toBe(200);
    const joined = '00000099000000000199';
    await world.rows(`INSERT INTO peer (oin, name, kind) VALUES ($1, 'Gemeente Nieuw (proef)', 'MUNICIPALITY')`, [joined]);
    await until('the view stops', SOON_MS, async () => (await listed(id))?.status === 'REQUESTED');
    expect((await nationally()).status).toBe(403);
    expect(await listed(id)).toMatchObject({
      missing: [{ oin: joined, name: 'Gemeente Nieuw (proef)', reason: 'NO_OFFICER' }],
    });
    await world.rows('UPDATE peer SET active = false WHERE oin = $1', [joined]);
    await until('the view goes on', SOON_MS, async () => (await listed(id))?.status === 'RUNNING');
    expect((await nationally()).status).toBe(200);
    await officers.post('fg-coa', `${GRANTS}/${id}/end`);
  }, LIMIT_MS); // prettier-ignore
});

describe('a request', () => {
  it.each([
    ['longer than thirty days', { validUntil: inDays(31), ground: 'BREACH' }],
    ['that is over before it begins', { validUntil: inDays(-1), ground: 'BREACH' }],
    ['without a known ground', { validUntil: inDays(1), ground: 'CURIOSITY' }],
  ])('is refused %s, with a record', async (_what, body) => {
    const { answer, records } = await recordsDuring(world, () => officers.post('fg-rot', GRANTS, body));
    expect([answer.status, answer.body.code]).toEqual([400, 'SCHEMA_INVALID']);
    expect(records).toMatchObject([{ kind: 'REFUSAL', action: 'grant.request' }]);
  });

  it('is one at a time for each officer', async () => {
    const first = (await ask('fg-rot')).body as { id: string };
    expect((await ask('fg-rot')).body).toMatchObject({ status: 409, code: 'GRANT_ALREADY_OPEN' });
    await officers.post('fg-rot', `${GRANTS}/${first.id}/end`);
    expect((await ask('fg-rot')).status).toBe(201);
  });

  it('is known to every controller, with its organisation and not its person', async () => {
    const { body, text } = await world.as('fg-ind').get(GRANTS);
    expect(body.items).toContainEqual(
      expect.objectContaining({ requestedBy: { oin: peer('rot').oin, name: peer('rot').title } }),
    );
    expect(text).not.toContain(world.pki.thumbprint('fg-rot'));
    const [record] = (await officers.search('fg-ind', { action: 'grant.request', peer: peer('rot').oin })).body
      .items as EntryView[];
    expect(record?.recipients).toContainEqual({ oin: peer('ind').oin, name: peer('ind').title });
    const entry = await officers.read('fg-ind', record?.id ?? '');
    expect(entry.body.hidden).toEqual(['/peer/thumbprint']);
    expect(entry.text).not.toContain(world.pki.thumbprint('fg-rot'));
  });

  it('that does not exist is not available, nor is an id that is none', async () => {
    for (const id of [randomUUID(), 'x']) {
      for (const what of ['consents', 'end']) {
        const { answer, records } = await recordsDuring(world, () =>
          officers.post('fg-rot', `${GRANTS}/${id}/${what}`),
        );
        expect([answer.status, answer.body.code]).toEqual([404, 'GRANT_NOT_AVAILABLE']);
        expect(records).toMatchObject([{ kind: 'REFUSAL', decision: { code: 'GRANT_NOT_AVAILABLE' } }]);
      }
    }
  });
});
