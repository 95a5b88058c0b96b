import fc from 'fast-check';
import type { ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import type { TimerKind } from '../case-snapshot.js';
import * as payloads from './payloads.js';
import type { Accepted, Scenario } from './scenario.js';

type Payload = Readonly<Record<string, unknown>>;

/** One thing that happens to a case; null when nothing was accepted. */
export type Move = (scenario: Scenario) => Accepted | null;

const vNumber = fc.constantFrom(payloads.V_NUMBER, payloads.V_NUMBER, payloads.V_NUMBER, payloads.OTHER_V_NUMBER);
const answer = fc.constantFrom('NO', 'NO', 'NO', 'YES', 'REVIEW');
const status = fc.constantFrom('MATCH', 'MATCH', 'UNKNOWN', 'MISMATCH');
const part = fc
  .record({
    id: fc.constantFrom(payloads.PART.ind, payloads.PART.another),
    part_version: fc.integer({ min: 1, max: 3 }),
    v_number: vNumber,
  })
  .map(({ id, ...rest }) => payloads.dossierPart(id, rest));
const stay = fc
  .record({
    stay_id: fc.constantFrom(payloads.STAY_ID, payloads.OTHER_STAY_ID),
    kind: fc.constantFrom('SHELTER' as const, 'GUIDANCE_ONLY' as const),
  })
  .map(({ kind, ...rest }) => payloads.stayIn(kind, rest));
const admission = fc
  .record({ stay: fc.option(stay), excepted: fc.boolean() })
  .map(({ stay: bed, excepted }) =>
    payloads.admitted({ ...(bed ? { stay: bed } : {}), ...(excepted ? { exception_ground: 'HUMANITARIAN' } : {}) }),
  );

/** Everything that can happen to a case, likely and unlikely, in an order that nobody would choose. */
export const move: fc.Arbitrary<Move> = fc.oneof(
  message('M02', 'MUNICIPALITY', vNumber.map((v_number) => payloads.checkRequest({ v_number }))), // prettier-ignore
  message('M03', 'IND', fc.tuple(answer, status).map(([X4, known]) => payloads.indAnswer({ X4 }, { v_number_status: known }))), // prettier-ignore
  message('M03', 'COA', answer.map(payloads.coaAnswer)),
  message('M04', 'MUNICIPALITY', admission),
  message('M04', 'MUNICIPALITY', fc.constant(payloads.refused())),
  message('M06', 'DTV', fc.constant(payloads.acknowledgement())),
  message('M07', 'MUNICIPALITY', fc.constantFrom(['IND', 'DTV'], ['COA']).map((parts) => payloads.dossierRequest(parts))), // prettier-ignore
  { weight: 3, arbitrary: message('M08', 'IND', part) },
  { weight: 3, arbitrary: message('M09', 'DTV', part) },
  message('M11', 'COA', fc.constant(payloads.receptionHistory())),
  aboutPart('M28', 'IND', (target, coin) => payloads.notice(target, { material: coin })),
  aboutPart('M29', 'IND', (target) => payloads.notice(target)),
  aboutPart('M29', 'DTV', (target) => payloads.notice(target)),
  aboutPart('M40', 'MUNICIPALITY', (target, coin) => payloads.rejection(target, coin ? 'WRONG_PERSON' : 'UNREADABLE')),
  message('M41', 'MUNICIPALITY', fc.tuple(fc.constantFrom('STARTED', 'KIND_CHANGED', 'ENDED'), stay).map(([event, of]) => payloads.stayEvent(event, of))), // prettier-ignore
  fc.tuple(fc.constantFrom<TimerKind>('TMR-REST', 'TMR-DTV', 'TMR-DOS-IND', 'TMR-CHECK'), fc.boolean()).map(clockEvent),
  fc.integer({ min: 0, max: 20 }).map(daysPass),
  fc.boolean().map(covenantRuns),
);

/** Brings a new case to its admission, so that random moves reach the later states often. */
export function admit(scenario: Scenario): void {
  scenario.send('M02', 'MUNICIPALITY', payloads.checkRequest());
  scenario.send('M03', 'IND', payloads.indAnswer());
  scenario.send('M03', 'COA', payloads.coaAnswer());
  scenario.send('M04', 'MUNICIPALITY', payloads.admitted());
}

function message(contract: ContractId, sender: PeerKind, data: fc.Arbitrary<Payload>): fc.Arbitrary<Move> {
  return data.map((payload) => (scenario) => accepted(scenario, contract, sender, payload));
}

/** A message about a part that was delivered some time; nothing happens while there is none. */
function aboutPart(
  contract: ContractId,
  sender: PeerKind,
  data: (target: string, coin: boolean) => Payload,
): fc.Arbitrary<Move> {
  return fc.tuple(fc.nat(), fc.boolean()).map(([choice, coin]) => (scenario: Scenario) => {
    const { parts } = scenario.is;
    const target = parts[choice % Math.max(parts.length, 1)]?.messageId;
    return target === undefined ? null : accepted(scenario, contract, sender, data(target, coin));
  });
}

function accepted(scenario: Scenario, contract: ContractId, sender: PeerKind, data: Payload): Accepted | null {
  const outcome = scenario.try(contract, sender, data);
  return outcome.ok ? outcome : null;
}

function clockEvent([timer, early]: readonly [TimerKind, boolean]): Move {
  return (scenario) => {
    const due = scenario.dueAt(timer);
    if (!early && due !== undefined && Date.parse(due) > Date.parse(scenario.now)) scenario.at(due);
    return scenario.fire(timer);
  };
}

function daysPass(days: number): Move {
  return (scenario) => {
    scenario.at(new Date(Date.parse(scenario.now) + days * 86_400_000).toISOString());
    return null;
  };
}

function covenantRuns(runs: boolean): Move {
  return (scenario) => {
    scenario.pilot = { ...scenario.pilot, covenantId: runs ? 'LVV-AMS-TEST' : null };
    return null;
  };
}
