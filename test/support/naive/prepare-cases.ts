import { randomUUID } from 'node:crypto';
import { contractExamples } from '#contracts/contract-documents.js';
import { accepted } from '../calls.js';
import { withdrawal } from '../case-messages.js';
import { playMainJob } from '../journey.js';
import { application, checkRequest, coaAnswer, decision, event, indAnswer, today, vNumber } from '../messages.js';
import { peer, type World } from '../world.js';

const DAY_MS = 86_400_000;
const someone = (familyName: string) => ({ vNumber: vNumber(), familyName });

/** Cases in several states with all that was sent about them, a withdrawn message, grants that run and that do not. */
export async function prepareCases(world: World): Promise<void> {
  const first = someone('Eerste');
  const [{ caseId }, { caseId: other }] = await Promise.all([
    playMainJob(world, { municipality: 'gro', pilot: 'GRO', person: first, ngo: 'ngo-1' }),
    playMainJob(world, { municipality: 'utr', pilot: 'UTR', person: someone('Tweede'), ngo: 'ngo-2' }),
    decided(world, 'rot', 'ROT', { outcome: 'ADMITTED' }),
    decided(world, 'ehv', 'EHV', { outcome: 'REFUSED', ground_class: 'NATIONAL', grounds: ['X4'] }),
    accepted(world, 'ams', application('ams', 'AMS', someone('Aanvrager'))),
  ]);
  await withdrawnSupplement(world, caseId, first.vNumber);
  await giveGrants(world, caseId, ['gro', 'ngo-1', 'ind', 'dtv']);
  await giveGrants(world, other, ['utr', 'ind']);
}

async function decided(world: World, from: string, pilot: string, outcome: Record<string, unknown>): Promise<void> {
  const person = someone('Halverwege');
  const { caseId } = await accepted(world, from, application(from, pilot, person));
  await accepted(world, from, checkRequest(from, caseId, person));
  await accepted(world, 'ind', indAnswer(caseId));
  await accepted(world, 'coa', coaAnswer(caseId));
  await accepted(world, from, decision(from, caseId, outcome));
}

async function withdrawnSupplement(world: World, caseid: string, number: string): Promise<void> {
  const request = { v_number: number, case_id: caseid, parts: ['COA'], requested_on: today(), reason: 'INTAKE' };
  await accepted(world, 'gro', event('gro', 'dossier-request', request, { caseid }));
  const example = contractExamples('M11').at(-1) as Record<string, unknown>;
  const history = event('coa', 'coa-reception-history', { ...example, part_id: randomUUID() }, { caseid });
  const { messageId } = await accepted(world, 'coa', history);
  await accepted(world, 'coa', withdrawal('coa', caseid, messageId));
}

/** For each member: `lid-1` has a grant that runs, that of `lid-2` was ended, that of `lid-3` has run out. */
async function giveGrants(world: World, caseId: string, members: readonly string[]): Promise<void> {
  const validUntil = new Date(Date.now() + 10 * DAY_MS).toISOString();
  const municipality = members[0] ?? '';
  for (const member of members) {
    const kinds = ['ind', 'dtv'].includes(member) ? ['MRT', 'NATIONAL_ESCALATION'] : ['MRT'];
    for (const kind of kinds) {
      for (const person of ['lid-1', 'lid-2', 'lid-3']) {
        const body = { kind, member: peer(member).oin, person, validUntil, basis: 'LSO-2026-1' };
        const given = await world.as(municipality).post(`/v1/cases/${caseId}/grants`).send(body);
        if (given.status !== 201) throw new Error(`grant of ${member}: ${given.status} ${given.text}`);
        const { grantId } = given.body as { grantId: string };
        if (person === 'lid-2') await endGrant(world, municipality, caseId, grantId);
      }
    }
  }
  await world.rows(
    `UPDATE access_grant SET valid_from = now() - interval '2 days', valid_until = now() - interval '1 day'
     WHERE person = 'lid-3'`,
  );
}

async function endGrant(world: World, from: string, caseId: string, grantId: string): Promise<void> {
  const path = `/v1/cases/${caseId}/grants/${grantId}/end`;
  const ended = await world.as(from).post(path).send({ reason: 'ADVICE_GIVEN' });
  if (ended.status !== 200) throw new Error(`end of a grant: ${ended.status} ${ended.text}`);
}
