import type { RecordTerms } from '../access-log/access-record.js';
import type { Policy } from '../policy/policy.js';
import type { RetentionCode } from '../policy/retention.js';

/** The shortest month. A record is kept by whole months, so a term in days counts as the months that surely hold it. */
const DAYS_OF_A_MONTH = 28;

/** How long the records are kept that are made under this version of the policy. */
export function recordTerms(policy: Policy): RecordTerms {
  const months = (code: RetentionCode): number | null => monthsOf(policy, code);
  return {
    DELIVERY: months('DELIVERY'),
    CONSULTATION: months('CONSULTATION'),
    EVALUATION: months('EVALUATION'),
    REFUSAL: months('REFUSAL'),
    ADMIN: months('ADMIN'),
    ERASURE: months('ERASURE'),
  };
}

function monthsOf(policy: Policy, code: RetentionCode): number | null {
  const { term } = policy.retention[code];
  if (term === 'PERMANENT') return null;
  return 'months' in term ? term.months : Math.ceil(term.days / DAYS_OF_A_MONTH);
}
