import { describe, expect, it } from '@jest/globals';
import { loadPolicy } from '../../apps/gateway/src/policy/load-policy.js';
import type { Release } from '../../apps/gateway/src/policy/decision.js';
import type { Policy, PurposeRole } from '../../apps/gateway/src/policy/policy.js';
import { diffPolicies } from './policy-diff.js';
import { renderDiff } from './render-diff.js';

const current = loadPolicy('apps/gateway/policy/2026.1');
function withRow(key: PurposeRole, change: (row: readonly Release[]) => readonly Release[]): Policy {
  return { ...current, version: 'next', releases: { ...current.releases, [key]: change(current.releases[key] ?? []) } };
}
const level = (group: string, to: Partial<Release>) => (row: readonly Release[]) =>
  row.map((one) => (one.group === group ? { ...one, ...to } : one));

describe('diffPolicies', () => {
  it('finds nothing between a version and itself under another name and day', () => {
    const renamed = { ...current, version: 'next', validFrom: '2099-01-01', digest: '00' };
    expect(diffPolicies(current, renamed)).toMatchObject({ same: true, releases: [], messages: [], others: [] });
    expect(renderDiff(current, diffPolicies(current, renamed))).toContain('geen verschil');
  });

  it.each([
    ['a new group', withRow('P03;NG', (row) => [...row, { group: 'FG15', level: 'b' }]), 'GAINS'],
    ['a group that goes', withRow('P03;MC', (row) => row.filter(({ group }) => group !== 'FG11')), 'LOSES'],
    ['a wider level', withRow('P03;MC', level('FG09', { level: 'F' })), 'GAINS'],
    ['a narrower level', withRow('P03;MC', level('FG11', { level: 'b' })), 'LOSES'],
    ['a condition that is added', withRow('P09;MC', level('FG26', { condition: '15' })), 'LOSES'],
    ['a condition that is another', withRow('P09;CO', level('FG26', { condition: '16a' })), 'CHANGES'],
  ] as const)('says of %s who gains or loses', (_what, next, effect) => {
    expect(diffPolicies(current, next).releases).toMatchObject([{ effect }]);
  });

  it('says what it does to each message and receiver, by property', () => {
    const { messages } = diffPolicies(current, withRow('P03;MC', level('FG09', { level: 'F' })));
    expect(messages).toContainEqual({
      contract: 'M08',
      receiver: 'MUNICIPALITY',
      purpose: 'P03',
      effect: 'CHANGES',
      appear: ['/entry_ban', '/entry_ban/duration_years', '/entry_ban/legal_effect'],
      disappear: [],
    });
  });

  it('says who gets or loses access when a successor comes or goes', () => {
    const purposes = { ...current.purposes, P04: { ...current.purposes.P04, successors: [] } };
    const { messages, others } = diffPolicies(current, { ...current, purposes });
    expect(others.map(({ what, key, after }) => [what, key, after])).toEqual([
      ['SUCCESSOR', 'P04 -> P05', null],
      ['SUCCESSOR', 'P04 -> P06', null],
    ]);
    const lost = messages.filter(({ effect }) => effect === 'NOW_REFUSED');
    expect(lost).toContainEqual(expect.objectContaining({ contract: 'M08', receiver: 'MUNICIPALITY', purpose: 'P05' }));
    expect(messages.every(({ appear }) => appear.length === 0)).toBe(true);
  });

  it('shows ends, terms and activities, and tells it in Dutch', () => {
    const next: Policy = {
      ...current,
      version: 'next',
      purposes: { ...current.purposes, P05: { ...current.purposes.P05, ends: 'RETENTION' } },
      retention: { ...current.retention, DOSSIER_PART: { ...current.retention.DOSSIER_PART, term: { months: 12 } } },
      releases: withRow('P03;MC', level('FG09', { level: 'F' })).releases,
    };
    const text = renderDiff(next, diffPolicies(current, next));
    expect(text).toContain('einde van een doel P05: EXIT -> RETENTION');
    expect(text).toMatch(/bewaartermijn DOSSIER_PART: .*24.* -> .*12/);
    expect(text).toContain('krijgt meer: FG09 inreisverbod, ongewenstverklaring: beperkt of gecodeerd -> volledig');
    expect(text).toContain('M08 voor P03: gemeente ziet het anders: +entry_ban');
  });
});
