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
  const found = subject ? `${personRows(subject, period, value)} AS k JOIN` : '';
  const on = subject ? 'ON r.id = k.id AND r.at = k.at' : '';
  const conditions = [...period.map((one) => `r.${one}`), ...filtersOf(question, value), ...sightOf(sight, value)];
  const { after } = question;
  if (after) conditions.push(`(r.at, r.id) < (${value(recordTime(after.id))}, ${value(after.id)}::uuid)`);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const text = `SELECT r.id, r.canonical FROM ${found} access_record AS r ${on} ${where}
    ORDER BY r.at DESC, r.id DESC LIMIT ${value(question.limit + 1)}`;
  return (await client.query<FoundRow>(text, values)).rows;
}

type Value = (given: unknown) => string;

/** The records of a person, by the keyed index and by the cases; each once. */
function personRows({ indexes, cases }: SubjectKeys, period: readonly string[], value: Value): string {
  const and = period.map((one) => ` AND ${one}`).join('');
  return `(SELECT record_id AS id, at FROM access_record_subject WHERE subject_index = ANY (${value(indexes)}::bytea[])${and}
    UNION SELECT id, at FROM access_record WHERE case_id = ANY (${value(cases)}::uuid[])${and})`;
}

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

/** `isVisible` in SQL. */
function sightOf({ oin, hidden, grantId }: Sight, value: Value): readonly string[] {
  return [
    ...(grantId === null ? [`r.concerns @> ARRAY[${value(oin)}::text]`] : []),
    ...(hidden.length === 0
      ? []
      : [`(r.processing_activity IS NULL OR r.processing_activity <> ALL (${value(hidden)}::text[]))`]),
  ];
}
