import { describe, expect, it } from '@jest/globals';
import { RECORD_KINDS } from '../access-log/access-record.js';
import { TERMS } from '../access-log/testing/terms.js';
import { loadPolicy } from '../policy/load-policy.js';
import type { Policy } from '../policy/policy.js';
import { CONTRACTS } from '#contracts/catalogue.js';
import { RETENTION_CODES } from '../policy/retention.js';
import { KEPT_WITH_CASE, OF_POLICE } from './expired-contents.js';
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

describe('terms of what hangs on a case', () => {
  it('are each applied by somebody: what is not, is of messages that nothing carries yet', () => {
    const applied = ['NOTIFICATION_CONTENT', 'DOSSIER_PART', 'REFUSED_CASE', 'POLICE_DATA'];
    const left = RETENTION_CODES.filter((code) => !(code in recordTerms(policy)) && !applied.includes(code));
    expect(left).toEqual(['MRT_ADVICE', 'MONITOR_SNAPSHOT']);
    const later = Object.values(policy.activities).filter(({ retention }) =>
      retention.some((code) => left.includes(code)),
    );
    const purposes = new Set(later.flatMap((activity) => activity.purposes));
    expect(later.length).toBeGreaterThan(0);
    expect(CONTRACTS.filter((contract) => contract.purposes.some((purpose) => purposes.has(purpose)))).toEqual([]);
  });

  it('hold for each message by what it can contain', () => {
    expect(KEPT_WITH_CASE).toEqual(['M08', 'M09', 'M10', 'M11']);
    expect(OF_POLICE).toEqual(['M03', 'M10']);
  });
});
