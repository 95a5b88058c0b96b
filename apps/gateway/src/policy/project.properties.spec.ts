import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LevelAction, PropertyRule } from '#contracts/contract.js';
import type { FieldGroup, Level } from '#contracts/domain.js';
import type { Release } from './decision.js';
import { project } from './project.js';

type Json = Record<string, unknown>;

const GROUPS = ['FG01', 'FG02', 'FG11', 'FG18', 'FG20'] as const satisfies readonly FieldGroup[];
const VALUES = ['ART64', 'CARE_FIRST', 'NONE', 'PENDING'] as const;
/** A code of a level; never a value that content holds, so that a code cannot be mistaken for one. */
const CODES = ['CODE-A', 'CODE-B'] as const;
const context = {
  contract: 'M15',
  sender: { oin: '00000099000000000101', kind: 'MUNICIPALITY' },
  readerOin: '00000099000000000201',
} as const;

const scalar = fc.constantFrom<unknown>(...VALUES, true, 7, null);
const item = fc.dictionary(fc.constantFrom('a', 'b', 'c'), scalar, { maxKeys: 3 });
const data: fc.Arbitrary<Json> = fc.dictionary(
  fc.constantFrom('a', 'b', 'plan_steps', 'list', 'object'),
  fc.oneof(scalar, item, fc.array(scalar, { maxLength: 3 }), fc.array(item, { maxLength: 3 })),
);
const POINTERS = [
  '/a', '/b', '/plan_steps', '/plan_steps/*', '/list', '/list/*', '/list/*/a', '/list/*/b', '/list/*/c',
  '/object', '/object/a', '/object/b',
] as const; // prettier-ignore

const group = fc.constantFrom(...GROUPS);
const members = fc.subarray(['a', 'b', 'c']).map((names) => ({ members: names }));
const code = fc.dictionary(fc.constantFrom(...VALUES), fc.constantFrom(...CODES)).map((map) => ({ map }));
/** `b` never says more than `m`: the contract's own duty, checked by the generated release table. */
const levels: fc.Arbitrary<Partial<Record<Level, LevelAction>>> = fc.oneof(
  fc.constant({}),
  fc.constant({ m: 'keep' as const }),
  fc.constant({ m: 'keep' as const, b: 'keep' as const }),
  members.map((m) => ({ m })),
  code.map((m) => ({ m })),
  code.map((map) => ({ m: map, b: map })),
);
const values = fc.dictionary(
  fc.constantFrom('ART64', 'CARE_FIRST'),
  group.map((name) => ({ group: name, class: 'SC' as const })),
);
const rules: fc.Arbitrary<PropertyRule[]> = fc
  .subarray([...POINTERS])
  .chain((pointers) =>
    fc.tuple(
      ...pointers.map((pointer) =>
        fc.record({ pointer: fc.constant<string>(pointer), group, class: fc.constant('S' as const), levels, values }),
      ),
    ),
  );
const release = (name: FieldGroup): fc.Arbitrary<Release[]> =>
  fc
    .tuple(
      fc.constantFrom<Level | null>('F', 'm', 'b', 't', null),
      fc.constantFrom<Release['condition'][]>(undefined, undefined, 'M', '15', '17'),
    )
    .map(([level, condition]) =>
      level === null ? [] : [condition === undefined ? { group: name, level } : { group: name, level, condition }],
    );
const releases = fc.tuple(...GROUPS.map(release)).map((rows) => rows.flat());

/** Every scalar of a document with its pointer, items by `*`, as many times as it stands there. */
function leaves(node: unknown, pointer = ''): string[] {
  if (Array.isArray(node)) return node.flatMap((child) => leaves(child, `${pointer}/*`));
  if (typeof node !== 'object' || node === null) return [`${pointer}=${JSON.stringify(node)}`];
  return Object.entries(node).flatMap(([name, child]) => leaves(child, `${pointer}/${name}`));
}

/** Leaves of `less` that are not, one for one, among those of `more`. */
function excess(less: readonly string[], more: readonly string[]): string[] {
  const left = [...more];
  return less.filter((leaf) => {
    const index = left.indexOf(leaf);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
const pointersOf = (list: readonly string[]): string[] => list.map((leaf) => leaf.slice(0, leaf.indexOf('=')));
const isCode = (leaf: string): boolean => CODES.some((name) => leaf.endsWith(`="${name}"`));

/** What makes a policy stricter, one step at a time. */
function stricter(rows: readonly Release[], at: number): Release[] {
  const row = rows[at % Math.max(rows.length, 1)];
  if (row === undefined) return [];
  const others = rows.filter((candidate) => candidate !== row);
  if (row.level === 'F') return [...others, { ...row, level: 'm' }];
  if (row.level === 'm') return [...others, { ...row, level: 'b' }];
  return others;
}

describe('project, for any content, rules and releases', () => {
  it('never adds a property, and never a value that is not a code of a rule', () => {
    fc.assert(
      fc.property(data, rules, releases, (content, list, rows) => {
        const before = leaves(content);
        const after = leaves(project(content, list, rows, context));
        expect(excess(pointersOf(after), pointersOf(before))).toEqual([]);
        expect(
          excess(
            after.filter((leaf) => !isCode(leaf)),
            before,
          ),
        ).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never releases more under a stricter policy', () => {
    fc.assert(
      fc.property(data, rules, releases, fc.nat(), (content, list, rows, at) => {
        const wide = leaves(project(content, list, rows, context));
        const narrow = leaves(project(content, list, stricter(rows, at), context));
        expect(excess(pointersOf(narrow), pointersOf(wide))).toEqual([]);
        expect(
          excess(
            narrow.filter((leaf) => !isCode(leaf)),
            wide,
          ),
        ).toEqual([]);
      }),
      { numRuns: 4_000 },
    );
  });

  it('does not depend on the order of rules, of releases or of members', () => {
    fc.assert(
      fc.property(data, rules, releases, (content, list, rows) => {
        const turned = Object.fromEntries(Object.entries(content).reverse());
        const result = project(turned, [...list].reverse(), [...rows].reverse(), context);
        expect(result).toEqual(project(content, list, rows, context));
      }),
    );
  });

  it('leaves its input as it was', () => {
    fc.assert(
      fc.property(data, rules, releases, (content, list, rows) => {
        const before = structuredClone([content, list, rows]);
        project(content, list, rows, context);
        expect([content, list, rows]).toEqual(before);
      }),
    );
  });

  it('gives nothing without a release', () => {
    fc.assert(fc.property(data, rules, (content, list) => expect(project(content, list, [], context)).toEqual({})));
  });

  it('leaves no trace of a withheld value: the answer is the same as if the item or property had not been there', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 4 }), fc.constantFrom('NONE', 'PENDING'), (list, other) => {
        const values = { ART64: { group: 'FG20', class: 'SC' } } as const;
        const base = { class: 'S', levels: {}, values: {} } as const;
        const all: PropertyRule[] = [
          { ...base, pointer: '/a', group: 'FG11', values },
          ...['a', 'b', 'c'].map((name) => ({ ...base, pointer: `/list/*/${name}`, group: 'FG11' as const, values })),
        ];
        const rows: Release[] = [{ group: 'FG11', level: 'F' }];
        const shown = project({ a: 'ART64', list }, all, rows, context);
        const clean = list.filter((entry) => !Object.values(entry).includes('ART64'));
        expect(shown).toEqual(project({ a: other, list: clean }, all, rows, context));
        expect(JSON.stringify(shown)).not.toContain('ART64');
      }),
    );
  });
});
