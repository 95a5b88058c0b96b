import { submit } from './calls.js';
import { event, today } from './messages.js';
import type { DocumentedCall } from './officer-calls.js';
import { peer, type World } from './world.js';

/** Of each call about reports to residents an answer as it should be, and some refusals; in this order. */
export async function reportCalls(world: World, caseid: string, vNumber: string): Promise<readonly DocumentedCall[]> {
  const right = { right: 'ACCESS', received_on: today(), identity_checked: true, controllers: [peer('gro').oin] };
  const sent = await submit(world, 'gro', event('gro', 'data-subject-request', right, { caseid }));
  const requested = { requestMessageId: (sent.body as { messageId: string }).messageId, vNumber };
  const reports = '/v1/data-subject-reports';
  const made = await world.as('fg-gro').post(reports).send(requested);
  const report = `${reports}/${(made.body as { id: string }).id}`;
  const part = (who: string, what: string, body: object) =>
    world
      .as(`fg-${who}`)
      .post(`${report}/parts/${peer(who).oin}/${what}`)
      .send(body);
  return [
    ['createDataSubjectReport', 200, world.as('fg-gro').post(reports).send(requested)],
    [
      'createDataSubjectReport',
      409,
      world
        .as('fg-gro')
        .post(reports)
        .send({ ...requested, vNumber: '0000000000' }),
    ],
    ['listDataSubjectReports', 200, world.as('fg-ind').get(reports)],
    ['getDataSubjectReport', 200, world.as('fg-gro').get(report)],
    ['getDataSubjectReport', 404, world.as('fg-utr').get(report)],
    ['getReportPart', 200, world.as('fg-gro').get(`${report}/parts/${peer('gro').oin}`)],
    ['extendReportPart', 200, part('gro', 'extension', { ground: 'COMPLEX' })],
    ['extendReportPart', 409, part('ind', 'extension', { ground: 'POSTPONED' })],
    ['releaseReportPart', 200, part('gro', 'release', { withheld: [] })],
    ['refuseReportPart', 200, part('ind', 'refusal', { ground: 'UAVG_41_1_D' })],
    ['refuseReportPart', 409, part('gro', 'refusal', { ground: 'UAVG_41_1_D' })],
    ['getDataSubjectReportDocument', 200, world.as('fg-gro').get(`${report}/document`)],
    ['getDataSubjectReportDocument', 400, world.as('fg-gro').get(`${report}/document?format=doc`)],
  ];
}
