import { describe, expect, it } from '@jest/globals';
import { RECORD_KINDS } from '../access-log/access-record.js';
import { TERMS } from '../access-log/testing/terms.js';
import { loadPolicy } from '../policy/load-policy.js';
import type { Policy } from '../policy/policy.js';
import { recordTerms } from './terms.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');

describe('terms of records', () => {
  it('stand in the policy: five years for the release log, for ever for an erasure', () => {
    expect(recordTerms(policy)).toEqual(TERMS);
    expect(Object.keys(recordTerms(policy)).sort()).toEqual([...RECORD_KINDS].sort());
  });

  it('are never shorter than the policy says, also when it counts in days', () => {
    const refusal = { ...policy.retention.REFUSAL, term: { days: 29 } };
    const changed: Policy = { ...policy, retention: { ...policy.retention, REFUSAL: refusal } };
    expect(recordTerms(changed)).toEqual({ ...TERMS, REFUSAL: 2 });
  });
});
