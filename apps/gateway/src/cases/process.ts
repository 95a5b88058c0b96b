import type { ContractId } from '#contracts/contract.js';
import type { CaseSnapshot } from './case-snapshot.js';
import { BLANK_CASE } from './opening.js';
import { refuse, withCase, type MessageEvent, type Progress, type Refusal, type Step } from './step.js';
import { stopTimer } from './timers.js';
import type { TransitionRow } from './transition-row.js';
import type { CaseContext, CaseEvent, CaseOutcome } from './transition.js';
import { TRANSITIONS } from './transitions.js';

/**
 * The case process: what an event makes of a case, or why it cannot be. Pure: the same case, event and context give the
 * same outcome, nothing is changed in place, and time and ids come from the context. `snapshot` is null for M01 alone.
 *
 * It decides nothing about people (G7): it checks who may do what in which state, and adds what INV-10 lets the gateway
 * do by itself. Whether the sender is a party at all was settled before.
 */
export function applyEvent(snapshot: CaseSnapshot | null, event: CaseEvent, ctx: CaseContext): CaseOutcome {
  const step: Step = { event, ctx };
  const start = begin(snapshot);
  if (event.kind === 'timer') return done(fireTimer(start, step));
  const refusal = ofAnotherPilot(event, ctx);
  if (refusal) return refused(refusal);
  const rows = TRANSITIONS.filter((row) => row.trigger.on === 'message' && row.trigger.contract === event.contract);
  if (rows.length === 0) return snapshot ? done(start) : refused(refuse('CASE_NOT_AVAILABLE', 'no case'));
  const row = rows.find((candidate) => fits(candidate, snapshot, start, step));
  if (!row) return refused(whyNoRow(rows, event));
  const taken = take(row, start, step);
  return 'code' in taken ? refused(taken) : follow(taken, event.contract, step);
}

function begin(snapshot: CaseSnapshot | null): Progress {
  const nothing = {
    transitions: [],
    statesAfter: [],
    emit: [],
    staysStarted: [],
    staysEnded: [],
    staysChanged: [],
    identityChange: null,
  };
  return { snapshot: snapshot ?? BLANK_CASE, ...nothing };
}

/** A timer that the case no longer runs, or that came too early, changes nothing; an alarm only removes itself. */
function fireTimer(start: Progress, step: Step): Progress {
  const { event, ctx } = step;
  if (event.kind !== 'timer') return start;
  const running = start.snapshot.timers.find((timer) => timer.kind === event.timer);
  if (!running || Date.parse(ctx.now) < Date.parse(running.dueAt)) return start;
  const row = TRANSITIONS.find(({ trigger, from }) => {
    return trigger.on === 'timer' && trigger.timer === event.timer && from.includes(start.snapshot.state);
  });
  const taken = row && take(row, start, step);
  return taken && !('code' in taken) ? taken : stopTimer(event.timer)(start, step);
}

/** A municipality acts in the cases of its own pilot and in no other (M01 names the pilot itself, see T01). */
function ofAnotherPilot(event: MessageEvent, ctx: CaseContext): Refusal | null {
  const foreign = event.sender.kind === 'MUNICIPALITY' && event.sender.oin !== ctx.pilot.municipalityOin;
  return foreign && event.contract !== 'M01'
    ? refuse('NOT_ENTITLED_IN_CASE', 'the case belongs to another pilot')
    : null;
}

function fits(row: TransitionRow, snapshot: CaseSnapshot | null, progress: Progress, step: Step): boolean {
  const state = snapshot === null ? row.from === 'NONE' : row.from !== 'NONE' && row.from.includes(snapshot.state);
  return state && sentByEntitled(row, step.event) && (row.when?.(progress, step) ?? true);
}

function sentByEntitled(row: TransitionRow, event: CaseEvent): boolean {
  return event.kind === 'message' && row.trigger.on === 'message' && row.trigger.senders.includes(event.sender.kind);
}

function whyNoRow(rows: readonly TransitionRow[], event: MessageEvent): Refusal {
  return rows.some((row) => sentByEntitled(row, event))
    ? refuse('CASE_STATE_CONFLICT', 'the state of the case does not allow this step')
    : refuse('NOT_ENTITLED_IN_CASE', 'this step belongs to another kind of organisation');
}

/** Guards in order, then effects in order, then the state. The first refusal ends it and nothing of the row remains. */
function take(row: TransitionRow, progress: Progress, step: Step): Progress | Refusal {
  for (const guard of row.guards) {
    const refusal = guard(progress, step);
    if (refusal) return refusal;
  }
  const after = row.effects.reduce((done, effect) => effect(done, step), progress);
  const state = typeof row.to === 'function' ? row.to(after.snapshot) : row.to;
  const moved = state === 'SAME' ? after : withCase(after, { state });
  if (row.id === 'none') return moved;
  const statesAfter = [...moved.statesAfter, moved.snapshot.state];
  return { ...moved, transitions: [...moved.transitions, row.id], statesAfter };
}

/** What follows by itself from a message, in the order of the table. A refusal there refuses the whole event. */
function follow(taken: Progress, contract: ContractId, step: Step): CaseOutcome {
  let progress = taken;
  for (const row of TRANSITIONS) {
    const { trigger, from } = row;
    if (trigger.on !== 'automatic' || !trigger.after.includes(contract) || !from.includes(progress.snapshot.state))
      continue;
    if (row.when && !row.when(progress, step)) continue;
    const next = take(row, progress, step);
    if ('code' in next) return refused(next);
    progress = next;
  }
  return done(progress);
}

function done({ snapshot, identityChange, ...rest }: Progress): CaseOutcome {
  return { ok: true, next: snapshot, ...rest, ...(identityChange ? { identityChange } : {}) };
}

function refused(refusal: Refusal): CaseOutcome {
  return { ok: false, ...refusal };
}
