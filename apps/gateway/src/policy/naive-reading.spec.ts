import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONTRACTS } from '#contracts/catalogue.js';
import type { PropertyRule } from '#contracts/contract.js';
import { PEER_KINDS, PURPOSES, type PeerKind, type PurposeCode } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent } from './decide.js';
import { loadPolicy } from './load-policy.js';
import { project } from './project.js';

/**
 * A second reading of the release table, made in another way: line by line from the file, leaf by leaf over the content,
 * without any of the room's own functions. Decide and project must agree with it on random requests and contents.
 */
const lines = readFileSync('apps/gateway/policy/2026.1/release-table.csv', 'utf8').trim().split('\n');
const ROLE_OF: Partial<Record<PeerKind, string>> = {
  NGO: 'NG',
  IND: 'IN',
  DTV: 'DT',
  AVIM: 'AV',
  COA: 'CO',
  PROGRAMME: 'PB',
};
const SUCCESSORS: Partial<Record<PurposeCode, readonly PurposeCode[]>> = {
  P03: ['P04', 'P05', 'P06'],
  P04: ['P05', 'P06'],
};

function naiveRow(kind: PeerKind, purpose: PurposeCode, messagePurpose: PurposeCode): string[] | null {
  if (purpose !== messagePurpose && !(SUCCESSORS[messagePurpose] ?? []).includes(purpose)) return null;
  const role = kind === 'MUNICIPALITY' ? (purpose === 'P01' ? 'MI' : 'MC') : ROLE_OF[kind];
  const line = lines.find((text) => text.startsWith(`${purpose};${role};`));
  return line === undefined ? null : ['FG00=F', ...(line.split(';')[2] ?? '').split(',')];
}

interface Leaf {
  readonly path: string;
  readonly value: unknown;
}
function leaves(node: unknown, path = ''): Leaf[] {
  if (typeof node !== 'object' || node === null) return [{ path, value: node }];
  return Object.entries(node).flatMap(([name, child]) =>
    leaves(child, `${path}/${Array.isArray(node) ? `#${name}` : name}`),
  );
}
const pattern = (path: string): string => path.replace(/#\d+/g, '*');

/** Level of a group for one property: `F`, `m`, ... or null. M is the one condition that these contracts can meet. */
function levelOf(row: readonly string[], group: string, pointer: string, id: string, sender: PeerKind): string | null {
  const text = row.find((entry) => entry.startsWith(`${group}=`));
  if (text === undefined) return null;
  const [level, condition] = text.slice(5).split('@');
  const planned = sender === 'MUNICIPALITY' && (id === 'M43' || (id === 'M15' && pointer.startsWith('/plan_steps')));
  return condition === undefined || (condition === 'M' && planned) ? (level ?? null) : null;
}

function naiveLeaves(
  content: unknown,
  rules: readonly PropertyRule[],
  row: readonly string[],
  id: string,
  sender: PeerKind,
): Leaf[] {
  const level = (group: string, rule: PropertyRule): string | null => levelOf(row, group, rule.pointer, id, sender);
  const actionOf = (rule: PropertyRule): unknown => {
    const at = level(rule.group, rule);
    return at === 'F' ? 'keep' : at === null ? undefined : rule.levels[at as 'm'];
  };
  const all = leaves(content);
  const gone = all.flatMap(({ path, value }) => {
    const rule = rules.find(({ pointer }) => pointer === pattern(path));
    const special = rule?.values[String(value)];
    const item = /^(.*#\d+)/.exec(path)?.[1];
    return special !== undefined && rule !== undefined && item !== undefined && level(special.group, rule) !== 'F'
      ? [item]
      : [];
  });
  return all.flatMap(({ path, value }) => {
    if (gone.some((item) => path === item || path.startsWith(`${item}/`))) return [];
    const chain = rules.filter(({ pointer }) => pattern(path) === pointer || pattern(path).startsWith(`${pointer}/`));
    const own = chain.find(({ pointer }) => pointer === pattern(path));
    for (const parent of chain.filter((rule) => rule !== own)) {
      const action = actionOf(parent);
      const member =
        pattern(path)
          .slice(parent.pointer.length + 1)
          .replace(/^(\*\/)+/, '')
          .split('/')[0] ?? '';
      const through =
        action === 'keep' ||
        (typeof action === 'object' &&
          action !== null &&
          'members' in action &&
          (action.members as string[]).includes(member));
      if (!through) return [];
    }
    if (own === undefined) return chain.length > 0 ? [{ path, value }] : [];
    const special = own.values[String(value)];
    if (special !== undefined) return level(special.group, own) === 'F' ? [{ path, value }] : [];
    const incomplete = Object.values(own.values).some(({ group }) => level(group, own) !== 'F');
    if (incomplete && !own.pointer.includes('*')) return [];
    const action = actionOf(own);
    if (action === 'keep') return [{ path, value }];
    const codes =
      typeof action === 'object' && action !== null && 'map' in action ? (action.map as Record<string, unknown>) : {};
    return String(value) in codes ? [{ path, value: codes[String(value)] }] : [];
  });
}

/** Random content that follows the shape of the rules: any subset of properties, arrays of up to three items. */
function contentOf(rules: readonly PropertyRule[]): fc.Arbitrary<unknown> {
  const build = (prefix: string): fc.Arbitrary<unknown> => {
    const below = rules.filter(({ pointer }) => pointer.startsWith(`${prefix}/`));
    const names = [...new Set(below.map(({ pointer }) => pointer.slice(prefix.length + 1).split('/')[0] ?? ''))];
    if (names.includes('*')) return fc.array(build(`${prefix}/*`), { maxLength: 3 });
    if (names.length > 0) {
      return fc.record(Object.fromEntries(names.map((name) => [name, build(`${prefix}/${name}`)])), {
        requiredKeys: [],
      });
    }
    const rule = rules.find(({ pointer }) => pointer === prefix);
    const codes = Object.values(rule?.levels ?? {}).flatMap((action) =>
      typeof action === 'object' && 'map' in action ? Object.keys(action.map) : [],
    );
    return fc.constantFrom<unknown>('ordinary', true, 3, ...codes, ...Object.keys(rule?.values ?? {}));
  };
  return build('');
}

/** Arrays close up when an item goes: compare what is left without its position. */
const sorted = (list: readonly Leaf[]): string[] =>
  list.map(({ path, value }) => `${pattern(path)}=${JSON.stringify(value)}`).sort();

describe('decide and project agree with a naive reading of the release table', () => {
  it.each(CONTRACTS)('on $id $name', (contract) => {
    const policy = loadPolicy('apps/gateway/policy/2026.1');
    const rules = propertyRules(contract.id);
    const senders = contract.senders.length > 0 ? contract.senders : (['GATEWAY'] as const);
    const requests = fc.record({
      readerKind: fc.constantFrom(...PEER_KINDS),
      messagePurpose: fc.constantFrom<PurposeCode>(...contract.routes.map((route) => route.purpose), ...PURPOSES),
      purpose: fc.constantFrom(...PURPOSES),
      same: fc.boolean(),
      sender: fc.constantFrom(...senders),
      content: contentOf(rules),
    });
    fc.assert(
      fc.property(requests, ({ readerKind, messagePurpose, purpose: other, same, sender, content }) => {
        const purpose = same ? messagePurpose : other;
        const decision = decideContent(policy, { readerKind, purpose, messagePurpose, contract, rules });
        const row = naiveRow(readerKind, purpose, messagePurpose);
        expect(decision.permit).toBe(row !== null);
        if (!decision.permit || row === null) return;
        const context = { contract: contract.id, sender: { oin: '1', kind: sender }, readerOin: '2' };
        const result = project(content as Record<string, unknown>, rules, decision.releases, context);
        expect(sorted(leaves(result))).toEqual(sorted(naiveLeaves(content, rules, row, contract.id, sender)));
      }),
      { numRuns: 300 },
    );
  });
});
