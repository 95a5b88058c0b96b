import { randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import { until } from './until.js';
import type { World } from './world.js';

const SOON_MS = 15_000;

/** A call whose answer the OpenAPI document has to describe. */
export type DocumentedCall = readonly [operationId: string, status: number, call: PromiseLike<Response>];

/** One answer of each call of officers, and refusals. */
export async function officerCalls(world: World, caseId: string, vNumber: string): Promise<readonly DocumentedCall[]> {
  const logSearch = (body: object) => world.as('fg-gro').post('/v1/access-log-entries/_search').send(body);
  const grants = '/v1/access-grants';
  const view = { validUntil: new Date(Date.now() + 86_400_000).toISOString(), ground: 'BREACH' };
  const [entry] = (await logSearch({ caseId })).body.items as { id: string }[];
  const grant = (await world.as('fg-ind').post(grants).send(view)).body as { id: string };
  return [
    ['searchAccessLog', 200, logSearch({ subject: vNumber })],
    ['searchAccessLog', 400, logSearch({ subject: 'x' })],
    ['searchAccessLog', 403, world.as('gro').post('/v1/access-log-entries/_search').send({})],
    ['getAccessLogEntry', 200, world.as('fg-gro').get(`/v1/access-log-entries/${entry?.id}`)],
    ['getAccessLogEntry', 404, world.as('fg-rot').get(`/v1/access-log-entries/${entry?.id}`)],
    ['getInclusionProof', 200, proofOf(world, entry?.id ?? '')],
    ['getInclusionProof', 404, world.as('rot').get(`/v1/access-log-entries/${entry?.id}/inclusion-proof`)],
    [
      'searchProcessing',
      200,
      world
        .as('fg-gro')
        .post('/v1/processing-activities')
        .send({ traceId: '0'.repeat(32) }),
    ],
    ['searchProcessing', 400, world.as('fg-gro').post('/v1/processing-activities').send({})],
    ['listAccessGrants', 200, world.as('fg-dtv').get(grants)],
    ['requestAccessGrant', 201, world.as('fg-gro').post(grants).send(view)],
    ['requestAccessGrant', 409, world.as('fg-ind').post(grants).send(view)],
    ['consentToGrant', 200, world.as('fg-dtv').post(`${grants}/${grant.id}/consents`)],
    ['consentToGrant', 404, world.as('fg-dtv').post(`${grants}/${randomUUID()}/consents`)],
    ['endAccessGrant', 200, world.as('fg-dtv').post(`${grants}/${grant.id}/end`)],
    ['endAccessGrant', 409, world.as('fg-dtv').post(`${grants}/${grant.id}/end`)],
  ];
}

/** Once the sequencer has taken the record up. */
function proofOf(world: World, id: string): Promise<Response> {
  return until('the record is a leaf', SOON_MS, async () => {
    const answer = await world.as('fg-gro').get(`/v1/access-log-entries/${id}/inclusion-proof`);
    return answer.status === 200 ? answer : null;
  });
}
