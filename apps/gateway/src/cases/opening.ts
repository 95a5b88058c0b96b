import type { ResidentApplication } from '#contracts/generated/messages.js';
import type { CaseSnapshot } from './case-snapshot.js';
import { payloadOf } from './payload.js';
import { messageOf, withCase, type Effect } from './step.js';

/** The case before there is one: where T01 starts from. Never leaves the process. */
export const BLANK_CASE: CaseSnapshot = {
  id: '',
  number: '',
  pilot: '',
  state: 'APPLIED',
  openedAt: '',
  flags: { dtvNotified: false, outOfCovenant: false, provisionalIdentity: false, dossierUnderCorrection: false },
  vNumber: 'NONE',
  answers: {},
  admission: null,
  dossier: null,
  parts: [],
  restPeriods: [],
  stays: [],
  endedStayIds: [],
  parties: [],
  timers: [],
  sequences: {},
};

/**
 * T01: the case as M01 opens it. Of the person it keeps only whether a V-number was given: the identity itself stays in
 * the encrypted content. Throws when the context gives no case number, which is a fault of the caller.
 */
export const openCase: Effect = (progress, step) => {
  const { ctx } = step;
  const { sender } = messageOf(step);
  if (!ctx.nextCaseNumber) throw new Error('T01 needs the next case number');
  const numbered = payloadOf<ResidentApplication>(step).v_number !== undefined;
  const municipality = { oin: ctx.pilot.municipalityOin, kind: 'MUNICIPALITY', from: ctx.today, basis: 'M01' } as const;
  const desk = { oin: sender.oin, kind: 'NGO', from: ctx.today, basis: 'M01' } as const;
  return withCase(progress, {
    id: ctx.newId('other'),
    number: ctx.nextCaseNumber(),
    pilot: ctx.pilot.code,
    openedAt: ctx.now,
    flags: { ...progress.snapshot.flags, provisionalIdentity: !numbered },
    vNumber: numbered ? 'UNVERIFIED' : 'NONE',
    parties: sender.kind === 'NGO' ? [municipality, desk] : [municipality],
  });
};
