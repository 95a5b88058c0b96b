import * as admission from './admission.js';
import { BEFORE_SCENARIO, DOSSIER_OR_LATER, REST_OR_LATER, WITH_SCENARIO } from './case-states.js';
import * as correction from './correction.js';
import * as dossier from './dossier.js';
import { addAsked } from './parties.js';
import * as rest from './rest-period.js';
import type { TransitionRow, Trigger } from './transition-row.js';

/** Rows of domain 2.5 from the dossier request to the end of the rest period: T07-T16, T11b, T12b. */
export const DOSSIER_ROWS: readonly TransitionRow[] = [
  {
    id: 'T07',
    from: ['ADMITTED'],
    trigger: { on: 'message', contract: 'M07', senders: ['MUNICIPALITY'] },
    when: dossier.asksMandatoryPart,
    guards: [admission.covenantInForce, dossier.asksBothParts, dossier.numberIsVerified, dossier.sameVNumber],
    effects: [dossier.requestDossier],
    to: 'DOSSIER_REQUESTED',
    notifies: ['IND', 'DTV', 'AVIM', 'COA'],
  },
  {
    id: 'none',
    from: DOSSIER_OR_LATER,
    trigger: { on: 'message', contract: 'M07', senders: ['MUNICIPALITY'] },
    when: dossier.asksSupplementsOnly,
    guards: [admission.covenantInForce, dossier.numberIsVerified, dossier.sameVNumber],
    effects: [addAsked('M07')],
    to: 'SAME',
    notifies: ['AVIM', 'COA'],
  },
  ...partRows({ on: 'message', contract: 'M08', senders: ['IND'] }),
  ...partRows({ on: 'message', contract: 'M09', senders: ['DTV'] }),
  ...supplementRow({ on: 'message', contract: 'M10', senders: ['AVIM'] }),
  ...supplementRow({ on: 'message', contract: 'M11', senders: ['COA'] }),
  {
    id: 'T11',
    from: ['DOSSIER_REQUESTED', 'DOSSIER_PARTIAL'],
    trigger: { on: 'message', contract: 'M40', senders: ['MUNICIPALITY'] },
    when: correction.rejectsPart,
    guards: [correction.targetIsKnown],
    effects: [correction.rejectPart],
    to: correction.dossierState,
    notifies: ['SUPPLIER'],
  },
  {
    id: 'T11b',
    from: BEFORE_SCENARIO,
    trigger: { on: 'message', contract: 'M40', senders: ['MUNICIPALITY'] },
    when: correction.rejectsWrongPerson,
    guards: [correction.targetIsKnown],
    effects: [correction.rejectDeliveredPart, rest.voidRestPeriod],
    to: correction.dossierState,
    emits: ['M13'],
    notifies: ['SUPPLIER', 'PAST_RECIPIENTS'],
  },
  {
    id: 'T11b',
    from: WITH_SCENARIO,
    trigger: { on: 'message', contract: 'M40', senders: ['MUNICIPALITY'] },
    when: correction.rejectsWrongPerson,
    guards: [correction.targetIsKnown],
    effects: [correction.rejectDeliveredPart, correction.flagUnderCorrection],
    to: 'SAME',
    notifies: ['SUPPLIER', 'PAST_RECIPIENTS'],
  },
  {
    id: 'T12',
    from: ['DOSSIER_REQUESTED', 'DOSSIER_PARTIAL', 'REST_PERIOD'],
    trigger: { on: 'message', contract: 'M29', senders: ['IND', 'DTV'] },
    when: correction.aboutPartInForce,
    guards: [correction.isAuthor],
    effects: [correction.withdrawPart, rest.voidRestPeriod],
    to: correction.dossierState,
    emits: ['M13'],
    notifies: ['PAST_RECIPIENTS'],
  },
  {
    id: 'T12b',
    from: ['SCENARIO_PREP', ...WITH_SCENARIO],
    trigger: { on: 'message', contract: 'M29', senders: ['IND', 'DTV'] },
    when: correction.aboutPartInForce,
    guards: [correction.isAuthor],
    effects: [correction.withdrawPart, correction.flagUnderCorrection],
    to: 'SAME',
    notifies: ['PAST_RECIPIENTS'],
  },
  {
    id: 'T13',
    from: REST_OR_LATER,
    trigger: { on: 'message', contract: 'M28', senders: ['IND', 'DTV'] },
    when: correction.correctsImmaterially,
    guards: [correction.isAuthor],
    effects: [],
    to: 'SAME',
    notifies: ['PAST_RECIPIENTS'],
  },
  {
    id: 'T14',
    from: ['REST_PERIOD'],
    trigger: { on: 'message', contract: 'M28', senders: ['IND', 'DTV'] },
    when: correction.correctsMaterially,
    guards: [correction.isAuthor],
    effects: [],
    to: 'SAME',
    notifies: ['PAST_RECIPIENTS'],
  },
  {
    id: 'T15',
    from: ['SCENARIO_PREP', ...WITH_SCENARIO],
    trigger: { on: 'message', contract: 'M28', senders: ['IND', 'DTV'] },
    when: correction.correctsMaterially,
    guards: [correction.isAuthor],
    effects: [correction.flagUnderCorrection],
    to: 'SAME',
    notifies: ['PAST_RECIPIENTS'],
  },
  {
    id: 'T16',
    from: ['REST_PERIOD'],
    trigger: { on: 'timer', timer: 'TMR-REST' },
    guards: [],
    effects: [rest.elapseRestPeriod],
    to: 'SCENARIO_PREP',
    emits: ['M13'],
    notifies: ['MUNICIPALITY', 'NGO', 'IND', 'DTV'],
  },
];

/** T08, T09 and what comes after them, the same for both suppliers. */
function partRows(trigger: Trigger): readonly TransitionRow[] {
  const guards = [dossier.sameVNumber, dossier.newerVersion];
  return [
    {
      id: 'T08',
      from: ['DOSSIER_REQUESTED'],
      trigger,
      guards,
      effects: [dossier.acceptPart],
      to: 'DOSSIER_PARTIAL',
      notifies: ['MUNICIPALITY'],
    },
    {
      id: 'T09',
      from: ['DOSSIER_PARTIAL'],
      trigger,
      when: dossier.ownPartMissing,
      guards,
      effects: [dossier.acceptPart, rest.deliverDossier],
      to: 'REST_PERIOD',
      emits: ['M12', 'M13'],
      notifies: ['MUNICIPALITY', 'NGO', 'IND', 'DTV'],
    },
    {
      // A new version, or a part after a withdrawal that took nothing back (T12b): the rest period is not touched (T13).
      id: 'none',
      from: ['DOSSIER_PARTIAL', ...REST_OR_LATER],
      trigger,
      guards,
      effects: [dossier.acceptPart],
      to: 'SAME',
      notifies: ['MUNICIPALITY'],
    },
  ];
}

/** T10: a supplement never gates. */
function supplementRow(trigger: Trigger): readonly TransitionRow[] {
  return [
    {
      id: 'T10',
      from: DOSSIER_OR_LATER,
      trigger,
      guards: [dossier.supplementAsked],
      effects: [],
      to: 'SAME',
      notifies: ['MUNICIPALITY'],
    },
  ];
}
