import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CONTRACTS } from '#contracts/catalogue.js';
import { PEER_KINDS, PURPOSES } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent } from './decide.js';
import { explain } from './explain.js';
import { loadPolicy } from './load-policy.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');
const lineOf = ({ file, line }: { readonly file: string; readonly line: number }): string =>
  readFileSync(`apps/gateway/policy/${file}`, 'utf8').split('\n')[line - 1] ?? '';
const question = { readerKind: 'MUNICIPALITY', purpose: 'P03', contract: 'M08' } as const;

describe('explain', () => {
  it('names the row of the release table that permits, as it stands in the file', () => {
    const { permit, role, rule, policyVersion } = explain(policy, question);
    expect([permit, role, rule.file, policyVersion]).toEqual([true, 'MC', '2026.1/release-table.csv', '2026.1']);
    expect(lineOf(rule)).toBe(rule.text);
  });

  it('says in Dutch what comes through, and of a limited group with which properties', () => {
    expect(explain(policy, question).released).toContainEqual({
      group: 'FG09',
      nl: 'inreisverbod, ongewenstverklaring',
      level: 'm',
      words: 'beperkt of gecodeerd; alleen declared_undesirable, entry_ban, entry_ban/exists',
    });
    expect(explain(policy, question).reasons).toEqual([
      'P03 (samenstellen van het dossier) is het doel van het bericht.',
      'De rol voor P03 is MC (gemeente, zaakcoördinator en voorzitter LSO).',
    ]);
  });

  it('says why a successor may use a message, and what it withholds', () => {
    const { reasons, withheld } = explain(policy, { ...question, purpose: 'P06' });
    expect(reasons[0]).toBe(
      'P06 (medewerkingstoets) volgt uit P03. De medewerking wordt getoetst aan het scenario dat het LSO bepaalde.',
    );
    expect(withheld.map(({ group }) => group)).toContain('FG11');
  });

  it('tells a group that the table does not name from one that this message cannot fulfil', () => {
    const { withheld } = explain(policy, { readerKind: 'NGO', purpose: 'P04', messagePurpose: 'P03', contract: 'M08' });
    expect(withheld.find(({ group }) => group === 'FG02')?.words).toContain('de tabel noemt deze groep niet');
    expect(withheld.find(({ group }) => group === 'FG11')?.words).toContain('alleen wat de gemeente zelf schreef');
  });

  it.each([
    ['a purpose that does not follow', { ...question, purpose: 'P09' }, 'PURPOSE_NOT_ALLOWED', /"code": "P03"/, 'P04, P05, P06'],
    ['a purpose that has ended', { readerKind: 'IND', purpose: 'P03', view: 'case', endedPurposes: ['P03'] }, 'PURPOSE_ENDED', /"code": "P03"/, 'DOSSIER_DELIVERED'],
  ] as const)('points to the line that refuses %s', (_what, asked, code, line, text) => {
    const { permit, rule, released, ...rest } = explain(policy, asked);
    expect([permit, rest.code, released]).toEqual([false, code, []]);
    const file = readFileSync(`apps/gateway/policy/${rule.file}`, 'utf8').split('\n');
    expect(file.slice(rule.line - 1, rule.line + 1).join('\n')).toMatch(line);
    expect(rule.text).toContain(text);
  }); // prettier-ignore

  it('says of a denial by default which row is missing', () => {
    const asked = { readerKind: 'NGO', purpose: 'P02', view: 'case' } as const;
    expect(explain(policy, asked).rule).toMatchObject({ line: 0, text: 'geen regel P02;NG' });
    expect(explain(policy, { ...asked, readerKind: 'CONSOLE' }).rule.text).toBe('geen rol voor CONSOLE bij P02');
  });

  it('gives the whole row when neither message nor view is asked', () => {
    const { released, withheld } = explain(policy, { readerKind: 'NGO', purpose: 'P09' });
    expect(released.map(({ group, words }) => [group, words])).toEqual([
      ['FG01', 'volledig'],
      ['FG03', 'volledig'],
      ['FG20', 'alleen ja of nee'],
      ['FG26', 'beperkt of gecodeerd, alleen de klasse van de uitstroom: duurzaam, tijdelijk of anders'],
    ]);
    expect(withheld).toEqual([]);
  });

  it('agrees with the decision that the gateway takes, for every reader, message and purpose', () => {
    for (const contract of CONTRACTS) {
      for (const readerKind of PEER_KINDS) {
        for (const purpose of PURPOSES) {
          const rules = propertyRules(contract.id);
          const decision = decideContent(policy, { readerKind, purpose, messagePurpose: 'P03', contract, rules });
          const { permit, released } = explain(policy, {
            readerKind,
            purpose,
            messagePurpose: 'P03',
            contract: contract.id,
          });
          const groups = released.map(({ group }) => group);
          expect([permit, groups]).toEqual([decision.permit, decision.permit ? decision.released : []]);
        }
      }
    }
  });
});
