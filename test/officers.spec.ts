import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { consult, recordsDuring } from './support/calls.js';
import type { Journey } from './support/journey.js';
import { vNumber } from './support/messages.js';
import { Officers, playAccesses, type EntryView } from './support/officers.js';
import { peer, World } from './support/world.js';

const LIMIT_MS = 60_000;

let world: World;
let officers: Officers;
let journey: Journey;
const person = { vNumber: vNumber(), familyName: 'Ingezien' };

beforeAll(async () => {
  world = await World.open();
  await registerOfficer('ciso-gro', 'CISO');
  await world.startGateway();
  officers = new Officers(world);
  journey = await playAccesses(world, person);
}, LIMIT_MS);
afterAll(() => world.close());

async function registerOfficer(name: string, role: string): Promise<void> {
  await world.pki.issuePeer({ name, title: 'Functionaris (proef)', authority: 'officers-ca' });
  const values = [world.pki.thumbprint(name), name, peer('gro').oin, role];
  await world.rows('INSERT INTO officer (thumbprint, name, organisation_oin, role) VALUES ($1, $2, $3, $4)', values);
}

const search = (name: string, body: object): Promise<Response> => officers.search(name, body);
const found = async (name: string, body: object): Promise<readonly EntryView[]> => officers.all(name, body);
const actions = (entries: readonly EntryView[]): string[] => [...new Set(entries.map(({ action }) => action))].sort();

describe('who sees what', () => {
  it('shows the coordinating municipality every access about its case, whoever asked', async () => {
    const entries = await found('fg-gro', { subject: person.vNumber });
    const askers = new Set(entries.map(({ peer: asker }) => asker?.oin));
    for (const name of ['gro', 'ind', 'dtv', 'coa', 'utr']) expect(askers).toContain(peer(name).oin);
    expect(actions(entries)).toEqual(expect.arrayContaining(['message.accept', 'content.read', 'case.read']));
    const read = entries.find(({ action }) => action === 'content.read');
    expect(read).toMatchObject({
      peer: { oin: peer('gro').oin, name: peer('gro').title },
      purpose: { code: 'P03', nl: expect.any(String) },
      decision: { outcome: 'permit', role: 'MC' },
      caseId: journey.caseId,
      contract: { id: 'M08', nl: expect.any(String) },
      source: { oin: peer('ind').oin },
      municipality: { oin: peer('gro').oin },
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(read?.fieldGroups.released).toContainEqual({ code: 'FG11', nl: expect.any(String) });
  });

  it('finds the refusal of a stranger by the case of the person, with the true reason in words', async () => {
    const [refusal] = await found('fg-gro', { subject: person.vNumber, peer: peer('utr').oin });
    expect(refusal).toMatchObject({
      kind: 'REFUSAL',
      decision: {
        outcome: 'refuse',
        code: 'CASE_NOT_AVAILABLE',
        title: 'Niet beschikbaar',
        reasons: ['no party of the case'],
      },
    });
    expect(await found('fg-utr', { subject: person.vNumber })).toMatchObject([{ id: refusal?.id }]);
  });

  it('shows a source what was read of it, a recipient what it was sent, and an outsider nothing', async () => {
    const read = (await found('fg-ind', { messageId: journey.posted.M08 ?? '' })).map(({ action }) => action);
    expect(read).toEqual(['content.read', 'message.accept']);
    const sent = await found('fg-coa', { subject: person.vNumber, action: 'message.accept' });
    expect(sent.length).toBeGreaterThan(0);
    for (const entry of sent) {
      const concerned = [entry.peer?.oin, ...entry.recipients.map(({ oin }) => oin)];
      expect(concerned).toContain(peer('coa').oin);
    }
    for (const body of [{ subject: person.vNumber }, { caseId: journey.caseId }, { subject: vNumber() }]) {
      expect((await search('fg-rot', body)).body).toEqual({ items: [] });
    }
  });

  it('names an employee to the own organisation alone, in the list and in the entry', async () => {
    const [own] = await found('fg-ind', { caseId: journey.caseId, action: 'case.read' });
    expect(own?.userReference).toBe('ind-medewerker-7');
    const [same] = await found('fg-gro', { caseId: journey.caseId, action: 'case.read', peer: peer('ind').oin });
    expect(same?.id).toBe(own?.id);
    expect(JSON.stringify(same)).not.toContain('medewerker');
    const entry = await officers.read('fg-gro', own?.id ?? '');
    expect(entry.text).not.toContain('medewerker');
    expect(entry.body).toMatchObject({ hidden: ['/userReference'], evidence: null, record: { id: own?.id } });
    expect((await officers.read('fg-ind', own?.id ?? '')).body).toMatchObject({
      hidden: [],
      record: { userReference: 'ind-medewerker-7' },
      evidence: { canonical: expect.any(String), salt: expect.any(String) },
    });
  });

  it('shows a confidential activity to officers of its controllers alone, the own attempt included', async () => {
    const { caseId } = journey;
    const asked = { 'purpose-of-use': 'P14', 'user-reference': 'ind-medewerker-7' };
    const { records } = await recordsDuring(world, () => consult(world, 'ind', caseId, asked));
    expect(records).toMatchObject([{ processingActivity: expect.stringMatching(/openbare-orde$/) }]);
    const id = records[0]?.id ?? '';
    const seen = async (name: string) => (await found(name, { caseId, purpose: 'P14' })).map((entry) => entry.id);
    expect([await seen('fg-gro'), await seen('fg-ind'), await seen('fg-avim')]).toEqual([[id], [], []]);
    const statuses = ['fg-gro', 'fg-ind', 'fg-avim'].map(async (name) => (await officers.read(name, id)).status);
    expect(await Promise.all(statuses)).toEqual([200, 404, 404]);
  });
});

describe('certificates', () => {
  it.each([
    ['a system on a route of officers', 'gro', 'SYSTEM_CERTIFICATE'],
    ['an officer whom nobody registered', 'fg-new', 'OFFICER_UNKNOWN'],
  ])('refuses %s, with a record', async (_what, name, code) => {
    if (name === 'fg-new') await world.pki.issuePeer({ name, title: 'Nieuw (proef)', authority: 'officers-ca' });
    const { answer, records } = await recordsDuring(world, () => search(name, {}));
    expect([answer.status, answer.body.code]).toEqual([403, code]);
    expect(records).toMatchObject([{ kind: 'REFUSAL', action: 'connection.use', decision: { code } }]);
  });

  it('refuses an officer of another role, on every route of officers, with a record', async () => {
    const calls = [
      () => search('ciso-gro', {}),
      () => officers.read('ciso-gro', randomUUID()),
      async () => await world.as('ciso-gro').get('/v1/access-grants'),
      () => officers.post('ciso-gro', '/v1/access-grants', {}),
      () => officers.post('ciso-gro', `/v1/access-grants/${randomUUID()}/consents`),
      () => officers.post('ciso-gro', `/v1/access-grants/${randomUUID()}/end`),
    ];
    for (const call of calls) {
      const { answer, records } = await recordsDuring(world, call);
      expect([answer.status, answer.body.code]).toEqual([403, 'OFFICER_ROLE_NOT_ALLOWED']);
      expect(records).toMatchObject([{ kind: 'REFUSAL', peer: { officer: 'CISO' }, decision: { outcome: 'refuse' } }]);
      expect(records[0]?.decision).not.toHaveProperty('role');
    }
  });

  it('refuses an officer on a route of systems, with a record', async () => {
    const { answer, records } = await recordsDuring(world, async () => await world.as('fg-gro').get('/v1/inbox'));
    expect([answer.status, answer.body.code]).toEqual([403, 'PERSON_CERTIFICATE']);
    expect(records).toMatchObject([{ kind: 'REFUSAL', action: 'connection.use' }]);
  });
});
