import { describe, expect, it } from '@jest/globals';
import { contractById } from '#contracts/catalogue.js';
import type { ContractId } from '#contracts/contract.js';
import { findForbiddenIdentifier } from '#contracts/forbidden.js';
import { validatePayload } from '#contracts/validate.js';
import { decide } from '../behaviour/admission.js';
import type { ReceivedEntry, SentEntry } from '../book/book-entry.js';
import type { Person } from '../population/person.js';
import { createPopulation } from '../population/population.js';
import * as parts from './dossier-parts.js';
import * as municipality from './municipality-messages.js';
import { stableId } from './stable-id.js';
import * as supplier from './supplier-messages.js';

const AT = '2026-03-02T09:00:00.000Z';
const TODAY = '2026-03-02';
const CASE_ID = stableId('case');

const received = (contract: ContractId, data: object): ReceivedEntry => ({
  kind: 'received', at: AT, source: 'urn:nld:oin:00000099000000000101:ams', id: `${contract}-1`, type: '', contract,
  caseid: CASE_ID, time: AT, data: { ...data },
}); // prettier-ignore
const sent = (contract: ContractId, data: object): SentEntry => ({
  kind: 'sent', at: AT, contract, id: `${contract}-1`, caseId: CASE_ID, data: { ...data },
  receipt: { messageId: stableId(contract), caseId: CASE_ID, acceptedAt: AT, receipt: 'jws' },
}); // prettier-ignore

/** Everything that is ever said about a person, whoever says it. */
function payloadsOf(person: Person): readonly (readonly [ContractId, object])[] {
  const check = municipality.checkRequest(person, TODAY);
  const question = received('M02', { ...check, questions: [...check.questions, 'X7'] });
  const request = received('M07', { v_number: person.vNumber, parts: ['IND', 'DTV', 'COA', 'AVIM'] });
  const answers = [supplier.indCheckAnswer(question, person), supplier.coaCheckAnswer(question, person)];
  const stay = {
    kind: 'stay',
    stayId: stableId(person.key),
    person: person.key,
    stayKind: person.stayKind,
    on: TODAY,
  } as const;
  const admission = decide(
    person,
    answers.map((answer) => ({ ...answer })),
  )!;
  const [indPart, dtvPart] = [parts.indPart(request, person), parts.dtvPart(request, person)];
  const withdrawal = parts.withdrawal(sent('M09', dtvPart));
  return [
    ['M01', municipality.application(person, TODAY)],
    ['M02', check],
    ['M03', answers[0]!],
    ['M03', answers[1]!],
    ['M03', supplier.avimCheckAnswer(question)],
    ['M04', municipality.admissionDecision(admission, admission.outcome === 'ADMITTED' ? stay : undefined, TODAY)],
    ['M41', municipality.stayStarted(stay)],
    ['M43', municipality.guidanceAssignment({ guidanceOin: '00000099000000000201' }, person, TODAY)],
    ['M07', municipality.supplementRequest(person, CASE_ID, ['COA', 'AVIM'], TODAY)],
    ['M06', supplier.dtvAcknowledgement(received('M05', {}))],
    ['M08', indPart],
    ['M08', parts.nextVersion(sent('M08', indPart), AT)],
    ['M09', dtvPart],
    ['M09', parts.nextVersion(sent('M09', dtvPart), AT)],
    ['M10', supplier.avimSupplement(request)],
    ['M11', supplier.receptionHistory(request)],
    ['M28', parts.correction(sent('M08', indPart))],
    ['M29', withdrawal],
    ['M30', municipality.purgeConfirmation(received('M29', withdrawal))],
  ];
}

describe('what the simulated systems say', () => {
  it('fits its contract and holds no forbidden identifier, for everyone in a large population', () => {
    for (const person of createPopulation(200, 5)) {
      for (const [contract, data] of payloadsOf(person)) {
        const issues = validatePayload(contractById(contract), data);
        expect({ contract, person: person.key, issues }).toEqual({ contract, person: person.key, issues: [] });
        expect(findForbiddenIdentifier(data)).toBeNull();
      }
    }
  });

  it('names the same parts, stays and receipts when it is asked again', () => {
    const [person] = createPopulation(25, 1);
    expect(payloadsOf(person!)).toEqual(payloadsOf(person!));
  });
});
