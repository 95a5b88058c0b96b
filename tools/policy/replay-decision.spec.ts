import { describe, expect, it } from '@jest/globals';
import { loadPolicy } from '../../apps/gateway/src/policy/load-policy.js';
import type { Policy, PurposeRole } from '../../apps/gateway/src/policy/policy.js';
import type { Release } from '../../apps/gateway/src/policy/decision.js';
import { replayDecision, type RecordedDecision } from './replay-decision.js';
import { ReplayTally } from './replay-tally.js';

const current = loadPolicy('apps/gateway/policy/2026.1');
const read: RecordedDecision = {
  id: 'r1',
  action: 'content.read',
  peerKind: 'MUNICIPALITY',
  purpose: 'P03',
  contract: 'M08',
  outcome: 'permit',
  policyVersion: '2026.1',
  role: 'MC',
  messagePurpose: 'P03',
  released: ['FG01', 'FG02', 'FG09', 'FG10', 'FG11', 'FG12', 'FG15', 'FG20'],
};

/** The current policy with one row of the release table changed; null takes the row away. */
function proposed(key: PurposeRole, change: (row: readonly Release[]) => readonly Release[] | null): Policy {
  const { [key]: row = [], ...others } = current.releases;
  const changed = change(row);
  return { ...current, version: 'next', releases: changed === null ? others : { ...others, [key]: changed } };
}
const verdict = (record: RecordedDecision, policy: Policy) => replayDecision(record, policy, current);

describe('replayDecision', () => {
  it('finds no difference under the policy under which the decision was taken', () => {
    expect(verdict(read, current)).toBe('SAME');
  });

  it.each([
    ['a group that goes', (row: readonly Release[]) => row.filter(({ group }) => group !== 'FG11'), 'RELEASES_LESS'],
    ['a group that comes', (row: readonly Release[]) => [...row, { group: 'FG18', level: 'm' } as const], 'SAME'],
    ['a level that widens', (row: readonly Release[]) => row.map((one) => (one.group === 'FG09' ? { ...one, level: 'F' as const } : one)), 'RELEASES_MORE'],
    ['a level that narrows', (row: readonly Release[]) => row.map((one) => (one.group === 'FG01' ? { ...one, level: 'm' as const } : one)), 'RELEASES_LESS'],
    ['a row that goes', () => null, 'NOW_REFUSED'],
  ] as const)('sees %s: %s', (_what, change, expected) => {
    // The message holds nothing of FG18: releasing it changes nothing here.
    expect(verdict(read, proposed('P03;MC', change))).toBe(expected);
  }); // prettier-ignore

  it('sees that one group comes while another goes', () => {
    const other = proposed('P03;MC', (row) =>
      row.flatMap((one) => (one.group === 'FG09' ? { ...one, level: 'F' } : one.group === 'FG12' ? [] : one)),
    );
    expect(verdict(read, other)).toBe('RELEASES_OTHER');
  });

  it('compares the groups that the record names when its own version is gone', () => {
    const narrower = proposed('P03;MC', (row) => row.filter(({ group }) => group !== 'FG12'));
    expect(replayDecision(read, narrower)).toBe('RELEASES_LESS');
    expect(replayDecision(read, current)).toBe('SAME');
  });

  it('sees a refusal that the proposed policy would permit', () => {
    const refused = {
      ...read,
      purpose: 'P05',
      outcome: 'refuse',
      code: 'PURPOSE_NOT_ALLOWED',
      peerKind: 'IND',
    } as const;
    expect(verdict(refused, current)).toBe('SAME');
    const wider = proposed('P05;IN', () => [{ group: 'FG01', level: 'F' }]);
    expect(verdict(refused, wider)).toBe('NOW_PERMITTED');
  });

  it('keeps an ended purpose ended: the case was as it was', () => {
    const late = { ...read, purpose: 'P04', outcome: 'refuse', code: 'PURPOSE_ENDED', endedPurposes: ['P04'] } as const;
    expect(verdict(late, current)).toBe('SAME');
    expect(verdict({ ...late, endedPurposes: [] }, current)).toBe('NOW_PERMITTED');
  });

  it('replays a look into a case, and a decision under a grant', () => {
    const look: RecordedDecision = {
      ...read,
      action: 'case.read',
      released: ['FG01'],
      purpose: 'P05',
      peerKind: 'NGO',
    };
    const { contract: _contract, messagePurpose: _purpose, ...view } = look;
    expect(verdict(view, current)).toBe('SAME');
    expect(
      verdict(
        view,
        proposed('P05;NG', () => null),
      ),
    ).toBe('NOW_REFUSED');
    const granted: RecordedDecision = { ...read, purpose: 'P07', peerKind: 'DTV', role: 'MR' };
    expect(verdict(granted, current)).toBe('SAME');
    expect(
      verdict(
        granted,
        proposed('P07;MR', () => null),
      ),
    ).toBe('NOW_REFUSED');
  });

  it('leaves out what the policy did not decide, and says when a record does not hold enough', () => {
    expect(verdict({ ...read, outcome: 'refuse', code: 'CASE_NOT_AVAILABLE' }, current)).toBe('OUTSIDE_POLICY');
    const { peerKind: _kind, ...anonymous } = read;
    expect(verdict(anonymous, current)).toBe('INCOMPLETE');
  });
});

describe('ReplayTally', () => {
  it('counts every verdict, and keeps a few ids of what differs', () => {
    const tally = new ReplayTally();
    tally.add(read, 'SAME');
    for (const id of ['a', 'b', 'c', 'd']) tally.add({ ...read, id }, 'RELEASES_LESS');
    tally.add({ ...read, id: 'e', peerKind: 'NGO' }, 'NOW_REFUSED');
    expect(tally.totals).toMatchObject({ SAME: 1, RELEASES_LESS: 4, NOW_REFUSED: 1, NOW_PERMITTED: 0 });
    const key = { verdict: 'RELEASES_LESS', peerKind: 'MUNICIPALITY', purpose: 'P03', what: 'M08' };
    expect(tally.differences[0]).toEqual({ ...key, count: 4, examples: ['a', 'b', 'c'] });
    expect(tally.differences).toHaveLength(2);
  });
});
