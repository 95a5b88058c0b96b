import type { PoolClient } from 'pg';
import { recordTime } from '../../access-log/record-time.js';
import type { Sight } from '../sight.js';
import type { Question } from './question.js';

/** A record as the search finds it. */
export interface FoundRow {
  readonly id: string;
  /** The truth; the columns only found it. */
  readonly canonical: Buffer;
}

/** Under which keys the records of one person stand. */
export interface SubjectKeys {
  readonly indexes: readonly Buffer[];
  /** Cases of this person: a refusal about a known case may know the case and not the person. */
  readonly cases: readonly string[];
}

/** Newest first; one row more than the page holds, so that it shows whether there is a next one. */
export async function searchRows(
  client: PoolClient,
  sight: Sight,
  question: Question,
  subject: SubjectKeys | null,
): Promise<readonly FoundRow[]> {
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const period = periodOf(question, value);
  const conditions = [
    ...period.map((one) => `r.${one}`),
    ...filtersOf(question, value),
    ...sightOf(sight, question, value),
  ];
  const { after } = question;
  if (after) conditions.push(`(r.at, r.id) < (${value(recordTime(after.id))}, ${value(after.id)}::uuid)`);
  const records = subject ? recordsOf(subject, period, conditions, value) : `access_record AS r ${where(conditions)}`;
  const text = `SELECT r.id, r.canonical FROM ${records} ORDER BY r.at DESC, r.id DESC LIMIT ${value(question.limit + 1)}`;
  return (await client.query<FoundRow>(text, values)).rows;
}

type Value = (given: unknown) => string;

/**
 * The records of a person, by the keyed index and by the cases; each once. One by one through the primary key: left to
 * itself the planner may join by reading all records of all months, and then a person costs as much as everyone.
 */
function recordsOf(
  { indexes, cases }: SubjectKeys,
  period: readonly string[],
  conditions: readonly string[],
  value: Value,
): string {
  const and = period.map((one) => ` AND ${one}`).join('');
  const keys = `SELECT record_id AS id, at FROM access_record_subject
      WHERE subject_index = ANY (${value(indexes)}::bytea[])${and}
    UNION SELECT id, at FROM access_record WHERE case_id = ANY (${value(cases)}::uuid[])${and}`;
  const record = `SELECT r.id, r.at, r.canonical FROM access_record AS r
    ${where(['r.id = k.id', 'r.at = k.at', ...conditions])} LIMIT 1`;
  return `(${keys}) AS k CROSS JOIN LATERAL (${record}) AS r`;
}

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;

function periodOf({ from, to, after }: Question, value: Value): readonly string[] {
  return [
    ...(from ? [`at >= ${value(from)}`] : []),
    ...(to ? [`at < ${value(to)}`] : []),
    // Told apart from the exact position, so that older partitions alone are opened.
    ...(after ? [`at <= ${value(recordTime(after.id))}`] : []),
  ];
}

const COLUMNS = {
  peer: 'peer_oin',
  purpose: 'purpose',
  caseId: 'case_id',
  messageId: 'message_id',
  decision: 'decision',
  kind: 'kind',
  action: 'action',
  traceId: 'trace_id',
  processingActivity: 'processing_activity',
} as const;

function filtersOf({ filters }: Question, value: Value): readonly string[] {
  const named = Object.entries(COLUMNS) as [keyof typeof COLUMNS, string][];
  return named.flatMap(([name, column]) => {
    const given = filters[name];
    return given === undefined ? [] : [`r.${column} = ${value(given)}`];
  });
}

/**
 * `isVisible` in SQL. A case, a message, a trace and a person have few records: there the index of concerned organisations is kept
 * out of it (`= ANY` cannot use it), which would read all that concerns the organisation.
 */
function sightOf({ oin, hidden, grantId }: Sight, { filters }: Question, value: Value): readonly string[] {
  const { subject, caseId, messageId, traceId } = filters;
  const few = [subject, caseId, messageId, traceId].some((one) => one !== undefined);
  const own = (): string => (few ? `${value(oin)} = ANY (r.concerns)` : `r.concerns @> ARRAY[${value(oin)}::text]`);
  return [
    ...(grantId === null ? [own()] : []),
    ...(hidden.length === 0
      ? []
      : [`(r.processing_activity IS NULL OR r.processing_activity <> ALL (${value(hidden)}::text[]))`]),
  ];
}
