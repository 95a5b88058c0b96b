import { event, type Event, type OpenCase, today } from '../../load/messages.js';

/** M41. */
export function stayEvent(
  { municipality, caseId }: OpenCase,
  stayId: string,
  change: 'STARTED' | 'KIND_CHANGED' | 'ENDED',
  kind: 'SHELTER' | 'GUIDANCE_ONLY',
): Event {
  return event(municipality, 'stay-event', { stay_id: stayId, event: change, kind, on: today() }, caseId);
}

/** M40: the municipality has received a message of a supplier. */
export function receiptOf({ municipality, caseId }: OpenCase, messageId: string): Event {
  return event(municipality, 'technical-receipt', { target_message_id: messageId, status: 'RECEIVED' }, caseId);
}

/** M28: the supplier corrects a fact in a message of its own. */
export function correctionOf({ caseId }: OpenCase, supplier: 'ind', messageId: string): Event {
  const data = { target_message_id: messageId, material: false, changed_fields: [], reason: 'FACT_ERROR' };
  return event(supplier, 'correction-notice', data, caseId);
}
