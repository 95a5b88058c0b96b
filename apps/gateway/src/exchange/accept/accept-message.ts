import { contractById } from '#contracts/catalogue.js';
import { canonicalDigest } from '#contracts/canonical.js';
import type { Contract } from '#contracts/contract.js';
import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import { applyEvent } from '../../cases/process.js';
import type { CaseIdentity } from '../../cases/case-snapshot.js';
import type { CaseEvent, CaseOutcome, EmittedMessage } from '../../cases/transition.js';
import { GatewayError } from '../../errors.js';
import { childOf, type TraceContext } from '../../trace-context.js';
import { endedPurposesOf } from '../../policy/purpose-ended.js';
import { isParty } from '../../policy/relation.js';
import { recipientsOf } from '../recipients.js';
import { keyOf, stayNamed, type AcceptResult, type Submission, type TargetMessage } from './accept-types.js';
import { applyOutcome } from './apply-outcome.js';
import { newId, type BatchWork, type CaseAtWork } from './batch-work.js';
import { contextOf } from './case-context.js';
import { storeMessage, type MessageToStore } from './compose-message.js';
import { deliveryRecord, replayRecord } from './records.js';
import { markTarget, targetOf } from './target-message.js';

interface Sender {
  readonly oin: string;
  readonly kind: PeerKind;
}

/**
 * Steps 4 to 8 of docs/lifecycle.md for one message, all in memory: known already? relation? may this event happen now?
 * for whom? what follows by itself? Throws a GatewayError to refuse; nothing of the message is then in the batch.
 */
export function acceptMessage(work: BatchWork, item: Submission): AcceptResult {
  const { contract, event, peer } = item;
  const known = work.loaded.keys.get(keyOf(event.source, event.id));
  if (known) {
    if (!known.bodyDigest.equals(item.digest))
      throw new GatewayError('MESSAGE_ID_REUSED', 'this source and id belong to another message');
    replayRecord(work, item, known);
    return { kind: 'accepted', receipt: known, replay: true };
  }
  const row = relatedCase(work, item);
  refuseForeignStay(work, item, row);
  const target = targetOf(work, item, row);
  const messageId = newId('message');
  const endedPurposes = row ? endedPurposesOf(work.parts.policy, row.snapshot) : [];
  const applied = contract.caseId === 'none' || row ? runProcess(work, row, item, messageId, target) : null;
  const owner = applied ? applied.row : null;
  if (applied) applyOutcome(work, applied.row, applied.outcome, messageId);
  markTarget(work, item, target, owner, messageId);
  const store = { contract, data: event.data, sender: peer, messageId, target };
  const recipients = route(work, owner, store);
  const record = deliveryRecord(work, item, owner, messageId, recipients);
  const { data, ...attributes } = event;
  const message: MessageToStore = {
    messageId,
    contract,
    purpose: item.purpose,
    sender: peer,
    source: event.source,
    eventId: event.id,
    content: { ...attributes, purpose: item.purpose, ...(owner ? { caseid: owner.id } : {}), data },
    digest: item.digest,
    record,
    traceparent: item.trace.traceparent,
    expiresAt: event.expiresat ?? null,
    targetMessageId: target?.messageId ?? null,
    endedPurposes,
  };
  storeMessage(work, owner, message, recipients);
  for (const emitted of applied?.outcome.emit ?? [])
    if (owner) storeEmitted(work, owner, emitted, item.trace, endedPurposes);
  if (owner) work.touch(owner);
  return remember(work, item, message, owner);
}

/** Relation first: no party, no answer, whatever else is true of the case. */
function relatedCase(work: BatchWork, item: Submission): CaseAtWork | null {
  if (item.contract.caseId === 'none' || item.event.caseid === undefined) return null;
  const row = work.caseAtWork(item.event.caseid);
  if (!row || !isParty(row.snapshot.parties, item.peer.oin, work.today)) {
    throw new GatewayError('CASE_NOT_AVAILABLE', 'not available', {
      reason: row ? 'no party of the case' : 'no such case',
    });
  }
  return row;
}

/** An id names one stay for ever; the process sees only its own case, so another case's stay is refused here. */
function refuseForeignStay(work: BatchWork, item: Submission, row: CaseAtWork | null): void {
  const stayId = stayNamed(item.event.data);
  if (stayId === null) return;
  const begun =
    work.set.staysStarted.find((one) => one.stay.stayId === stayId)?.caseId ?? work.loaded.stayCases.get(stayId);
  if (begun !== undefined && begun !== row?.id)
    throw new GatewayError('CASE_STATE_CONFLICT', 'stay_id is in use for another stay');
}

function runProcess(
  work: BatchWork,
  row: CaseAtWork | null,
  item: Submission,
  messageId: string,
  target: TargetMessage | null,
) {
  const { contract, event, peer } = item;
  const pilotCode = row?.snapshot.pilot ?? String(event.data.pilot);
  const happened: CaseEvent = {
    kind: 'message',
    contract: contract.id,
    messageId,
    sender: peer,
    data: event.data,
    ...(target
      ? {
          target: {
            messageId: target.messageId,
            contract: target.contract as `M${number}${number}`,
            senderOin: target.senderOin,
          },
        }
      : {}),
  };
  const identity = row ? null : identityFrom(event.data);
  const context = contextOf(work, row, pilotCode, item.subjectIndex, identity);
  const outcome = accepted(applyEvent(row?.snapshot ?? null, happened, context));
  return { outcome, row: row ?? work.openCase(outcome.next, identity ?? identityFrom(event.data), item.subjectIndex) };
}

export function accepted(outcome: CaseOutcome): Extract<CaseOutcome, { ok: true }> {
  if (!outcome.ok) throw new GatewayError(outcome.code, outcome.detail);
  return outcome;
}

/** The identifying set of domain 2.8 M01; contracts have checked it. */
function identityFrom(data: Readonly<Record<string, unknown>>): CaseIdentity {
  const { v_number, provisional_ref, family_name, given_names, birth_date, nationalities } =
    data as unknown as CaseIdentity;
  return {
    ...(v_number === undefined ? {} : { v_number }),
    ...(provisional_ref === undefined ? {} : { provisional_ref }),
    family_name,
    given_names,
    birth_date,
    nationalities,
  };
}

interface Routable {
  readonly contract: Contract;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sender: Sender;
  readonly target: TargetMessage | null;
}

function route(work: BatchWork, row: CaseAtWork | null, message: Routable) {
  return recipientsOf({
    ...message,
    snapshot: row?.snapshot ?? null,
    today: work.today,
    national: work.national,
    bases: work.parts.register.routeBases(),
  });
}

/** A message that the gateway itself makes (M05, M07, M12, M13): same road, own record (INV-9). */
export function storeEmitted(
  work: BatchWork,
  row: CaseAtWork,
  emitted: EmittedMessage,
  above: TraceContext,
  /** Purposes that had ended before the event that made the gateway write this message. */
  endedPurposes: readonly PurposeCode[],
): void {
  const trace = childOf(above);
  const contract = contractById(emitted.contract);
  const sender: Sender = { oin: work.parts.gatewayOin, kind: 'GATEWAY' };
  const purpose = contract.purposes[0];
  if (!purpose) throw new Error(`contract ${contract.id} has no purpose`);
  const recipients = route(work, row, { contract, data: emitted.data, sender, target: null });
  // G4: better no stay than one that DT&V is not told of. The sender gets an error and nothing is written.
  if (contract.id === 'M05' && recipients.length === 0) throw new Error('M05 has no recipient');
  const source = `urn:nld:oin:${work.parts.gatewayOin}:ketenpoort`;
  const content = {
    specversion: '1.0',
    id: emitted.messageId,
    source,
    type: contract.type,
    purpose,
    caseid: row.id,
    data: emitted.data,
  };
  const record = deliveryRecord(work, { peer: sender, contract, purpose, trace }, row, emitted.messageId, recipients);
  const digest = canonicalDigest(content);
  storeMessage(
    work,
    row,
    {
      messageId: emitted.messageId,
      contract,
      purpose,
      sender,
      source,
      eventId: emitted.messageId,
      content: { ...content, time: record.at },
      digest,
      record,
      traceparent: trace.traceparent,
      expiresAt: null,
      targetMessageId: null,
      endedPurposes,
    },
    recipients,
  );
}

function remember(work: BatchWork, item: Submission, message: MessageToStore, row: CaseAtWork | null): AcceptResult {
  const receipt = {
    messageId: message.messageId,
    source: item.event.source,
    id: item.event.id,
    contentDigest: item.digest,
    recordId: message.record.id,
    entryDigest: message.record.entryDigest,
    acceptedAt: message.record.at,
    caseId: row?.id ?? null,
  };
  work.remember(item.event.source, item.event.id, { ...receipt, bodyDigest: item.digest });
  return { kind: 'accepted', receipt, replay: false };
}
