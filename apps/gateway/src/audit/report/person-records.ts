import { recordTime } from '../../access-log/record-time.js';
import { subjectIndex } from '../../storage/subject-index.js';
import { readRecord, type PlainRecord } from '../search/plain-record.js';
import type { SqlReader } from '../../access-log/log/sql-reader.js';

/** So many records at once, whatever the person has: memory is bounded by this. */
const PAGE = 500;

/** Where the records of one person are found: under keyed indexes, and in the cases (a refusal may know the case alone). */
export interface PersonScope {
  readonly indexes: readonly Buffer[];
  readonly cases: readonly string[];
  /** Records up to and including this moment. */
  readonly until: Date;
}

/** All indexes of a person: of the V-number, and the one before a V-number was known. */
export function indexesOf(
  indexKey: Buffer,
  person: { readonly personId: string; readonly subjectIndex: Buffer | null },
) {
  const earlier = subjectIndex(indexKey, `person:${person.personId}`);
  return person.subjectIndex ? [person.subjectIndex, earlier] : [earlier];
}

/** Both ways are cut to a page before they meet, so that no page reads more than two pages of keys. */
const READ = `
  SELECT r.canonical FROM access_record r JOIN (
    (SELECT record_id AS id, at FROM access_record_subject
      WHERE subject_index = ANY ($1::bytea[]) AND (at, record_id) > ($3, $4) AND at <= $5
      ORDER BY at, record_id LIMIT ${PAGE})
    UNION
    (SELECT id, at FROM access_record
      WHERE case_id = ANY ($2::uuid[]) AND (at, id) > ($3, $4) AND at <= $5
      ORDER BY at, id LIMIT ${PAGE})
  ) k ON k.id = r.id AND k.at = r.at
  ORDER BY r.at, r.id LIMIT ${PAGE}`;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** The records of a person, oldest first, page by page. `after`: only those that come after this one. */
export async function* personRecords(
  client: SqlReader,
  { indexes, cases, until }: PersonScope,
  after: string = BEFORE_ALL,
): AsyncGenerator<readonly PlainRecord[]> {
  for (let last = after; ;) {
    const { rows } = await client.query<{ canonical: Buffer }>(READ, [indexes, cases, recordTime(last), last, until]);
    const page = rows.map(({ canonical }) => readRecord(canonical));
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    last = page.at(-1)?.id ?? last;
  }
}
