import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CONTRACTS } from '#contracts/catalogue.js';
import type { PropertyRule } from '#contracts/contract.js';
import { PEER_KINDS, PURPOSES, ROLES } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent } from './decide.js';
import { loadPolicy } from './load-policy.js';
import { project } from './project.js';
import { roleOf } from './role.js';

/**
 * Negative tests, generated from the tables as they are written: for every contract, every role and every purpose, no
 * property of a field group that the matrix (3.3) marks "-" or the release table (3.4) leaves out comes through.
 */
const policy = loadPolicy('apps/gateway/policy/2026.1');
const READER = '00000099000000000101';

function csv(file: string): string[][] {
  return readFileSync(`apps/gateway/policy/2026.1/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(';'));
}
const [header, ...matrixRows] = csv('matrix.csv');
const dashes = new Set(
  matrixRows.flatMap(([group, ...cells]) =>
    cells.flatMap((cell, at) => (cell === '-' ? [`${group};${header?.[at + 1]}`] : [])),
  ),
);
const listed = new Map(
  csv('release-table.csv')
    .slice(1)
    .map(([purpose, role, list]) => [`${purpose};${role}`, list ?? '']),
);

/** A document in which only this property stands, with this value, inside as many one-item arrays as its pointer has. */
function documentOf(pointer: string, value: unknown): Record<string, unknown> {
  const wrap = (segments: readonly string[]): unknown => {
    const [head, ...rest] = segments;
    if (head === undefined) return value;
    return head === '*' ? [wrap(rest)] : { [head]: wrap(rest) };
  };
  return wrap(pointer.split('/').slice(1)) as Record<string, unknown>;
}

/** Values to try on a property: an ordinary one, all that a level codes, and an object with the members of a level. */
function samples(rule: PropertyRule): unknown[] {
  const actions = Object.values(rule.levels).flatMap((action) => (typeof action === 'object' ? [action] : []));
  const coded = actions.flatMap((action) => ('map' in action ? Object.keys(action.map) : []));
  const members = actions.flatMap((action) => ('members' in action ? action.members : []));
  const object = Object.fromEntries([...members, 'other'].map((name) => [name, 'x']));
  return ['ordinary', ...coded.filter((text) => !(text in rule.values)), true, object, [object], ['ordinary']];
}

describe.each(CONTRACTS)('$id $name', (contract) => {
  const rules = propertyRules(contract.id);
  const probes = rules.flatMap((rule) => [
    ...samples(rule).map((value) => ({ group: rule.group, content: documentOf(rule.pointer, value) })),
    ...Object.entries(rule.values).map(([value, { group }]) => ({ group, content: documentOf(rule.pointer, value) })),
  ]);
  const senders = contract.senders.length > 0 ? contract.senders : (['GATEWAY'] as const);

  it.each(ROLES)('shows %s no property of a group that the tables deny', (role) => {
    const leaks: string[] = [];
    for (const purpose of PURPOSES) {
      const row = listed.get(`${purpose};${role}`) ?? '';
      const releases = policy.releases[`${purpose};${role}`] ?? [];
      for (const { group, content } of probes) {
        if (!dashes.has(`${group};${role}`) && row.includes(group)) continue;
        for (const kind of senders) {
          const context = { contract: contract.id, sender: { oin: READER, kind }, readerOin: READER };
          if (Object.keys(project(content, rules, releases, context)).length > 0) leaks.push(`${purpose} ${group}`);
        }
      }
    }
    expect(leaks).toEqual([]);
  });

  it('is refused to every kind of peer whose role has no row for the purpose', () => {
    for (const readerKind of PEER_KINDS) {
      for (const purpose of PURPOSES) {
        const role = roleOf(policy, readerKind, purpose);
        const expected = role !== null && listed.has(`${purpose};${role}`);
        const decision = decideContent(policy, { readerKind, purpose, messagePurpose: purpose, contract, rules });
        expect([readerKind, purpose, decision.permit]).toEqual([readerKind, purpose, expected]);
        if (!decision.permit) continue;
        const denied = decision.released.filter((group) => group !== 'FG00' && dashes.has(`${group};${role}`));
        expect(denied).toEqual([]);
        expect([...decision.released, ...decision.withheld].sort()).toEqual([...new Set(groupsOf(rules))].sort());
      }
    }
  });
});

function groupsOf(rules: readonly PropertyRule[]): string[] {
  return rules.flatMap((rule) => [rule.group, ...Object.values(rule.values).map(({ group }) => group)]);
}
