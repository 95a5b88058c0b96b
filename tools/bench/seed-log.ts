import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { AccessRecordInput } from '../../apps/gateway/src/access-log/access-record.js';
import { insertRecords } from '../../apps/gateway/src/access-log/insert-records.js';
import type { RecordMaker } from '../../apps/gateway/src/access-log/record-maker.js';
import { subjectIndex } from '../../apps/gateway/src/storage/subject-index.js';
import { ROSTER } from '../demo/roster.js';

/** Records about one person and case: what a stay of a year leaves. */
export const RECORDS_A_PERSON = 100;
const BATCH = 1_000;
/** One batch is made while another is written: this process and the database then both have work. */
const WRITING_AT_ONCE = 3;
/** The partitions that a migrated database has: one month back, the others ahead. */
const FIRST_MS = Date.now() - 20 * 86_400_000;
const SPAN_MS = 360 * 86_400_000;
const ACTIONS = ['content.read', 'message.accept', 'case.read', 'inbox.read', 'delivery.acknowledge'] as const;

export const vNumberOf = (person: number): string => `0000${String(person).padStart(6, '0')}`;
export const caseOf = (person: number): string => `00000000-0000-4000-8000-${person.toString(16).padStart(12, '0')}`;

/** Writes `count` records through the product's own code, spread over a year, people and organisations. */
export async function seedLog(
  pool: Pool,
  makeRecord: RecordMaker,
  { count, indexKey, onProgress }: { count: number; indexKey: Buffer; onProgress: (done: number) => void },
): Promise<void> {
  const people = Math.max(1, Math.floor(count / RECORDS_A_PERSON));
  let [next, done] = [0, 0];
  const writer = async (): Promise<void> => {
    for (let first = next; first < count; first = next) {
      next += BATCH;
      const size = Math.min(BATCH, count - first);
      await insertRecords(pool, recordsFrom(first, size));
      onProgress((done += size));
    }
  };
  await Promise.all(Array.from({ length: WRITING_AT_ONCE }, writer));

  function recordsFrom(first: number, size: number) {
    return Array.from({ length: size }, (_, offset) => {
      const n = first + offset;
      // A person's records lie far apart in the table, as they do when a thousand cases run at once.
      return makeRecord(recordOf(n, n % people, indexKey), new Date(FIRST_MS + Math.floor((n / count) * SPAN_MS)));
    });
  }
}

function recordOf(n: number, person: number, indexKey: Buffer): AccessRecordInput {
  const municipality = ROSTER[person % 5];
  const asker = n % 3 === 0 ? municipality : ROSTER[7 + (n % 4)];
  if (!municipality || !asker) throw new Error('the roster is shorter than this seed');
  const refused = n % 50 === 0;
  return {
    kind: refused ? 'REFUSAL' : 'DELIVERY',
    action: ACTIONS[n % ACTIONS.length] ?? 'content.read',
    peer: { oin: asker.oin, kind: asker.kind, thumbprint: 'a'.repeat(64) },
    purpose: 'P03',
    legalBases: ['LB1', 'LB2'],
    processingActivity: 'https://ketenpoort.example/verwerkingen/dossier',
    caseId: caseOf(person),
    municipality: municipality.oin,
    source: ROSTER[7]?.oin ?? '',
    subjects: [{ index: subjectIndex(indexKey, vNumberOf(person)), id: randomBytes(24).toString('base64url') }],
    contract: { id: 'M08', version: 1 },
    decision: { outcome: refused ? 'refuse' : 'permit', policyVersion: '2026.1', reasons: ['P03 is the purpose'] },
    fieldGroups: { released: ['FG01', 'FG03', 'FG11'], withheld: ['FG16'] },
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
  };
}
