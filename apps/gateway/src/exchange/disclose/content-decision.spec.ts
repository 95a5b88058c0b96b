import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONTRACTS } from '#contracts/catalogue.js';
import { PEER_KINDS, PURPOSES } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent } from '../../policy/decide.js';
import { loadPolicy } from '../../policy/load-policy.js';
import { contentDecision } from './content-decision.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');
const questions = fc.record({
  readerKind: fc.constantFrom(...PEER_KINDS),
  purpose: fc.option(fc.constantFrom(...PURPOSES), { nil: undefined }),
  messagePurpose: fc.constantFrom(...PURPOSES),
  contract: fc.constantFrom(...CONTRACTS),
  endedPurposes: fc.subarray([...PURPOSES]),
  grant: fc.option(fc.constantFrom('MR' as const, 'NE' as const), { nil: undefined }),
});

describe('a decision that was worked out before', () => {
  it('is the decision that would be worked out now, whatever was asked meanwhile', () => {
    fc.assert(
      fc.property(questions, ({ grant, ...asked }) => {
        const question = grant === undefined ? asked : { ...asked, grant };
        const fresh = decideContent(policy, { ...question, rules: propertyRules(asked.contract.id) });
        expect(contentDecision(policy, question)).toEqual(fresh);
        expect(contentDecision(policy, question)).toEqual(fresh);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is not that of another version of the policy', () => {
    const [contract] = CONTRACTS.filter(({ id }) => id === 'M08');
    if (!contract) throw new Error('no M08');
    const question = { readerKind: 'MUNICIPALITY', purpose: 'P03', messagePurpose: 'P03', contract } as const;
    expect(contentDecision(policy, question).permit).toBe(true);
    expect(contentDecision({ ...policy, releases: {} }, question).permit).toBe(false);
  });
});
