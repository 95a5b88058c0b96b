import { event, noFile, today, type Event } from './messages.js';
import type { OpenCase } from './case-steps.js';
import { peer } from './world.js';

type StayChange = 'KIND_CHANGED' | 'ENDED';
const YEAR_END = `${Number(today().slice(0, 4)) + 1}-12-31`;

/** M41 about a stay that runs. */
export const stayChanged = (
  { municipality, caseId }: OpenCase,
  stayId: string,
  change: StayChange,
  kind = 'SHELTER',
): Event =>
  event(municipality, 'stay-event', { stay_id: stayId, event: change, kind, on: today() }, { caseid: caseId });

/** M43: this NGO guides the resident from today. */
export const guidance = ({ municipality, caseId }: OpenCase, ngo: string): Event => {
  const data = { ngo_oin: peer(ngo).oin, from: today(), to: YEAR_END, contract_ref: 'proef-3' };
  return event(municipality, 'guidance-assignment', data, { caseid: caseId });
};

/** M28: a fault in a message that its sender corrects. */
export const correction = (from: string, caseid: string, targetMessageId: string, material = false): Event =>
  event(
    from,
    'correction-notice',
    { target_message_id: targetMessageId, material, changed_fields: [], reason: 'FACT_ERROR' },
    { caseid },
  );

/** M29. */
export const withdrawal = (from: string, caseid: string, targetMessageId: string): Event =>
  event(
    from,
    'withdrawal-notice',
    { target_message_id: targetMessageId, material: true, changed_fields: [], reason: 'FACT_ERROR' },
    { caseid },
  );

/** M30. */
export const purged = (from: string, caseid: string, targetMessageId: string): Event =>
  event(
    from,
    'purge-confirmation',
    { target_message_id: targetMessageId, purged_at: new Date().toISOString(), scope: 'ALL' },
    { caseid },
  );

/** M40: what the receiver's system made of a message. */
export const receipt = (from: string, caseid: string, targetMessageId: string, errorCode?: string): Event => {
  const outcome = errorCode === undefined ? { status: 'RECEIVED' } : { status: 'REJECTED', error_code: errorCode };
  return event(from, 'technical-receipt', { target_message_id: targetMessageId, ...outcome }, { caseid });
};

/** M08 or M09 in a version. */
export function part(supplier: 'ind' | 'dtv', { caseId, person }: OpenCase, partId: string, version = 1): Event {
  const first = noFile(supplier, caseId, person, partId);
  return { ...first, data: { ...first.data, part_version: version } };
}
