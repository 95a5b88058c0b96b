import type { ContractId } from '#contracts/contract.js';
import { PEER_KINDS } from '#contracts/domain.js';
import { ANY } from './case-states.js';
import { isAuthor, targetIsKnown } from './correction.js';
import { receivedByToday } from './data-subject.js';
import type { Guard } from './step.js';
import type { TransitionRow } from './transition-row.js';
import type { TransitionId } from './transition.js';
import { ADMISSION_ROWS, AUTOMATIC_ROWS } from './transitions-admission.js';
import { DOSSIER_ROWS } from './transitions-dossier.js';

/** Messages about messages: whatever no row above took is recorded and moves nothing. */
const ABOUT_MESSAGES: readonly TransitionRow[] = [
  aboutMessage('M28', isAuthor),
  aboutMessage('M29', isAuthor),
  aboutMessage('M30', targetIsKnown),
  aboutMessage('M40', targetIsKnown),
];

/** M37, in every state: a right does not end with the case. Recorded and sent on; a case is never moved by it. */
const OF_THE_RESIDENT: TransitionRow = {
  id: 'none',
  from: ANY,
  trigger: { on: 'message', contract: 'M37', senders: PEER_KINDS },
  guards: [receivedByToday],
  effects: [],
  to: 'SAME',
  notifies: ['MUNICIPALITY', 'NGO', 'IND', 'DTV', 'AVIM', 'COA'],
};

/**
 * The case process of domain 2.5 as data. A row is found by trigger, sender and state, the first whose `when` holds; its
 * guards may refuse; its effects and its state make the new case. See docs/generated/messages-and-transitions.md.
 */
export const TRANSITIONS: readonly TransitionRow[] = [
  ...ADMISSION_ROWS,
  ...DOSSIER_ROWS,
  ...ABOUT_MESSAGES,
  OF_THE_RESIDENT,
  ...AUTOMATIC_ROWS,
];

/** Rows of domain 2.5 that stand here. The others wait for the messages that trigger them. */
export const TRANSITION_IDS = [
  'T01', 'T02', 'T03', 'T04', 'T05', 'T06', 'T07', 'T08', 'T09', 'T10', 'T11', 'T11b', 'T12', 'T12b', 'T13', 'T14',
  'T15', 'T16', 'T49', 'T50',
] as const satisfies readonly TransitionId[]; // prettier-ignore

function aboutMessage(contract: ContractId, ...guards: readonly Guard[]): TransitionRow {
  const trigger = { on: 'message', contract, senders: PEER_KINDS } as const;
  return { id: 'none', from: ANY, trigger, guards: [targetIsKnown, ...guards], effects: [], to: 'SAME', notifies: [] };
}
