import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContractId } from '#contracts/contract.js';
import { contractExamples } from '#contracts/contract-documents.js';
import type { PurposeCode } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { loadPolicy } from '../apps/gateway/src/policy/load-policy.js';
import { releaseTables } from '../tools/policy/release-tables.js';
import { ROSTER } from '../tools/demo/roster.js';
import { accepted, contentOf, recordsDuring, type LoggedRecord } from './support/calls.js';
import { playMainJob } from './support/journey.js';
import { application, checkRequest, event, stayStarted, today, vNumber, type Event } from './support/messages.js';
import { signed } from './support/signed.js';
import { World } from './support/world.js';

const LIMIT_MS = 90_000;
const POLICY = loadPolicy('apps/gateway/policy/2026.1');
const TABLES = releaseTables(POLICY);

interface Received {
  readonly contract: ContractId;
  readonly purpose: PurposeCode;
  readonly receiver: string;
  readonly messageId: string;
  readonly answer: {
    readonly event: { readonly data: Readonly<Record<string, unknown>> };
    readonly released: readonly string[];
    readonly withheld: readonly string[];
  };
  readonly records: readonly LoggedRecord[];
  readonly subjects: number;
}

let world: World;
const sent = new Map<string, Event>();
const received: Received[] = [];
const person = { vNumber: vNumber(), familyName: 'Beleid' };
const signer = { vNumber: vNumber(), familyName: 'Zegelbewaarder' };
const unasked = { vNumber: vNumber(), familyName: 'Ongevraagd' };

beforeAll(async () => {
  world = await World.open();
  // A supplement of AVIM is asked for on a legal basis that the installation names; other AVIM routes stay off.
  await world.rows(
    `INSERT INTO route_basis (contract, receiver_kind, basis, valid_from) VALUES ('M07', 'AVIM', 'proef', $1)`,
    [today()],
  );
  await world.startGateway();
  const journey = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
  for (const [messageId, message] of journey.sent) sent.set(messageId, message);
  await askSupplements(journey.caseId);
  await checkWithoutCoa();
  const deliveries = await world.rows<{ messageId: string; oin: string; contract: ContractId; purpose: PurposeCode }>(
    `SELECT d.message_id AS "messageId", d.recipient_oin AS oin, d.purpose, m.contract
     FROM delivery d JOIN message m ON m.id = d.message_id ORDER BY d.insert_order`,
  );
  for (const delivery of deliveries) received.push(await fetched(delivery));
}, LIMIT_MS);
afterAll(() => world.close());

async function post(from: string, message: Event): Promise<string> {
  const receipt = await accepted(world, from, message);
  sent.set(receipt.messageId, message);
  return receipt.caseId;
}

async function askSupplements(caseid: string): Promise<void> {
  const request = { v_number: person.vNumber, case_id: caseid, parts: ['COA', 'AVIM'], requested_on: today() };
  await post('gro', event('gro', 'dossier-request', { ...request, reason: 'INTAKE' }, { caseid }));
  await post('coa', event('coa', 'coa-reception-history', ownPart('M11'), { caseid }));
  await post('avim', event('avim', 'avim-supplement', ownPart('M10'), { caseid }));
}

const ownPart = (id: ContractId): Record<string, unknown> => ({
  ...(contractExamples(id).at(-1) as Record<string, unknown>),
  part_id: randomUUID(),
});

/** The grounds that COA answers are not asked for: then it hears nothing. */
async function checkWithoutCoa(): Promise<void> {
  const caseid = await post('rot', application('rot', 'ROT', unasked));
  const request = checkRequest('rot', caseid, unasked);
  await post('rot', { ...request, data: { ...request.data, questions: ['X1', 'X2', 'X3', 'X4', 'X5'] } });
}

async function fetched(delivery: {
  messageId: string;
  oin: string;
  contract: ContractId;
  purpose: PurposeCode;
}): Promise<Received> {
  const { messageId, contract, purpose } = delivery;
  const receiver = ROSTER.find(({ oin }) => oin === delivery.oin)?.name ?? '';
  const { answer, records } = await recordsDuring(world, () => contentOf(world, receiver, messageId, purpose));
  if (answer.status !== 200) throw new Error(`${contract} to ${receiver}: ${answer.status} ${answer.text}`);
  const children = await world.rows('SELECT 1 FROM access_record_subject WHERE record_id = $1', [
    answer.headers['access-record'],
  ]);
  return {
    contract,
    purpose,
    receiver,
    messageId,
    answer: answer.body as Received['answer'],
    records,
    subjects: children.length,
  };
}

const kindOf = (receiver: string) => ROSTER.find(({ name }) => name === receiver)?.kind;
const tableOf = ({ contract, purpose, receiver }: Received) =>
  TABLES.find(
    (row) => row.contract.id === contract && row.route.to === kindOf(receiver) && row.route.purpose === purpose,
  );
const dataOf = (contract: ContractId, receiver: string): Readonly<Record<string, unknown>> => {
  const found = received.find((one) => one.contract === contract && one.receiver === receiver);
  if (!found) throw new Error(`${receiver} received no ${contract}`);
  return found.answer.event.data;
};

describe('what a receiver gets', () => {
  it('comes to those, and only those, to whom the message goes', () => {
    const routes = new Set(received.map(({ contract, receiver }) => `${contract} ${receiver}`));
    expect([...routes].sort()).toEqual(
      [
        ...['M02 ind', 'M02 coa', 'M03 gro', 'M04 ngo-1', 'M05 dtv', 'M06 gro', 'M07 ind', 'M07 dtv', 'M07 coa'],
        ...['M07 avim', 'M08 gro', 'M09 gro', 'M10 gro', 'M10 dtv', 'M10 ind', 'M11 gro', 'M12 gro', 'M12 ind'],
        ...['M12 dtv', 'M12 ngo-1', 'M13 gro', 'M13 ngo-1', 'M13 ind', 'M13 dtv', 'M41 ngo-1', 'M43 ngo-1'],
      ].sort(),
    );
  });

  it('is released and withheld as the table of messages and receivers says, and so says the record', () => {
    for (const one of received) {
      const table = tableOf(one);
      if (!table?.decision.permit) throw new Error(`${one.contract} to ${one.receiver} is not in the table`);
      const { released, withheld } = table.decision;
      expect([one.contract, one.receiver, one.answer.released]).toEqual([one.contract, one.receiver, released]);
      expect([one.contract, one.receiver, one.answer.withheld]).toEqual([one.contract, one.receiver, withheld]);
      expect(one.records).toMatchObject([
        {
          kind: 'DELIVERY',
          action: 'content.read',
          purpose: one.purpose,
          messageId: one.messageId,
          contract: { id: one.contract },
          decision: { outcome: 'permit', policyVersion: POLICY.version },
          fieldGroups: { released, withheld },
        },
      ]);
    }
  });

  it('holds each property that is released in full as it was sent, and none that is withheld', () => {
    let compared = 0;
    for (const { contract, receiver, messageId, answer, ...one } of received) {
      const table = tableOf({ contract, receiver, messageId, answer, ...one });
      const full = new Set(table?.released.filter(({ level }) => level === 'F').map(({ group }) => group));
      const forAValue = new Set(table?.withheldForAValue);
      for (const { pointer, group, values } of propertyRules(contract)) {
        const name = /^\/([^/]+)$/.exec(pointer)?.[1];
        if (name === undefined) continue;
        const where = `${contract} ${receiver} ${name}`;
        if (answer.withheld.includes(group)) expect([where, name in answer.event.data]).toEqual([where, false]);
        const original = sent.get(messageId)?.data;
        const whole = !hasOwnRules(contract, pointer) && Object.keys(values).length === 0 && !forAValue.has(pointer);
        if (!original || !full.has(group) || !whole) continue;
        expect([where, answer.event.data[name]]).toEqual([where, original[name]]);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(60);
  });

  const hasOwnRules = (contract: ContractId, pointer: string): boolean =>
    propertyRules(contract).some((rule) => rule.pointer.startsWith(`${pointer}/`));

  it('brings along no attribute in which more could be said, nor a signature over what is withheld', async () => {
    const journey = await playMainJob(world, { municipality: 'utr', pilot: 'UTR', person: signer, ngo: 'ngo-2' });
    const talkative = {
      ...stayStarted('utr', journey.caseId, 'GUIDANCE_ONLY'),
      dataschema: `https://example.org/${signer.familyName}`,
      tracestate: `name=${signer.familyName}`,
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    const { messageId } = await accepted(world, 'utr', await signed(world, 'utr', talkative));
    const { body } = await contentOf(world, 'ngo-2', messageId, 'P05');
    expect(Object.keys(body.event as object).sort()).toEqual([
      ...['caseid', 'data', 'datacontenttype', 'id', 'purpose', 'source', 'specversion', 'time', 'traceparent', 'type'],
    ]);
    expect(JSON.stringify(body)).not.toContain(signer.familyName);
  });

  it('is about one person, and the record has one subject for it', () => {
    for (const { contract, receiver, records, subjects } of received) {
      expect([contract, receiver, records[0]?.subjects.length, subjects]).toEqual([contract, receiver, 1, 1]);
    }
  });
});

describe('an NGO', () => {
  it('learns of the decision that it was taken and how it ended, not on what ground', () => {
    expect(dataOf('M04', 'ngo-1')).toEqual({ outcome: 'ADMITTED', decided_on: today() });
  });

  it('learns of dossier and rest period the dates only', () => {
    expect(Object.keys(dataOf('M12', 'ngo-1')).sort()).toEqual(['delivered_on', 'dossier_id']);
    expect(Object.keys(dataOf('M13', 'ngo-1')).sort()).toEqual(['ends_on', 'event', 'starts_on']);
    expect(Object.keys(dataOf('M12', 'gro')).sort()).toEqual(['delivered_on', 'dossier_id', 'parts']);
  });

  it('never gets name, number, country or status of the person in this part of the process', () => {
    const own = received.filter(({ receiver }) => receiver === 'ngo-1');
    expect(own.length).toBeGreaterThanOrEqual(5);
    const text = JSON.stringify(own.map(({ answer }) => answer));
    for (const value of [person.vNumber, person.familyName, 'NONE_WITHIN_POLICY']) expect(text).not.toContain(value);
    expect(new Set(own.flatMap(({ answer }) => answer.released))).toEqual(new Set(['FG01', 'FG08']));
  });
});

describe('the municipality', () => {
  it('learns of an entry ban that there is one, not how long or why', () => {
    expect(dataOf('M08', 'gro').entry_ban).toEqual({ exists: true });
    const original = [...sent.values()].find(({ type }) => String(type).includes('ind-dossier'))?.data;
    expect(original?.entry_ban).toMatchObject({ exists: true, legal_effect: expect.any(String) });
  });

  it('does not get the public-order signal of the police, and neither does the IND', () => {
    const original = [...sent.values()].find(({ type }) => String(type).includes('avim'))?.data;
    expect(original).toHaveProperty('public_order_contraindication');
    for (const receiver of ['gro', 'ind']) {
      expect(dataOf('M10', receiver)).not.toHaveProperty('public_order_contraindication');
    }
  });
});

describe('AVIM and COA', () => {
  it('get what they are asked and nothing of their own accord', () => {
    const to = (receiver: string) =>
      received.filter((one) => one.receiver === receiver).map(({ contract }) => contract);
    expect(to('avim')).toEqual(['M07']);
    expect(to('coa')).toEqual(['M02', 'M07']);
    expect(to('ind').filter((contract) => contract === 'M02')).toHaveLength(2);
  });
});
