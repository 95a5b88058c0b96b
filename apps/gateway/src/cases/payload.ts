import { messageOf, type Step } from './step.js';

/**
 * The payload of a step's message in the type of its contract. The exchange has checked it against that contract before;
 * a row names the type that belongs to its own message.
 */
export function payloadOf<Payload extends object>(step: Step): Payload {
  return messageOf(step).data as unknown as Payload;
}
