import { applyEvent } from '../../cases/process.js';
import { GatewayError } from '../../errors.js';
import { endedPurposesOf } from '../../policy/purpose-ended.js';
import type { Settled } from '../group-commit.js';
import { accepted, acceptMessage, storeEmitted } from './accept-message.js';
import type { AcceptItem, AcceptResult, DueTimer, Refusal, Submission } from './accept-types.js';
import { applyOutcome, NeedsOwnTransaction } from './apply-outcome.js';
import type { BatchWork } from './batch-work.js';
import { contextOf } from './case-context.js';
import { refusalRecord } from './records.js';

/**
 * Decides the items in arrival order. A refusal becomes a record in the same commit. A fault in one item is its own: the
 * others are decided again without it, so that nobody is answered for somebody else's message.
 */
export function decideBatch(work: BatchWork, items: readonly AcceptItem[]): readonly Settled<AcceptResult>[] {
  return items.map((item): Settled<AcceptResult> => {
    try {
      return { ok: true, value: decide(work, item) };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw items.length > 1 ? new NeedsOwnTransaction('fault') : error;
      if (item.kind === 'submission') refusalRecord(work, refusalOf(item, error));
      return { ok: false, error };
    }
  });
}

function decide(work: BatchWork, item: AcceptItem): AcceptResult {
  switch (item.kind) {
    case 'submission':
      return acceptMessage(work, item);
    case 'refusal':
      return { kind: 'done', recordId: refusalRecord(work, item).id };
    case 'timer':
      return fire(work, item);
  }
}

export function refusalOf(item: Submission, error: GatewayError): Refusal {
  return {
    kind: 'refusal',
    peer: item.peer,
    action: 'message.submit',
    code: error.code,
    reason: error.reason,
    issues: error.extra.issues ?? [],
    contract: item.contract,
    caseId: item.event.caseid ?? null,
    purpose: item.purpose,
    messageId: null,
    userReference: null,
    trace: item.trace,
  };
}

/** A clock event (T16 and the alarms). Fired once: another process may have been first, and then nothing happens. */
function fire(work: BatchWork, item: DueTimer): AcceptResult {
  const row = work.caseAtWork(item.caseId);
  const timer = row?.snapshot.timers.find((one) => one.kind === item.timer);
  if (!row || !timer || Date.parse(timer.dueAt) > work.caseNow.getTime()) return { kind: 'done', recordId: '' };
  const context = contextOf(work, row, row.snapshot.pilot, null, null);
  const endedPurposes = endedPurposesOf(work.parts.policy, row.snapshot);
  const outcome = accepted(applyEvent(row.snapshot, { kind: 'timer', timer: item.timer }, context));
  applyOutcome(work, row, outcome, null);
  for (const emitted of outcome.emit) storeEmitted(work, row, emitted, item.trace, endedPurposes);
  work.touch(row);
  return { kind: 'done', recordId: '' };
}
