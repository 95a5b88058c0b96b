import * as admission from './admission.js';
import { ACTIVE, ANY, STAY_MAY_START } from './case-states.js';
import * as dossier from './dossier.js';
import * as dtv from './dtv.js';
import { openCase } from './opening.js';
import { addAsked, assignGuidance, termIsInOrder } from './parties.js';
import * as stay from './stay.js';
import { startTimer, stopTimer } from './timers.js';
import type { TransitionRow } from './transition-row.js';

/** Rows of domain 2.5 from the application to the stay: T01-T06, T49, T50, and what is recorded on the way. */
export const ADMISSION_ROWS: readonly TransitionRow[] = [
  {
    id: 'T01',
    from: 'NONE',
    trigger: { on: 'message', contract: 'M01', senders: ['MUNICIPALITY', 'NGO'] },
    guards: [admission.mayRegister, admission.covenantInForce, admission.noOpenCaseHere],
    effects: [openCase],
    to: 'APPLIED',
    notifies: ['MUNICIPALITY'],
  },
  {
    id: 'T02',
    from: ['APPLIED'],
    trigger: { on: 'message', contract: 'M02', senders: ['MUNICIPALITY'] },
    guards: [admission.covenantInForce, admission.asksAboutThisPerson],
    effects: [admission.takeNumber, addAsked('M02'), startTimer('TMR-CHECK')],
    to: 'SCREENING',
    notifies: ['IND', 'COA', 'DTV', 'AVIM'],
  },
  {
    id: 'none',
    from: ['SCREENING'],
    trigger: { on: 'message', contract: 'M02', senders: ['MUNICIPALITY'] },
    guards: [admission.covenantInForce, admission.asksAboutThisPerson],
    effects: [admission.takeNumber, addAsked('M02'), startTimer('TMR-CHECK')],
    to: 'SAME',
    notifies: ['IND', 'COA', 'DTV', 'AVIM'],
  },
  {
    id: 'none',
    from: ['ADMITTED'],
    trigger: { on: 'message', contract: 'M02', senders: ['MUNICIPALITY'] },
    when: admission.numberUnverified,
    guards: [admission.covenantInForce, admission.asksAboutThisPerson],
    effects: [admission.takeNumber, addAsked('M02')],
    to: 'SAME',
    notifies: ['IND'],
  },
  {
    id: 'none',
    from: ['SCREENING', 'REFUSED', ...ACTIVE],
    trigger: { on: 'message', contract: 'M03', senders: ['IND', 'COA', 'AVIM'] },
    guards: [admission.answersOwnGrounds],
    effects: [admission.recordAnswers, admission.recordNumberStatus],
    to: 'SAME',
    notifies: ['MUNICIPALITY'],
  },
  {
    id: 'T03',
    from: ['SCREENING'],
    trigger: { on: 'message', contract: 'M04', senders: ['MUNICIPALITY'] },
    when: admission.notAdmitted,
    guards: [admission.covenantInForce, admission.groundNamed, admission.embedsNoStay],
    effects: [admission.recordDecision, admission.stopTimersOfRefused],
    to: 'REFUSED',
    notifies: ['NGO'],
  },
  {
    id: 'T04',
    from: ['SCREENING'],
    trigger: { on: 'message', contract: 'M04', senders: ['MUNICIPALITY'] },
    when: admission.admitted,
    guards: [admission.covenantInForce, admission.groundsDecided],
    effects: [admission.recordDecision, stopTimer('TMR-CHECK')],
    to: 'ADMITTED',
    notifies: ['NGO'],
  },
  {
    id: 'T49',
    from: STAY_MAY_START,
    trigger: { on: 'message', contract: 'M41', senders: ['MUNICIPALITY'] },
    when: stay.stayStarted,
    guards: [stay.stayIsNew, stay.shelterIsFree],
    effects: [stay.startStay],
    to: 'SAME',
    notifies: ['NGO', 'DTV'],
  },
  {
    id: 'none',
    from: STAY_MAY_START,
    trigger: { on: 'message', contract: 'M41', senders: ['MUNICIPALITY'] },
    when: stay.stayKindChanged,
    guards: [stay.stayIsOpen, stay.shelterIsFree],
    effects: [stay.changeStayKind],
    to: 'SAME',
    notifies: ['NGO', 'DTV'],
  },
  {
    id: 'T50',
    from: ANY,
    trigger: { on: 'message', contract: 'M41', senders: ['MUNICIPALITY'] },
    when: stay.stayEnded,
    guards: [stay.stayIsOpen, stay.endsAfterItsStart],
    effects: [stay.endStay],
    to: 'SAME',
    notifies: ['NGO', 'DTV'],
  },
  {
    id: 'T06',
    from: ['SCREENING', 'REFUSED', ...ACTIVE, 'EXITED'],
    trigger: { on: 'message', contract: 'M06', senders: ['DTV'] },
    guards: [dtv.dtvWasNotified],
    effects: [dtv.confirmNotification, stopTimer('TMR-DTV')],
    to: 'SAME',
    notifies: ['MUNICIPALITY'],
  },
  {
    id: 'none',
    from: ['APPLIED', 'SCREENING', ...ACTIVE],
    trigger: { on: 'message', contract: 'M43', senders: ['MUNICIPALITY'] },
    guards: [termIsInOrder],
    effects: [assignGuidance],
    to: 'SAME',
    notifies: ['NGO', 'DTV'],
  },
];

/** What the gateway does by itself in the same outcome, in this order (INV-10): stay, notification, dossier request. */
export const AUTOMATIC_ROWS: readonly TransitionRow[] = [
  {
    id: 'T49',
    from: ['ADMITTED'],
    trigger: { on: 'automatic', after: ['M04'] },
    when: stay.stayEmbedded,
    guards: [stay.stayIsNew, stay.shelterIsFree],
    effects: [stay.startStay],
    to: 'SAME',
    notifies: ['DTV'],
  },
  {
    id: 'T05',
    from: STAY_MAY_START,
    trigger: { on: 'automatic', after: ['M41', 'M04'], makes: 'M05' },
    when: dtv.notificationDue,
    guards: [dtv.dtvIsRegistered],
    effects: [dtv.notifyDtv, startTimer('TMR-DTV')],
    to: 'SAME',
    notifies: ['DTV'],
  },
  {
    id: 'T07',
    from: ['ADMITTED'],
    trigger: { on: 'automatic', after: ['M03', 'M04'], makes: 'M07' },
    when: dossier.dossierIsHeld,
    guards: [],
    effects: [dossier.requestDossier, dossier.emitDossierRequest],
    to: 'DOSSIER_REQUESTED',
    notifies: ['IND', 'DTV', 'AVIM', 'COA'],
  },
];
