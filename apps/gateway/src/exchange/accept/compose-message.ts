import { uuidv7 } from 'uuidv7';
import type { Contract } from '#contracts/contract.js';
import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import type { PreparedRecord } from '../../access-log/access-record.js';
import type { Recipient } from '../recipients.js';
import type { BatchWork, CaseAtWork } from './batch-work.js';

export interface MessageToStore {
  readonly messageId: string;
  readonly contract: Contract;
  readonly purpose: PurposeCode;
  readonly sender: { readonly oin: string; readonly kind: PeerKind };
  readonly source: string;
  readonly eventId: string;
  /** What recipients read: the event's own attributes and its data. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly digest: Buffer;
  readonly record: PreparedRecord;
  readonly traceparent: string;
  readonly expiresAt: string | null;
  readonly targetMessageId: string | null;
  /** Purposes that had ended in the case before this message: a successor among them opens it no more. */
  readonly endedPurposes: readonly PurposeCode[];
}

/** Adds one message with its encrypted content and a delivery for each recipient; order per case is given here. */
export function storeMessage(
  work: BatchWork,
  row: CaseAtWork | null,
  message: MessageToStore,
  recipients: readonly Recipient[],
): void {
  const acceptedAt = message.record.at;
  const caseId = row?.id ?? null;
  work.set.messages.push({
    id: message.messageId,
    contract: message.contract.id,
    type: message.contract.type,
    source: message.source,
    eventId: message.eventId,
    senderOin: message.sender.oin,
    senderKind: message.sender.kind,
    caseId,
    purpose: message.purpose,
    contentDigest: message.digest,
    bodyDigest: message.digest,
    recordId: message.record.id,
    entryDigest: message.record.entryDigest,
    keyId: work.parts.receiptKeyId,
    traceparent: message.traceparent,
    acceptedAt,
    expiresAt: message.expiresAt,
    targetMessageId: message.targetMessageId,
    endedPurposes: message.endedPurposes,
  });
  const plaintext = Buffer.from(JSON.stringify(message.content), 'utf8');
  work.set.contents.push({
    messageId: message.messageId,
    caseId,
    ...work.parts.cipher.encryptContent(row?.key ?? null, message.messageId, plaintext),
    createdAt: acceptedAt,
  });
  for (const recipient of recipients) {
    work.set.deliveries.push({
      id: uuidv7(),
      messageId: message.messageId,
      recipientOin: recipient.oin,
      caseId,
      purpose: recipient.purpose,
      family: message.contract.family,
      partitionKey: work.partitionKey(recipient.oin, caseId ?? message.messageId),
      caseSequence: row ? nextInCase(row, recipient.oin) : null,
      traceparent: message.traceparent,
      acceptedAt,
    });
  }
}

/** `casesequence`: per recipient and case, from 1, given under the case lock. */
function nextInCase(row: CaseAtWork, recipientOin: string): number {
  const next = (row.snapshot.sequences[recipientOin] ?? 0) + 1;
  row.snapshot = { ...row.snapshot, sequences: { ...row.snapshot.sequences, [recipientOin]: next } };
  return next;
}
