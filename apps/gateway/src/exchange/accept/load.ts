import type { PoolClient } from 'pg';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import { binaryArray, binaryColumn } from '../../storage/binary-array.js';
import { keyOf, stayNamed, type AcceptItem, type Loaded, type PersonCase, type Submission } from './accept-types.js';

const LOCK_BATCH = 'SELECT lock_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS loaded';

/** What the batch did not ask for, and what was not found, is null. */
interface LoadedJson {
  numbers: number[];
  keys: {
    source: string; id: string; bodyDigest: string; messageId: string; contentDigest: string; recordId: string; entryDigest: string;
    acceptedAt: string; caseId: string | null;
  }[] | null; // prettier-ignore
  cases: {
    id: string; personId: string; subjectIndex: string | null; version: number; identity: string; wrappedCaseKey: string; keyId: string;
    snapshot: CaseSnapshot; events: number;
  }[] | null; // prettier-ignore
  persons: { subjectIndex: string; id: string }[] | null;
  personCases: { personId: string; caseId: string; pilot: string; open: boolean; openShelter: boolean }[] | null;
  stays: { id: string; caseId: string }[] | null;
  targets:
    { messageId: string; contract: string; caseId: string | null; senderOin: string; recipients: string[] }[] | null;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** Takes every lock of the batch in the one global order and reads what the decisions need: one round trip. */
export async function loadBatch(client: PoolClient, items: readonly AcceptItem[], today: string): Promise<Loaded> {
  const submissions = items.filter((item): item is Submission => item.kind === 'submission');
  const numbers = numbersNeeded(submissions, today);
  const parameters = [
    binaryColumn('text', submissions, (item) => item.event.source),
    binaryColumn('text', submissions, (item) => item.event.id),
    binaryArray(
      'bytea',
      submissions.flatMap((item) => (item.subjectIndex ? [item.subjectIndex] : [])),
    ),
    uuids(submissions.filter(concernsPerson).map((item) => item.event.caseid)),
    uuids(
      items.map((item) =>
        item.kind === 'submission' ? item.event.caseid : item.kind === 'timer' ? item.caseId : null,
      ),
    ),
    uuids(submissions.map((item) => item.event.data.target_message_id)),
    numbers.map((one) => one.pilot),
    numbers.map((one) => one.year),
    numbers.map((one) => one.count),
    uuids(submissions.map((item) => stayNamed(item.event.data))),
  ];
  const { rows } = await client.query<{ loaded: LoadedJson }>({
    name: 'accept-load',
    text: LOCK_BATCH,
    values: parameters,
  });
  const loaded = rows[0]?.loaded;
  if (!loaded) throw new Error('lock_batch gave no row');
  return toLoaded(loaded, numbers);
}

/** Starts of stays are judged over all cases of the person (INV-6), so the person is locked too. */
function concernsPerson(item: Submission): boolean {
  return ['M02', 'M03', 'M04', 'M41'].includes(item.contract.id);
}

interface NumbersNeeded {
  readonly pilot: string;
  readonly year: number;
  readonly count: number;
}

function numbersNeeded(submissions: readonly Submission[], today: string): readonly NumbersNeeded[] {
  const counts = new Map<string, number>();
  for (const item of submissions) {
    const pilot = item.event.data.pilot;
    if (item.contract.id === 'M01' && typeof pilot === 'string') counts.set(pilot, (counts.get(pilot) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([pilot, count]) => ({ pilot, year: Number(today.slice(0, 4)), count }));
}

function uuids(values: readonly unknown[]): Buffer {
  const named = values.filter((value): value is string => typeof value === 'string' && UUID.test(value));
  return binaryArray('uuid', [...new Set(named)]);
}

function toLoaded(json: LoadedJson, numbers: readonly NumbersNeeded[]): Loaded {
  const personCases: Loaded['personCases'] = new Map();
  for (const { personId, ...row } of json.personCases ?? []) {
    const cases = personCases.get(personId) ?? new Map<string, PersonCase>();
    personCases.set(personId, cases.set(row.caseId, row));
  }
  return {
    keys: new Map(
      (json.keys ?? []).map((row) => [
        keyOf(row.source, row.id),
        {
          ...row,
          bodyDigest: bytes(row.bodyDigest),
          contentDigest: bytes(row.contentDigest),
          entryDigest: bytes(row.entryDigest),
          acceptedAt: new Date(row.acceptedAt).toISOString(),
        },
      ]),
    ),
    cases: new Map(
      (json.cases ?? []).map((row) => [
        row.id,
        {
          ...row,
          subjectIndex: row.subjectIndex ? bytes(row.subjectIndex) : null,
          identity: bytes(row.identity),
          wrappedCaseKey: bytes(row.wrappedCaseKey),
        },
      ]),
    ),
    persons: new Map((json.persons ?? []).map((row) => [bytes(row.subjectIndex).toString('hex'), row.id])),
    personCases,
    stayCases: new Map((json.stays ?? []).map((row) => [row.id, row.caseId])),
    targets: new Map((json.targets ?? []).map((row) => [row.messageId, row])),
    caseNumbers: new Map(
      numbers.map((one, index) => {
        const last = json.numbers[index] ?? 0;
        return [one.pilot, { year: one.year, next: last - one.count + 1 }];
      }),
    ),
  };
}
