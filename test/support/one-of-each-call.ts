import { CLOUD_EVENT } from './api-answers.js';
import { consult, contentOf, inboxOf, submit } from './calls.js';
import type { Journey } from './journey.js';
import { application, vNumber, type Person } from './messages.js';
import { PublicLog } from './public-log.js';
import { TestWitness } from './test-witness.js';
import { officerCalls, type DocumentedCall } from './officer-calls.js';
import { reportCalls } from './report-calls.js';
import { peer, type World } from './world.js';

export const UNKNOWN_ID = '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20';

/** Of each call of the interface an answer as it should be, and some refusals; a new call is entered here. */
// prettier-ignore
export async function oneOfEachCall(world: World, journey: Journey, person: Person): Promise<readonly DocumentedCall[]> {
  const { caseId, posted } = journey;
  const gro = { 'purpose-of-use': 'P04', 'user-reference': 'medewerker-1' };
  const grant = { kind: 'MRT', member: peer('ind').oin, person: 'specialist-1', basis: 'LSO-2026-0114' };
  const validUntil = new Date(Date.now() + 86_400_000).toISOString();
  const give = (body: object) => world.as('gro').post(`/v1/cases/${caseId}/grants`).send(body);
  const given = await give({ ...grant, validUntil });
  const end = (id: string) =>
    world.as('gro').post(`/v1/cases/${caseId}/grants/${id}/end`).send({ reason: 'ADVICE_GIVEN' });
  const evaluate = (body: object) => world.as('gro').post('/v1/policy-evaluations').send(body);
  const resource = { type: 'dossier', id: caseId };
  const access = (context: object) =>
    world.as('gro').post('/access/v1/evaluation').send({ subject: { type: 'user', id: 'm-1' }, action: { name: 'read' }, resource, context });
  const search = (body: object) => world.as('gro').post('/v1/cases/_search').set(gro).send(body);
  const acknowledge = (body: object) => world.as('ngo-1').post('/v1/acknowledgements').send(body);
  await inboxOf(world, 'ngo-1', 3);
  const [first] = await inboxOf(world, 'ind', 1);
  const witness = await new TestWitness(world, 'coa').register();
  const note = (await new PublicLog(world).get('checkpoint')).body.toString();
  const message = application('gro', 'GRO', { ...person, vNumber: vNumber() });
  return [
    ['submitMessage', 202, submit(world, 'gro', message)],
    ['submitMessage', 400, submit(world, 'gro', { ...message, data: {} })],
    ['submitMessage', 403, submit(world, 'ind', message)],
    ['submitMessage', 415, world.as('gro').post('/v1/messages').send({})],
    ['submitMessage', 413, world.as('gro').post('/v1/messages').set('content-type', CLOUD_EVENT).send(' '.repeat(300_000))],
    ['getMessageStatus', 200, world.as('gro').get(`/v1/messages/${posted.M41}`)],
    ['getMessageStatus', 404, world.as('ind').get(`/v1/messages/${posted.M41}`)],
    ['getMessageContent', 200, contentOf(world, 'ind', first?.messageId ?? '', 'P01')],
    ['getMessageContent', 403, contentOf(world, 'ind', first?.messageId ?? '')],
    ['listInbox', 200, world.as('ngo-1').get('/v1/inbox')],
    ['listInbox', 400, world.as('ngo-1').get('/v1/inbox?limit=0')],
    ['listInbox', 406, world.as('ngo-1').get('/v1/inbox').set('accept', 'text/csv')],
    ['acknowledgeMessages', 200, acknowledge({ acknowledgements: [{ messageId: UNKNOWN_ID, status: 'taken' }] })],
    ['acknowledgeMessages', 400, acknowledge({ acknowledgements: [] })],
    ['getCase', 200, consult(world, 'gro', caseId, gro)],
    ['getCase', 404, consult(world, 'utr', caseId, gro)],
    ['getDossier', 200, consult(world, 'gro', `${caseId}/dossier`, gro)],
    ['getTimeline', 200, consult(world, 'gro', `${caseId}/timeline`, gro)],
    ['getTimeline', 400, consult(world, 'gro', `${caseId}/timeline`, { 'purpose-of-use': 'P04' })],
    ['searchCases', 200, search({ vNumber: person.vNumber })],
    ['searchCases', 400, search({ vNumber: 'x' })],
    ['giveGrant', 201, give({ ...grant, validUntil })],
    ['giveGrant', 409, give({ ...grant, validUntil: '2026-01-01T00:00:00Z' })],
    ['endGrant', 200, end((given.body as { grantId: string }).grantId)],
    ['endGrant', 404, end(UNKNOWN_ID)],
    ['addCosignatures', 204, witness.post(witness.cosigned(note))],
    ['addCosignatures', 400, witness.post(note)],
    ['addCosignatures', 403, witness.post(note, 'gro')],
    ['evaluatePolicy', 200, evaluate({ purpose: 'P04', view: 'case', caseId })],
    ['evaluatePolicy', 200, evaluate({ purpose: 'P14', contract: 'nl.lvv.ind-dossier-part.v1' })],
    ['evaluatePolicy', 400, evaluate({ purpose: 'P99' })],
    ['evaluateAccess', 200, access({ purpose: 'P04' })],
    ['evaluateAccess', 400, access({ purpose: 'P99' })],
    ...(await officerCalls(world, caseId, person.vNumber)),
    ...(await reportCalls(world, caseId, person.vNumber)),
    ['listContracts', 200, world.as('coa').get('/v1/contracts')],
    ['getContract', 200, world.as('coa').get('/v1/contracts/stay-event/versions/1')],
    ['getContract', 404, world.as('coa').get('/v1/contracts/stay-event/versions/9')],
  ];
}
