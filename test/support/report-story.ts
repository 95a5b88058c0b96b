import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Response, Test } from 'supertest';
import type { AccessRecordInput } from '../../apps/gateway/src/access-log/access-record.js';
import { insertRecords } from '../../apps/gateway/src/access-log/insert-records.js';
import { recordMaker } from '../../apps/gateway/src/access-log/record-maker.js';
import { loadPolicy } from '../../apps/gateway/src/policy/load-policy.js';
import { recordTerms } from '../../apps/gateway/src/retention/terms.js';
import { subjectIndex } from '../../apps/gateway/src/storage/subject-index.js';
import { accepted, consult, contentOf } from './calls.js';
import { playMainJob, type Journey } from './journey.js';
import { event, today, vNumber, type Person } from './messages.js';
import { peer, World } from './world.js';

export const EMPLOYEE = 'medewerker-4711';
/** Looks of DT&V at the case: more than the gateway reads at once. */
export const LOOKS = 1_200;
export const OIN = { ams: peer('ams').oin, ind: peer('ind').oin, dtv: peer('dtv').oin, avim: peer('avim').oin };
const BASE = '/v1/data-subject-reports';

export interface ReportDocument {
  readonly organisations: readonly { name: string; state: string; answer: string; withheld: readonly { count: number; ground: string }[] }[];
  readonly groups: readonly { number: number; organisation: string; what: string; outcome: string; count: number; source: string; data: string[]; recipients: string[] }[];
  readonly entries: readonly { id: string; group: number }[];
} // prettier-ignore

export interface ReportPart {
  readonly oin: string;
  readonly regime: string;
  readonly state: string;
  readonly dueOn: string;
  readonly entries?: number;
}

/** A resident with a case in Amsterdam, of whom several organisations saw and asked things, and who asks who did. */
export class ReportStory {
  /** Id of the report, once it is made. */
  report = '';
  /** M37 of someone whose identity nobody has checked, and of the resident. */
  unchecked = '';
  request = '';

  private constructor(
    readonly world: World,
    readonly journey: Journey,
    readonly person: Person,
  ) {}

  static async open(): Promise<ReportStory> {
    const world = await World.open();
    const basis = `INSERT INTO route_basis (contract, receiver_kind, basis, valid_from) VALUES ('M07', 'AVIM', 'proef', $1)`;
    await world.rows(basis, [today()]);
    await world.startGateway();
    const person = { vNumber: vNumber(), familyName: 'Inzagevrager' };
    const journey = await playMainJob(world, { municipality: 'ams', pilot: 'AMS', person, ngo: 'ngo-1' });
    const story = new ReportStory(world, journey, person);
    await story.askPolice();
    await story.accesses();
    await story.manyLooks();
    story.unchecked = await story.asked({ identity_checked: false });
    story.request = await story.asked({});
    return story;
  }

  create(officer: string, body: object) {
    return this.world.as(officer).post(BASE).send(body);
  }

  list(officer: string) {
    return this.world.as(officer).get(BASE);
  }

  read(officer: string, path: string) {
    return this.world.as(officer).get(`${BASE}/${this.report}${path}`);
  }

  act(officer: string, oin: string, what: string, body: object) {
    return this.world.as(officer).post(`${BASE}/${this.report}/parts/${oin}/${what}`).send(body);
  }

  /** Makes the report, and remembers it. */
  async made(): Promise<Response> {
    const body = { requestMessageId: this.request, vNumber: this.person.vNumber };
    const answer = await expectStatus(200, this.create('fg-ams', body));
    this.report = (answer.body as { id: string }).id;
    return answer;
  }

  async file(format: string): Promise<Buffer> {
    return fileOf(this.read('fg-ams', `/document?format=${format}`));
  }

  async document(): Promise<ReportDocument> {
    return JSON.parse((await this.file('json')).toString('utf8')) as ReportDocument;
  }

  private async accesses(): Promise<void> {
    const { world } = this;
    const { caseId, posted } = this.journey;
    const ams = { 'purpose-of-use': 'P04', 'user-reference': EMPLOYEE };
    await expectStatus(200, consult(world, 'ams', caseId, ams));
    await expectStatus(200, consult(world, 'ams', `${caseId}/dossier`, ams));
    await expectStatus(404, consult(world, 'utr', caseId, ams));
    await expectStatus(200, contentOf(world, 'ams', posted.M08 ?? '', 'P03'));
    await expectStatus(403, contentOf(world, 'ams', posted.M08 ?? '', 'P14'));
  }

  /** More looks by DT&V than fit on one page of the database, many of them in the same millisecond. */
  private async manyLooks(): Promise<void> {
    const policy = loadPolicy('apps/gateway/policy/2026.1');
    const make = recordMaker(() => recordTerms(policy));
    const indexKey = Buffer.from(readFileSync(this.world.secrets.indexKeyFile, 'utf8').trim(), 'hex');
    const look: AccessRecordInput = {
      kind: 'CONSULTATION',
      action: 'case.read',
      peer: { oin: OIN.dtv, kind: 'DTV' },
      userReference: EMPLOYEE,
      municipality: OIN.ams,
      purpose: 'P04',
      legalBases: ['LB1'],
      caseId: this.journey.caseId,
      subjects: [{ index: subjectIndex(indexKey, this.person.vNumber), id: 'proef' }],
      decision: { outcome: 'permit', reasons: [] },
      fieldGroups: { released: ['FG01'], withheld: [] },
    };
    const records = Array.from({ length: LOOKS }, (_, n) => make(look, new Date(Date.now() - (n % 7))));
    await insertRecords({ query: ({ text, values }) => this.world.rows(text, values) }, records);
  }

  /** The police supplements the dossier, and the municipality reads it. */
  private async askPolice(): Promise<void> {
    const caseid = this.journey.caseId;
    const ask = {
      v_number: this.person.vNumber,
      case_id: caseid,
      parts: ['AVIM'],
      requested_on: today(),
      reason: 'REFRESH',
    };
    await accepted(this.world, 'ams', event('ams', 'dossier-request', ask, { caseid }));
    const supplement = {
      part_id: '7b2c4f5e-0000-4000-8000-000000000202',
      as_of: new Date().toISOString(),
      identity_verified: true,
      regime: 'AVG',
    };
    const { messageId } = await accepted(this.world, 'avim', event('avim', 'avim-supplement', supplement, { caseid }));
    await expectStatus(200, contentOf(this.world, 'ams', messageId, 'P03'));
  }

  private async asked(data: object): Promise<string> {
    const controllers = [OIN.ams, OIN.ind, OIN.avim];
    const right = { right: 'ACCESS', received_on: today(), identity_checked: true, controllers, ...data };
    const message = event('ams', 'data-subject-request', right, { caseid: this.journey.caseId });
    return (await accepted(this.world, 'ams', message)).messageId;
  }
}

export async function expectStatus(status: number, call: PromiseLike<Response>): Promise<Response> {
  const answer = await call;
  expect([answer.status, answer.status === status ? '' : answer.text]).toEqual([status, '']);
  return answer;
}

export const partsOf = (answer: Response): readonly ReportPart[] => (answer.body as { parts: ReportPart[] }).parts;
export const oinsOf = (answer: Response): readonly string[] => partsOf(answer).map((part) => part.oin);

/** The bytes of a file that is answered with 200, whatever its type. */
export async function fileOf(call: Test): Promise<Buffer> {
  const answer = await call.buffer(true).parse((stream, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => done(null, Buffer.concat(chunks)));
  });
  expect(answer.status).toBe(200);
  return answer.body as Buffer;
}
