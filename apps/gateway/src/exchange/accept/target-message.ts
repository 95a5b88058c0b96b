import { GatewayError } from '../../errors.js';
import type { Submission, TargetMessage } from './accept-types.js';
import { NeedsOwnTransaction } from './apply-outcome.js';
import type { BatchWork, CaseAtWork } from './batch-work.js';

/** The message that M28, M29, M30 or M40 is about; the caller must have sent or received it, in this very case. */
export function targetOf(work: BatchWork, item: Submission, row: CaseAtWork | null): TargetMessage | null {
  const { target_message_id: named, part_id: partId } = item.event.data;
  const byPart = row?.snapshot.parts.findLast((part) => part.partId === partId)?.messageId;
  const wanted = typeof named === 'string' ? named : byPart;
  if (wanted === undefined) return null;
  const target = work.loaded.targets.get(wanted);
  // The part was found only now, under the lock: the batch read no target for it, its own transaction will.
  if (!target && wanted === byPart && item.contract.routes.some((one) => one.when === 'PAST_RECIPIENTS'))
    return partTarget(item, row, wanted);
  const concerned = target && [target.senderOin, ...target.recipients].includes(item.peer.oin);
  if (!target || !concerned || target.caseId !== (row?.id ?? null)) {
    if (typeof named !== 'string') return null;
    throw new GatewayError(
      'TARGET_NOT_FOUND',
      'target_message_id names no message that you sent or received in this case',
    );
  }
  return target;
}

/** Recipients of a dossier part are the parties to which its contract goes: the municipality of the case. */
function partTarget(item: Submission, row: CaseAtWork | null, messageId: string): TargetMessage | null {
  const part = row?.snapshot.parts.find((one) => one.messageId === messageId);
  if (!row || !part) return null;
  const recipients = row.snapshot.parties.filter((party) => party.kind === 'MUNICIPALITY').map((party) => party.oin);
  return {
    messageId,
    contract: part.supplier === 'IND' ? 'M08' : 'M09',
    caseId: row.id,
    senderOin: item.peer.oin,
    recipients,
  };
}

/** A newer version of a part takes the place of the older one; a withdrawn message stops being readable. */
export function markTarget(
  work: BatchWork,
  item: Submission,
  target: TargetMessage | null,
  row: CaseAtWork | null,
  messageId: string,
): void {
  const at = work.at.toISOString();
  if (item.contract.id === 'M29' && target) work.set.withdrawn.push({ messageId: target.messageId, at });
  if (item.contract.id === 'M06') {
    for (const stay of row?.snapshot.stays ?? []) {
      work.set.confirmed.push({ messageId: stay.dtvNotificationId, recipientOin: item.peer.oin, at });
    }
  }
  const partId = item.event.data.part_id;
  if (item.contract.family !== 'dossier-part' || typeof partId !== 'string') return;
  const older = row?.snapshot.parts.filter((part) => part.partId === partId && part.messageId !== messageId).at(-1);
  if (!older) return;
  if (work.set.messages.some((message) => message.id === older.messageId)) throw new NeedsOwnTransaction('part');
  work.set.replaced.push({ messageId: older.messageId, by: messageId });
}
