import type { PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { DataSubjectRequest } from '#contracts/generated/messages.js';
import { GatewayError } from '../../errors.js';
import { subjectIndex } from '../../storage/subject-index.js';
import type { Caller } from '../caller.js';
import { aboutPerson } from './about-report.js';
import { openAccessRequest, readAccessRequest, type AccessRequest } from './access-request.js';
import { indexesOf, personRecords } from './person-records.js';
import { RefusedAbout, type Done } from './recorded.js';
import { reportEntry } from './report-entry.js';
import type { ReportParts } from './report-parts.js';
import { reportOfRequest } from './report-rows.js';
import { personCases } from './surroundings.js';
import { dueOn, type Regime } from './terms.js';

export interface ReportRequest {
  readonly requestMessageId: string;
  readonly vNumber?: string;
}

interface NewPart {
  readonly oin: string;
  readonly regime: Regime;
  entries: number;
}

const INSERT = `INSERT INTO data_subject_report
    (id, request_message_id, case_id, person_id, handler_oin, received_on, named, covers_until)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (request_message_id) DO NOTHING`;
const INSERT_PARTS = `INSERT INTO data_subject_report_part (report_id, oin, regime, entries, due_on)
  SELECT $1, * FROM unnest($2::text[], $3::text[], $4::int[], $5::date[])`;

/**
 * The report on this request, made now if there is none yet. One part for each controller that answers for records of
 * the person; whoever coordinates the case always has one. Refused unless the organisation sent or received the request,
 * it asks for access, and somebody has checked who asks.
 */
export async function createReport(
  parts: ReportParts,
  client: PoolClient,
  caller: Caller,
  asked: ReportRequest,
): Promise<Done<string>> {
  const row = await readAccessRequest(client, asked.requestMessageId, caller.oin);
  if (!row) {
    const reason = 'no M37 that this organisation sent or received';
    throw new GatewayError('REPORT_NOT_AVAILABLE', 'not available', { reason });
  }
  const about = { ...aboutPerson(parts.indexKey, caller, row), messageId: row.messageId };
  try {
    checkPerson(parts.indexKey, row, asked.vNumber);
    const known = await reportOfRequest(client, row.messageId);
    if (known) return { answer: known.id, about: { ...about, details: { report: known.id } } };
    const request = openAccessRequest(parts.cipher, row);
    const id = await insertReport(parts, client, caller, row, request);
    return { answer: id, about: { ...about, details: { report: id } } };
  } catch (error) {
    throw error instanceof GatewayError ? new RefusedAbout(error, about) : error;
  }
}

/** A request in the wrong case would give one person's log to another. */
function checkPerson(indexKey: Buffer, row: AccessRequest, vNumber: string | undefined): void {
  const given = vNumber === undefined ? null : subjectIndex(indexKey, vNumber);
  const same = row.subjectIndex === null ? given === null : given?.equals(row.subjectIndex) === true;
  if (!same) throw new GatewayError('SUBJECT_MISMATCH', 'the V-number is not that of the person of this case');
}

async function insertReport(
  parts: ReportParts,
  client: PoolClient,
  caller: Caller,
  row: AccessRequest,
  { received_on: receivedOn, controllers }: DataSubjectRequest,
): Promise<string> {
  const coversUntil = new Date();
  const found = await partsOf(parts, client, row, coversUntil);
  const id = uuidv7();
  const values = [id, row.messageId, row.caseId, row.personId, caller.oin, receivedOn, controllers, coversUntil];
  const { rowCount } = await client.query(INSERT, values);
  if (rowCount === 0) return (await reportOfRequest(client, row.messageId))?.id ?? id;
  await client.query(INSERT_PARTS, [
    id,
    found.map((part) => part.oin),
    found.map((part) => part.regime),
    found.map((part) => part.entries),
    found.map((part) => dueOn(part.regime, receivedOn)),
  ]);
  return id;
}

async function partsOf(
  parts: ReportParts,
  client: PoolClient,
  person: AccessRequest,
  until: Date,
): Promise<readonly NewPart[]> {
  const { municipalityOin } = person;
  const { cases, around } = await personCases(client, parts, person.personId, municipalityOin);
  const found = new Map<string, NewPart>([[municipalityOin, { oin: municipalityOin, regime: 'AVG', entries: 0 }]]);
  const scope = { indexes: indexesOf(parts.indexKey, person), cases, until };
  for await (const records of personRecords(client, scope)) {
    for (const record of records) {
      const { oin, regime } = reportEntry(record, around).part;
      const part = found.get(oin) ?? { oin, regime, entries: 0 };
      part.entries += 1;
      found.set(oin, part);
    }
  }
  return [...found.values()];
}
