import type { CaseState } from '#contracts/domain.js';
import type { CaseOutcome, TransitionId } from '../../cases/transition.js';
import type { BatchWork, CaseAtWork } from './batch-work.js';

type Accepted = Extract<CaseOutcome, { ok: true }>;

/** The same SQLSTATE as a serialisation failure: the batch is rolled back and its items run one by one. */
export class NeedsOwnTransaction extends Error {
  readonly code = '40001';
}

/** Puts the outcome of one event into the batch: new state, stays, timeline rows. The case itself: `BatchWork.touch`. */
export function applyOutcome(work: BatchWork, row: CaseAtWork, outcome: Accepted, messageId: string | null): void {
  const before = row.snapshot;
  row.snapshot = outcome.next;
  if (outcome.identityChange) work.changeIdentity(row, { ...work.identityOf(row), ...outcome.identityChange });
  for (const stay of outcome.staysStarted) work.set.staysStarted.push({ caseId: row.id, personId: row.personId, stay });
  const endedOrChanged = [
    ...outcome.staysEnded.map((one) => one.stayId),
    ...(outcome.staysChanged ?? []).map((one) => one.stayId),
  ];
  // One statement cannot insert a row and change it: both see the database as it was before.
  if (work.set.staysStarted.some(({ stay }) => endedOrChanged.includes(stay.stayId)))
    throw new NeedsOwnTransaction('stay');
  work.set.staysEnded.push(...outcome.staysEnded);
  work.set.staysChanged.push(...(outcome.staysChanged ?? []).map(({ stayId, kind }) => ({ stayId, kind })));
  let from = before.state;
  for (const [index, transition] of outcome.transitions.entries()) {
    const to = outcome.statesAfter[index] ?? outcome.next.state;
    addToTimeline(work, row, { transition, from, to }, messageId);
    from = to;
  }
}

/** The first row of a new case has no state before it. */
function addToTimeline(
  work: BatchWork,
  row: CaseAtWork,
  step: { readonly transition: TransitionId; readonly from: CaseState; readonly to: CaseState },
  messageId: string | null,
): void {
  row.events += 1;
  work.set.caseEvents.push({
    caseId: row.id,
    n: row.events,
    at: work.caseNowText,
    transition: step.transition,
    fromState: row.isNew && row.events === 1 ? null : step.from,
    toState: step.to,
    messageId,
  });
}
