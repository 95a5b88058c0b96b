import type { Policy } from '../policy/policy.js';
import type { RetentionCode } from '../policy/retention.js';

const DAY_MS = 86_400_000;

/** What began before this instant is past its term at `now`: before everything, when the policy keeps it for ever. */
export function startOrNever(policy: Policy, code: RetentionCode, now: Date): Date {
  const { term } = policy.retention[code];
  if (term === 'PERMANENT') return new Date(0);
  if ('days' in term) return new Date(now.getTime() - term.days * DAY_MS);
  // The last day of a shorter month stands for the days that it lacks: 31 August minus six months is 28 February.
  const start = new Date(now);
  start.setUTCMonth(start.getUTCMonth() - term.months);
  if (start.getUTCDate() !== now.getUTCDate()) start.setUTCDate(0);
  return start;
}
