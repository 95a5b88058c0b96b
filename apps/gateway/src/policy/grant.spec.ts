import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONTRACTS } from '#contracts/catalogue.js';
import { PEER_KINDS, PURPOSES, type FieldGroup, type PeerKind } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent } from './decide.js';
import { CASE_GRANT_KINDS, CASE_GRANTS, grantKindFor, grantStanding, type CaseGrant } from './grant.js';
import { loadPolicy } from './load-policy.js';
import { roleOf } from './role.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');
const NOON = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;
const at = (hours: number): Date => new Date(NOON + hours * HOUR);

const grants: fc.Arbitrary<CaseGrant> = fc.record({
  id: fc.uuid(),
  validFrom: fc.integer({ min: -50, max: 50 }).map(at),
  validUntil: fc.integer({ min: -40, max: 90 }).map(at),
  endedAt: fc.option(fc.integer({ min: -50, max: 90 }).map(at)),
});
const moments = fc.integer({ min: -60, max: 100 }).map(at);
const runs = (grant: CaseGrant, now: Date): boolean =>
  grant.validFrom <= now && now < grant.validUntil && (grant.endedAt === null || now < grant.endedAt);

describe('the standing of a person in a case', () => {
  const one: CaseGrant = { id: 'g', validFrom: at(0), validUntil: at(10), endedAt: null };

  it.each([
    ['before it begins', -1, null, { state: 'none' }],
    ['from its first moment', 0, null, { state: 'running', grantId: 'g', role: 'MR' }],
    ['to its last', 9.9, null, { state: 'running', grantId: 'g', role: 'MR' }],
    ['and not at its end', 10, null, { state: 'over', grantId: 'g' }],
    ['nor once the advice is given', 5, at(5), { state: 'over', grantId: 'g' }],
    ['which may come after it ran out', 11, at(12), { state: 'over', grantId: 'g' }],
  ])('%s', (_when, hour, endedAt, standing) => {
    expect(grantStanding('MRT', 'IND', [{ ...one, endedAt }], at(hour))).toEqual(standing);
  });

  it('is that of the longest of several that run, and over when all are', () => {
    const longer = { ...one, id: 'longer', validUntil: at(20) };
    expect(grantStanding('MRT', 'NGO', [longer, one], at(5))).toMatchObject({ state: 'running', grantId: 'longer' });
    expect(grantStanding('MRT', 'NGO', [longer, one], at(30))).toEqual({ state: 'over', grantId: 'longer' });
  });

  it('never runs for AVIM, COA or others that do not sit in the review, whatever was written down', () => {
    for (const kind of CASE_GRANT_KINDS) {
      for (const member of PEER_KINDS.filter((peer) => !CASE_GRANTS[kind].members.includes(peer))) {
        expect([kind, member, grantStanding(kind, member, [one], at(1)).state]).toEqual([kind, member, 'over']);
      }
    }
    expect(CASE_GRANTS.MRT.members).not.toEqual(expect.arrayContaining(['AVIM']));
    expect(CASE_GRANTS.MRT.members).not.toEqual(expect.arrayContaining(['COA']));
  });

  it('is asked for the purposes of grants and no other', () => {
    expect(PURPOSES.filter((purpose) => grantKindFor(purpose))).toEqual(['P07', 'P08']);
    expect(grantKindFor(undefined)).toBeUndefined();
  });

  it('runs exactly while one of the grants does', () => {
    fc.assert(
      fc.property(fc.array(grants, { maxLength: 4 }), moments, (some, now) => {
        const standing = grantStanding('MRT', 'DTV', some, now);
        expect(standing.state === 'running').toBe(some.some((grant) => runs(grant, now)));
        expect(standing.state === 'none').toBe(some.every((grant) => grant.validFrom > now));
      }),
    );
  });
});

describe('what a grant releases', () => {
  /** Whether the member's own column says anything but a dash. */
  const columnAllows = (kind: PeerKind, group: FieldGroup, purpose: 'P07' | 'P08'): boolean => {
    const role = roleOf(policy, kind, purpose);
    return role !== null && policy.matrix[group]?.[role]?.level != null;
  };
  const asked = fc.record({
    kind: fc.constantFrom(...CASE_GRANT_KINDS),
    member: fc.constantFrom(...PEER_KINDS),
    contract: fc.constantFrom(...CONTRACTS),
    messagePurpose: fc.constantFrom(...PURPOSES),
    purpose: fc.constantFrom(...PURPOSES),
  });

  it('is never a field group that the own column does not have, nor the V-number, nor anything for another purpose', () => {
    fc.assert(
      fc.property(asked, ({ kind, member, contract, messagePurpose, purpose }) => {
        const { role: grant, purpose: own } = CASE_GRANTS[kind];
        const rules = propertyRules(contract.id);
        const question = { readerKind: member, purpose, grant, messagePurpose, contract, rules };
        const decision = decideContent(policy, question);
        if (purpose !== own) expect(decision.permit).toBe(false);
        if (!decision.permit) return;
        expect(decision.releases.map(({ group }) => group)).not.toContain('FG02');
        for (const group of decision.released) {
          expect([group, columnAllows(member, group, own as 'P07')]).toEqual([group, true]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
