import { backoffDelayMs, pause } from '../delivery/backoff.js';
import { retryAfterOf, type GatewayAnswer, type GatewayClient } from '../gateway/gateway-client.js';
import { GatewayUnreachable } from '../gateway/gateway-errors.js';
import type { OutgoingEvent } from './build-event.js';
import { LocalProblem } from './local-problem.js';

/** A person may be waiting in front of the agency's system; after this the system decides. */
const PATIENCE_MS = 10_000;
const BACKOFF = { firstDelayMs: 200, maxDelayMs: 2_000 };
const RETRY_AFTER_SECONDS = 5;

/**
 * Sends an event until the gateway answers, for about ten seconds. Repeating is safe: the id stays the same, and the
 * gateway makes the same (source, id) one effect with one receipt.
 * @throws LocalProblem `GATEWAY_UNREACHABLE`, with the id under which the system may send again
 */
export async function submitMessage(
  gateway: Pick<GatewayClient, 'submit'>,
  event: OutgoingEvent,
  userReference: string,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<GatewayAnswer> {
  const deadline = Date.now() + patienceMs;
  for (let attempt = 1; ; attempt++) {
    const answer = await once(gateway, event, userReference);
    if (answer !== 'UNREACHABLE' && answer.status !== 503) return answer;
    const asked = answer === 'UNREACHABLE' ? undefined : retryAfterOf(answer);
    const waitMs = asked === undefined ? backoffDelayMs(attempt, BACKOFF) : asked * 1000;
    if (Date.now() + waitMs >= deadline || signal.aborted) {
      if (answer !== 'UNREACHABLE') return answer;
      const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) };
      throw new LocalProblem('GATEWAY_UNREACHABLE', 'no answer from the gateway', { headers, id: event.id });
    }
    await pause(waitMs, signal).catch(() => undefined);
  }
}

async function once(
  gateway: Pick<GatewayClient, 'submit'>,
  event: OutgoingEvent,
  userReference: string,
): Promise<GatewayAnswer | 'UNREACHABLE'> {
  try {
    return await gateway.submit(event.body, userReference);
  } catch (error) {
    if (error instanceof GatewayUnreachable) return 'UNREACHABLE';
    throw error;
  }
}
