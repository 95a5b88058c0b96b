import { describe, expect, it } from '@jest/globals';
import type { ContractId } from '#contracts/contract.js';
import type { BookEntry, ReceivedEntry, SentEntry } from '../book/book-entry.js';
import { BookView } from '../book/book-view.js';
import type { Person } from '../population/person.js';
import { createPopulation } from '../population/population.js';
import { createDueAt } from './due-at.js';
import type { Behaviour, Intent, SendIntent } from './intent.js';
import { municipality } from './municipality.js';
import { coa, dtv, ind } from './suppliers.js';

const AT = '2026-03-02T09:00:00.000Z';
const RUN: BookEntry = { kind: 'play', at: AT, residents: 25, seed: 1 };
const PEOPLE = createPopulation(25, 1);
const GUIDE = '00000099000000000201';
let serial = 0;

/** A system's book, its view and what its behaviour wants after each line. */
class Desk {
  readonly view = new BookView();
  constructor(private readonly behaviour: Behaviour) {
    this.write(RUN);
  }
  write(entry: BookEntry): readonly Intent[] {
    this.view.apply(entry);
    return this.behaviour(entry, this.view, createDueAt(1));
  }
  receive(contract: ContractId, data: ReceivedEntry['data'], caseid = 'case-1'): SendIntent[] {
    serial += 1;
    const entry: ReceivedEntry = {
      kind: 'received', at: AT, source: 'urn:nld:oin:x:y', id: `e-${serial}`, type: contract, contract, caseid, time: AT, data,
    }; // prettier-ignore
    return this.write(entry).filter((intent) => intent.kind === 'send');
  }
  accepted(contract: ContractId, data: object, person?: string, caseId = 'case-1'): SendIntent[] {
    serial += 1;
    const entry: SentEntry = {
      kind: 'sent', at: AT, contract, id: `own-${serial}`, caseId, data: { ...data },
      receipt: { messageId: `m-${serial}`, caseId, acceptedAt: AT, receipt: 'jws' },
      ...(person === undefined ? {} : { person }),
    }; // prettier-ignore
    return this.write(entry).filter((intent) => intent.kind === 'send');
  }
}

const someone = (fits: (person: Person) => boolean): Person => {
  const person = PEOPLE.find(fits);
  if (!person) throw new Error('the population has nobody like that');
  return person;
};
const office = (person: Person): Desk => new Desk(municipality({ pilot: person.pilot, guidanceOin: GUIDE }));
const contracts = (intents: readonly Intent[]): string[] =>
  intents.map((intent) => (intent.kind === 'send' ? intent.contract : intent.kind));
const answers = (value: string, questions: readonly string[]) => ({
  v_number_status: 'MATCH',
  answers: Object.fromEntries(questions.map((question) => [question, value])),
  as_of: AT,
});
const IND_GROUNDS = ['X1', 'X2', 'X3', 'X4', 'X5'];

/** Brings a person to the point where both answers are in; gives what the municipality then wants to send. */
function decisionFor(person: Person, indAnswer = 'NO', coaAnswer = 'NO'): readonly SendIntent[] {
  const desk = office(person);
  desk.accepted('M01', {}, person.key);
  expect(desk.receive('M03', answers(indAnswer, IND_GROUNDS))).toEqual([]);
  return desk.receive('M03', answers(coaAnswer, ['X6']));
}

describe('a municipality', () => {
  it('registers the people of its own pilot and nobody else', () => {
    const desk = new Desk(municipality({ pilot: 'ROT', guidanceOin: GUIDE }));
    const intents = desk.write(RUN);
    expect(contracts(intents)).toEqual(PEOPLE.filter((person) => person.pilot === 'ROT').map(() => 'M01'));
    expect(desk.write(RUN)).toEqual(intents);
  });

  it('asks for the check as soon as the application has a case', () => {
    const person = someone((one) => one.exclusion === null);
    const [check] = office(person).accepted('M01', {}, person.key);
    expect(check).toMatchObject({ contract: 'M02', caseId: 'case-1', data: { v_number: person.vNumber } });
  });

  it('gives an emergency bed before the decision', () => {
    const person = someone((one) => one.stayStart === 'EMERGENCY_BED' && one.exclusion === null);
    const [bed] = office(person).accepted('M02', {}, person.key);
    expect(bed).toMatchObject({
      contract: 'M41',
      data: { event: 'STARTED' },
      fact: { kind: 'stay', person: person.key },
    });
  });

  it('decides when both answers are in, and starts the stay with the admission where the bed is ready', () => {
    const ready = someone((one) => one.stayStart === 'WITH_ADMISSION' && one.exclusion === null && one.knownToInd);
    expect(decisionFor(ready)).toMatchObject([
      { contract: 'M04', data: { outcome: 'ADMITTED', stay: {} }, fact: { kind: 'stay' } },
    ]);
    const later = someone((one) => one.stayStart === 'BED_LATER' && one.exclusion === null && one.knownToInd);
    const [decision] = decisionFor(later);
    expect(decision?.data).not.toHaveProperty('stay');
    expect(decision?.fact).toBeUndefined();
    const desk = office(later);
    expect(contracts(desk.accepted('M04', { outcome: 'ADMITTED' }, later.key))).toEqual(
      expect.arrayContaining(['M43', 'M41']),
    );
  });

  it('refuses on a national ground of IND or COA and on a missing regional tie, and then starts nothing', () => {
    const person = someone((one) => one.exclusion === null);
    expect(decisionFor(person, 'YES')).toMatchObject([{ data: { outcome: 'REFUSED', ground_class: 'NATIONAL' } }]);
    expect(decisionFor(person, 'NO', 'YES')).toMatchObject([
      { data: { outcome: 'REFUSED', ground_class: 'NATIONAL' } },
    ]);
    const stranger = someone((one) => one.exclusion === 'L1');
    expect(decisionFor(stranger)).toMatchObject([{ data: { outcome: 'REFUSED', ground_class: 'LOCAL' } }]);
    expect(office(person).accepted('M04', { outcome: 'REFUSED' }, person.key)).toEqual([]);
  });

  it('lets an official decide where a question could not be answered', () => {
    const person = someone((one) => !one.knownToInd);
    const [decision] = decisionFor(person, 'UNKNOWN');
    expect(decision?.data).toMatchObject({
      outcome: 'ADMITTED',
      decided_by_official: [{ ground: 'X1' }, {}, {}, {}, {}],
    });
  });

  it('confirms that it erased what was withdrawn', () => {
    const person = someone((one) => one.exclusion === null);
    const desk = office(person);
    desk.accepted('M01', {}, person.key);
    expect(desk.receive('M29', { target_message_id: 'm-1' })).toMatchObject([
      { contract: 'M30', data: { target_message_id: 'm-1' } },
    ]);
  });
});

describe('the suppliers', () => {
  it('IND says that it does not know a number, and answers no question about it', () => {
    const person = someone((one) => !one.knownToInd);
    const [answer] = new Desk(ind).receive('M02', { v_number: person.vNumber, questions: ['X1', 'X6'] });
    expect(answer?.data).toMatchObject({
      v_number_status: 'UNKNOWN',
      answers: { X1: 'UNKNOWN' },
    });
  });

  it('IND answers its own questions and COA its own', () => {
    const person = someone((one) => one.exclusion === 'X1');
    const question = { v_number: person.vNumber, questions: ['X1', 'X2', 'X6'] };
    const [fromInd] = new Desk(ind).receive('M02', question);
    expect(fromInd?.data).toMatchObject({
      answers: { X1: 'YES', X2: 'NO' },
    });
    const [fromCoa] = new Desk(coa).receive('M02', question);
    expect(fromCoa?.data).toMatchObject({ answers: { X6: 'NO' } });
  });

  it('say NO_FILE where they have none', () => {
    const person = someone((one) => !one.indHasFile);
    const [part] = new Desk(ind).receive('M07', { v_number: person.vNumber, parts: ['IND'] });
    expect(part).toMatchObject({ contract: 'M08', data: { part_status: 'NO_FILE', v_number: person.vNumber } });
  });

  it('take longer than the demo lasts where they are slow', () => {
    const person = someone((one) => one.slowSupplier === 'DTV');
    const request = { v_number: person.vNumber, parts: ['IND', 'DTV'] };
    const [slow] = new Desk(dtv).receive('M07', request);
    const [prompt] = new Desk(ind).receive('M07', request);
    expect((slow?.dueAt ?? 0) - Date.parse(AT)).toBeGreaterThan(30 * 60_000 - 1);
    expect((prompt?.dueAt ?? 0) - Date.parse(AT)).toBeLessThan(5000);
  });

  it('DT&V confirms every notification', () => {
    expect(new Desk(dtv).receive('M05', { case_id: 'LVV-AMS-2026-000001' })).toMatchObject([
      { contract: 'M06', data: { acked_at: AT } },
    ]);
  });

  it('DT&V withdraws a part once the rest period runs, and delivers it again one version higher', () => {
    const person = someone((one) => one.dtvPart === 'WITHDRAWN_AND_REDELIVERED');
    const desk = new Desk(dtv);
    const [part] = desk.receive('M07', { v_number: person.vNumber, parts: ['DTV'] });
    desk.accepted('M09', part!.data);
    const [notice, ...more] = desk.receive('M13', { event: 'STARTED' });
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ contract: 'M29', data: { target_message_id: `m-${serial - 1}` } });
    const [again] = desk.accepted('M29', notice!.data);
    expect(again).toMatchObject({ contract: 'M09', data: { ...part!.data, part_version: 2 } });
    desk.accepted('M09', again!.data);
    expect(desk.receive('M13', { event: 'STARTED' }).map((intent) => intent.id)).toEqual([notice!.id]);
  });

  it('IND corrects a part by a notice and a new version', () => {
    const person = someone((one) => one.indPart === 'CORRECTED');
    const desk = new Desk(ind);
    const [part] = desk.receive('M07', { v_number: person.vNumber, parts: ['IND'] });
    desk.accepted('M08', part!.data);
    const [notice] = desk.receive('M13', { event: 'STARTED' });
    expect(notice).toMatchObject({ contract: 'M28', data: { material: false } });
    expect(desk.accepted('M28', notice!.data)).toMatchObject([{ contract: 'M08', data: { part_version: 2 } }]);
  });

  it('answer the same message with the same id and content after a restart', () => {
    const entry: ReceivedEntry = {
      kind: 'received', at: AT, source: 's', id: 'x', type: 't', contract: 'M07', caseid: 'c', time: AT,
      data: { v_number: PEOPLE[0]!.vNumber, parts: ['IND'] },
    }; // prettier-ignore
    expect(new Desk(ind).write(entry)).toEqual(new Desk(ind).write(entry));
  });
});
