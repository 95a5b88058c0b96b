import type { DataSubjectRequest } from '#contracts/generated/messages.js';
import { payloadOf } from './payload.js';
import { refuse, type Guard } from './step.js';

/** M37: the terms of AVG art. 12(3) and Wpg art. 25 count from the day of receipt, which cannot lie ahead. */
export const receivedByToday: Guard = (_progress, step) =>
  payloadOf<DataSubjectRequest>(step).received_on > step.ctx.today
    ? refuse('CASE_STATE_CONFLICT', 'the day of receipt lies in the future')
    : null;
