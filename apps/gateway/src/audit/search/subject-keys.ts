import type { PoolClient } from 'pg';
import { subjectIndex } from '../../storage/subject-index.js';
import type { SubjectKeys } from './search-rows.js';

const READ = `SELECT p.id AS "personId", k.id AS "caseId" FROM person p LEFT JOIN lvv_case k ON k.person_id = p.id
  WHERE p.subject_index = $1 ORDER BY k.opened_at LIMIT 1000`;

/** Where the records of a person with this V-number are found; of an unknown number its own index alone. */
export async function subjectKeysOf(client: PoolClient, indexKey: Buffer, vNumber: string): Promise<SubjectKeys> {
  const index = subjectIndex(indexKey, vNumber);
  const { rows } = await client.query<{ personId: string; caseId: string | null }>({
    name: 'audit-subject',
    text: READ,
    values: [index],
  });
  const [first] = rows;
  // Before the V-number was known, the person stood in the index under the number of the gateway.
  const earlier = first ? [subjectIndex(indexKey, `person:${first.personId}`)] : [];
  return { indexes: [index, ...earlier], cases: rows.flatMap(({ caseId }) => caseId ?? []) };
}
