import type { DossierRequest, DtvDossierPart, IndDossierPart } from '#contracts/generated/messages.js';
import type { CaseSnapshot, DossierPart } from './case-snapshot.js';
import { addKinds } from './parties.js';
import { payloadOf } from './payload.js';
import {
  currentVNumber,
  emitting,
  messageOf,
  refuse,
  withCase,
  type Condition,
  type Effect,
  type Guard,
  type Step,
} from './step.js';
import { startTimer, stopTimer } from './timers.js';

type Supplier = DossierPart['supplier'];
type Part = IndDossierPart | DtvDossierPart;
/** Both, and no others, make a dossier (INV-2). */
export const MANDATORY: readonly Supplier[] = ['IND', 'DTV'];

export const TIMER_OF: Readonly<Record<Supplier, 'TMR-DOS-IND' | 'TMR-DOS-DTV'>> = {
  IND: 'TMR-DOS-IND',
  DTV: 'TMR-DOS-DTV',
};

/** The part of a supplier that is in force. */
export function acceptedPart(snapshot: CaseSnapshot, supplier: Supplier): DossierPart | undefined {
  return snapshot.parts.find((part) => part.supplier === supplier && part.status === 'ACCEPTED');
}

/** T07 by itself: the number is verified, nothing was requested yet, and a covenant carries the request (INV-15). */
export const dossierIsHeld: Condition = (progress, step) =>
  progress.snapshot.vNumber === 'VERIFIED' &&
  progress.snapshot.dossier === null &&
  currentVNumber(progress, step) !== undefined &&
  step.ctx.pilot.covenantId !== null;

/** M07 for a mandatory part, as against one for supplements alone. */
export const asksMandatoryPart: Condition = (_progress, step) =>
  payloadOf<DossierRequest>(step).parts.some((part) => part === 'IND' || part === 'DTV');

export const asksSupplementsOnly: Condition = (progress, step) => !asksMandatoryPart(progress, step);

export const asksBothParts: Guard = (_progress, step) => {
  const { parts } = payloadOf<DossierRequest>(step);
  return MANDATORY.every((supplier) => parts.includes(supplier))
    ? null
    : refuse('CASE_STATE_CONFLICT', 'a dossier is requested from IND and DT&V together');
};

export const numberIsVerified: Guard = ({ snapshot }) =>
  snapshot.vNumber === 'VERIFIED' ? null : refuse('CASE_STATE_CONFLICT', 'the V-number is not verified by the IND');

/** T07-T09: what is asked or delivered is about the person of this case. */
export const sameVNumber: Guard = (progress, step) => {
  const current = currentVNumber(progress, step);
  return current !== undefined && payloadOf<DossierRequest | Part>(step).v_number === current
    ? null
    : refuse('IDENTITY_MISMATCH', 'the V-number is not that of the case');
};

export const ownPartInForce: Condition = ({ snapshot }, step) => acceptedPart(snapshot, supplierOf(step)) !== undefined;
export const ownPartMissing: Condition = (progress, step) => !ownPartInForce(progress, step);

/** AS-21: a part in force gives way only to a higher version of itself. */
export const newerVersion: Guard = ({ snapshot }, step) => {
  const { part_id, part_version } = payloadOf<Part>(step);
  const inForce = acceptedPart(snapshot, supplierOf(step));
  if (!inForce) return null;
  return part_id === inForce.partId && part_version > inForce.partVersion
    ? null
    : refuse('PART_ALREADY_ACCEPTED', 'a part of this supplier is in force and this is no higher version of it');
};

/** T10: AVIM and COA add what they were asked for, nothing of their own accord (design 8). */
export const supplementAsked: Guard = ({ snapshot }, step) => {
  const { sender } = messageOf(step);
  return snapshot.parties.some((party) => party.oin === sender.oin && party.basis === 'M07')
    ? null
    : refuse('NOT_ENTITLED_IN_CASE', 'no supplement was requested from this organisation');
};

/** T07: the dossier exists from its request on, and both suppliers are parties of the case. */
export const requestDossier: Effect = (progress, step) => {
  const requested = withCase(progress, { dossier: { id: step.ctx.newId('other'), requestedAt: step.ctx.now } });
  return startTimer('TMR-DOS-IND', 'TMR-DOS-DTV')(addKinds(requested, step, 'M07', partsOf(step)), step);
};

/** T07 by the gateway itself: the request that a municipality would have posted. */
export const emitDossierRequest: Effect = (progress, step) => {
  const vNumber = currentVNumber(progress, step);
  if (vNumber === undefined) throw new Error('a dossier is held until there is a V-number');
  const data: DossierRequest = {
    v_number: vNumber,
    case_id: progress.snapshot.id,
    parts: [...partsOf(step)],
    requested_on: step.ctx.today,
    reason: 'INTAKE',
  };
  return emitting(progress, step, 'M07', data);
};

/** T08, T09: the part is in force. `NO_FILE` is an answer like any other: the supplier has nothing on this person. */
export const acceptPart: Effect = (progress, step) => {
  const { part_id, part_version, as_of } = payloadOf<Part>(step);
  const supplier = supplierOf(step);
  const part: DossierPart = {
    supplier,
    partId: part_id,
    partVersion: part_version,
    status: 'ACCEPTED',
    messageId: messageOf(step).messageId,
    acceptedAt: step.ctx.now,
    asOf: as_of,
  };
  const replaced = acceptedPart(progress.snapshot, supplier);
  const earlier = progress.snapshot.parts.map((known) => (known === replaced ? superseded(known) : known));
  return stopTimer(TIMER_OF[supplier])(withCase(progress, { parts: [...earlier, part] }), step);
};

/** What a request of the gateway asks: both parts, and the supplements that the pilot's policy wants at intake. */
function partsOf(step: Step): readonly ('IND' | 'DTV' | 'AVIM' | 'COA')[] {
  const asked =
    messageOf(step).contract === 'M07'
      ? payloadOf<DossierRequest>(step).parts
      : step.ctx.pilot.policy.dossier_supplements;
  const wanted: readonly unknown[] = Array.isArray(asked) ? asked : [];
  return [...MANDATORY, ...(['AVIM', 'COA'] as const).filter((kind) => wanted.includes(kind))];
}

function superseded(part: DossierPart): DossierPart {
  return { ...part, status: 'SUPERSEDED' };
}

function supplierOf(step: Step): Supplier {
  return messageOf(step).contract === 'M08' ? 'IND' : 'DTV';
}
