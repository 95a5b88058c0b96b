import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROSTER } from '../tools/demo/roster.js';
import type { LoggedRecord } from './support/calls.js';
import { sortedLeaves } from './support/naive/naive-content.js';
import { prepareCases } from './support/naive/prepare-cases.js';
import { RandomRequests, seededRandom, type RandomRequest } from './support/naive/random-requests.js';
import { readTruth } from './support/naive/truth.js';
import { PeerClient, type Answer } from './support/peer-client.js';
import { World } from './support/world.js';

const REQUESTS = Number(process.env.KETENPOORT_REQUESTS ?? 10_000);
const SEED = Number(process.env.KETENPOORT_SEED ?? randomInt(2 ** 31));
/** Under way at once: enough to fill batches, and for answers that wait for the edge of their time band. */
const AT_ONCE = 48;
const LIMIT_MS = 300_000;
/** The trace ids of this run: they tie each request to its records. */
const TRACE = `feed0000${SEED.toString(16).padStart(8, '0')}`;
const traceOf = (n: number): string => `${TRACE}${(n + 1).toString(16).padStart(16, '0')}`;

interface Recorded {
  readonly traceId: string;
  readonly record: LoggedRecord;
  readonly children: number;
}

let world: World;
const asked: RandomRequest[] = [];
const answers: Answer[] = [];
const records = new Map<string, Recorded[]>();

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  await prepareCases(world);
  const generator = new RandomRequests(await readTruth(world), ROSTER, seededRandom(SEED));
  for (let n = 0; n < REQUESTS; n += 1) asked.push(generator.next());
  await askAll();
  const rows = await world.rows<Recorded>(
    `SELECT convert_from(canonical, 'UTF8')::jsonb ->> 'traceId' AS "traceId", convert_from(canonical, 'UTF8')::jsonb AS record,
       (SELECT count(*)::int FROM access_record_subject s WHERE s.record_id = r.id AND s.at = r.at) AS children
     FROM access_record r`,
  );
  for (const row of rows.filter(({ traceId }) => traceId?.startsWith(TRACE)))
    records.set(row.traceId, [...(records.get(row.traceId) ?? []), row]);
}, LIMIT_MS);
afterAll(() => world.close());

async function askAll(): Promise<void> {
  const clients = new Map(ROSTER.map(({ name }) => [name, new PeerClient(world, name)]));
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < asked.length; n = next++) {
      const { by, method, path, headers, body } = asked[n] as RandomRequest;
      const traced = { ...headers, traceparent: `00-${traceOf(n)}-00000000000000ff-01` };
      const call = { headers: traced, ...(body === undefined ? {} : { body }) };
      answers[n] = (await clients.get(by.name)?.call(method, path, call)) as Answer;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const client of clients.values()) client.close();
}

/** What is wrong with each answer, by a rule that gives the expected and the real; empty when nothing is. */
function differences(compare: (one: RandomRequest, answer: Answer, n: number) => readonly [unknown, unknown] | null) {
  return asked.flatMap((one, n) => {
    const pair = compare(one, answers[n] as Answer, n);
    if (pair === null || JSON.stringify(pair[0]) === JSON.stringify(pair[1])) return [];
    return [
      { by: one.by.name, path: one.path, headers: one.headers, body: one.body, expected: pair[0], real: pair[1] },
    ];
  });
}

const REPRODUCE = `KETENPOORT_SEED=${SEED} KETENPOORT_REQUESTS=${REQUESTS}`;

describe(`${REQUESTS} random requests, ${REPRODUCE}`, () => {
  it('are permitted and refused as a naive reading of the policy says', () => {
    const wrong = differences(({ expected: { status, code } }, { status: real, body }) => [
      [status, code],
      [real, real === 200 ? undefined : body.code],
    ]);
    expect(wrong.slice(0, 3)).toEqual([]);
    const statuses = new Set(asked.map(({ expected }) => expected.status));
    if (REQUESTS >= 2_000) expect([...statuses].sort()).toEqual([200, 400, 403, 404, 410]);
  });

  it('get of a message exactly the fields that the release table, the matrix and the schema allow', () => {
    const wrong = differences(({ expected: { leaves } }, { body }) =>
      leaves ? [leaves, sortedLeaves((body.event as { data?: unknown } | undefined)?.data)] : null,
    );
    expect(wrong.slice(0, 3)).toEqual([]);
    if (REQUESTS >= 2_000) expect(asked.filter(({ expected }) => expected.leaves?.length).length).toBeGreaterThan(500);
  });

  it('get of a case exactly the properties that these allow', () => {
    const wrong = differences(({ expected: { properties } }, { body }) =>
      properties ? [properties, Object.keys((body.data ?? {})).sort()] : null,
    );
    expect(wrong.slice(0, 3)).toEqual([]);
    if (REQUESTS >= 2_000) expect(asked.filter(({ expected }) => expected.properties?.length).length).toBeGreaterThan(300);
  }); // prettier-ignore

  it('are told beforehand what would happen', () => {
    const wrong = differences(({ expected: { evaluation } }, { body }) => {
      if (!evaluation) return null;
      const { permit, code, released } = body as { permit: boolean; code?: string; released: { group: string }[] };
      const { groups } = evaluation;
      return [evaluation, { permit, ...(code ? { code } : {}), ...(groups ? { groups: released.map(({ group }) => group) } : {}) }];
    }); // prettier-ignore
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('hold nothing but the problem when they are refused', () => {
    const leaking = asked.filter(({ expected }, n) => {
      const members = Object.keys(answers[n]?.body ?? {});
      return expected.status !== 200 && members.some((name) => ['event', 'data', 'released', 'withheld'].includes(name));
    });
    expect(leaking).toEqual([]);
    const bodies = asked.flatMap(({ expected }, n) => (expected.status === 404 ? [JSON.stringify(answers[n]?.body)] : []));
    expect(new Set(bodies).size).toBeLessThanOrEqual(1);
  }); // prettier-ignore

  it('leave exactly one record each, with one child per data subject', () => {
    const wrong = differences(({ expected: { subjects, action } }, _answer, n) => {
      const own = records.get(traceOf(n)) ?? [];
      const said = own.map(({ record, children }) => [record.action, record.subjects.length, children]);
      return [[[action, subjects, subjects]], said];
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(records.size).toBe(REQUESTS);
  });

  it('are recorded as they were answered: permitted or why not, and which groups', () => {
    const wrong = differences(({ expected }, { status, body }, n) => {
      const { kind, decision, fieldGroups } = records.get(traceOf(n))?.[0]?.record ?? ({} as LoggedRecord);
      const { evaluation, code } = expected;
      if (evaluation) return [['EVALUATION', evaluation.code], [kind, decision.code]];
      const told = status === 200 ? { released: body.released, withheld: body.withheld } : { released: [], withheld: [] };
      return [[status !== 200, code, told], [kind === 'REFUSAL', decision.code, { released: fieldGroups.released, withheld: fieldGroups.withheld }]];
    }); // prettier-ignore
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});
