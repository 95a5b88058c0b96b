import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, contentOf } from './support/calls.js';
import { playMainJob } from './support/journey.js';
import { event, today, vNumber } from './support/messages.js';
import { pdfText } from './support/pdf-text.js';
import { expectStatus, fileOf, OIN } from './support/report-story.js';
import { until } from './support/until.js';
import { World } from './support/world.js';

const LIMIT_MS = 90_000;
const REPORTS = '/v1/data-subject-reports';
const FORMATS = ['json', 'csv', 'pdf', 'proofs'] as const;

type Form = (typeof FORMATS)[number];
type Documents = Readonly<Record<Form, string>>;

interface Bundle {
  readonly pending: readonly string[];
  readonly items: readonly { readonly record?: { readonly canonical: string }; readonly withoutRecord?: string }[];
}

let world: World;
let withPolice: Documents;
let withoutPolice: Documents;

beforeAll(async () => {
  world = await World.open();
  const basis = `INSERT INTO route_basis (contract, receiver_kind, basis, valid_from) VALUES ('M07', 'AVIM', 'proef', $1)`;
  await world.rows(basis, [today()]);
  await world.startGateway();
  withPolice = await documentsOf(true);
  withoutPolice = await documentsOf(false);
}, LIMIT_MS);
afterAll(() => world.close());

/** The story of a resident, with or without the police in it; then what the resident gets, in every form. */
async function documentsOf(police: boolean): Promise<Documents> {
  const person = { vNumber: vNumber(), familyName: 'Inzagevrager' };
  const { caseId: caseid } = await playMainJob(world, { municipality: 'ams', pilot: 'AMS', person, ngo: 'ngo-1' });
  if (police) await askPolice(caseid, person.vNumber);
  const request = await requested(caseid, [OIN.ams, OIN.ind, OIN.avim]);
  await requested(caseid, [OIN.ams, OIN.avim]);
  const body = { requestMessageId: request, vNumber: person.vNumber };
  const made = await expectStatus(200, world.as('fg-ams').post(REPORTS).send(body));
  const { id } = made.body as { id: string };
  const release = world.as('fg-ams').post(`${REPORTS}/${id}/parts/${OIN.ams}/release`).send({ withheld: [] });
  await expectStatus(200, release);
  return await everyForm(id);
}

/** The police supplements the dossier, and the municipality reads it. */
async function askPolice(caseid: string, v: string): Promise<void> {
  const ask = { v_number: v, case_id: caseid, parts: ['AVIM'], requested_on: today(), reason: 'REFRESH' };
  await accepted(world, 'ams', event('ams', 'dossier-request', ask, { caseid }));
  const part = { part_id: '7b2c4f5e-0000-4000-8000-000000000202', as_of: new Date().toISOString(), identity_verified: true, regime: 'AVG' }; // prettier-ignore
  const { messageId } = await accepted(world, 'avim', event('avim', 'avim-supplement', part, { caseid }));
  await expectStatus(200, contentOf(world, 'ams', messageId, 'P03'));
}

async function requested(caseid: string, controllers: readonly string[]): Promise<string> {
  const right = { right: 'ACCESS', received_on: today(), identity_checked: true, controllers };
  return (await accepted(world, 'ams', event('ams', 'data-subject-request', right, { caseid }))).messageId;
}

async function everyForm(id: string): Promise<Documents> {
  const proofs = await until('every line is in a checkpoint', 10_000, async () => {
    const text = (await file(id, 'proofs')).toString('utf8');
    return (JSON.parse(text) as Bundle).pending.length === 0 ? text : null;
  });
  const [json, csv, pdf] = [await file(id, 'json'), await file(id, 'csv'), await file(id, 'pdf')];
  return { json: plain(json.toString('utf8')), csv: plain(csv.toString('utf8')), pdf: pdfText(pdf), proofs };
}

const file = (id: string, format: Form): Promise<Buffer> =>
  fileOf(world.as('fg-ams').get(`${REPORTS}/${id}/document?format=${format}`));

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What differs between any two documents: identifiers, case numbers and moments. */
function plain(text: string): string {
  return text
    .replace(ID, '<id>')
    .replace(/LVV-[A-Z]+-\d{4}-\d+/g, '<zaak>')
    .replace(/\d{4}-\d{2}-\d{2}T[0-9:.]+Z/g, '<tijdstip>')
    .replace(/\d{1,2} [a-z]+ \d{4}, \d{2}\.\d{2} uur/g, '<moment>');
}

/** The rest of each line, in no order: lines of one millisecond stand as their random ids have it, and are numbered so. */
const TOLD: Readonly<Record<Form, (document: string) => unknown>> = {
  json: (text) => {
    const { groups, entries, ...head } = JSON.parse(text) as { groups: { number: number }[]; entries: object[] };
    const unnumbered = groups.map(({ number: _number, ...group }) => group);
    return { head, groups: sorted(unnumbered), entries: entries.length };
  },
  csv: (text) => sorted(text.split('\r\n').map((row) => row.replace(/^"\d+"/, '"<nummer>"'))),
  // Where a line of the paper ends depends on the moments in it.
  pdf: (text) =>
    sorted(
      text
        .replace(/\s+/g, '')
        .replace(ID, '')
        .split(/[^\p{L}&]+/u),
    ),
  proofs: (text) => sorted((JSON.parse(text) as Bundle).items.map(toldByProof)),
};

const sorted = (items: readonly unknown[]): readonly string[] => items.map((item) => JSON.stringify(item)).sort();

/** What a reader learns of a proof: whether the record goes along, why not, and what its bytes say. */
function toldByProof({ record, withoutRecord, ...place }: Bundle['items'][number]): object {
  return {
    members: Object.keys(place).sort(),
    withoutRecord,
    record: record && toldBy(Buffer.from(record.canonical, 'base64').toString('utf8')),
  };
}

function toldBy(canonical: string): object {
  const sealed = { traceId: '', spanId: '', parentSpanId: '', subjects: [], decision: {} };
  const { decision, subjects, ...rest } = JSON.parse(plain(canonical)) as { decision: object; subjects: object[] };
  return { ...rest, ...sealed, decision, subjects: subjects.length };
}

describe('the document of a resident about whom the police has something that it has not released', () => {
  it.each(FORMATS)('says as %s what it says when the police has nothing', (form) => {
    expect(TOLD[form](withPolice[form])).toEqual(TOLD[form](withoutPolice[form]));
  });

  it('has both requests of the resident, of which the police alone received one besides the sender', () => {
    const rows = withPolice.csv.split('\r\n').filter((row) => row.includes('Stuurde een bericht over u (verzoek'));
    expect(rows).toHaveLength(2);
  });
});
