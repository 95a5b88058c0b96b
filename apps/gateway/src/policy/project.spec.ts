import { describe, expect, it } from '@jest/globals';
import type { PropertyRule } from '#contracts/contract.js';
import type { FieldGroup } from '#contracts/domain.js';
import type { Release } from './decision.js';
import { project } from './project.js';

const context = {
  contract: 'M08',
  sender: { oin: '00000099000000000301', kind: 'IND' },
  readerOin: '00000099000000000101',
} as const;

function rule(pointer: string, group: FieldGroup, more: Partial<PropertyRule> = {}): PropertyRule {
  return { pointer, group, class: 'S', levels: {}, values: {}, ...more };
}
function full(...groups: FieldGroup[]): Release[] {
  return groups.map((group) => ({ group, level: 'F' }));
}
const ART64 = { ART64: { group: 'FG20', class: 'SC' } } as const;

describe('project: default deny', () => {
  it('leaves out a property without a rule, a group without a release, and a level without an action', () => {
    const rules = [rule('/v_number', 'FG02'), rule('/origin', 'FG04'), rule('/case', 'FG01')];
    const data = { v_number: '0000000001', origin: 'STREET', case: 'x', extra: 'y', nested: { deep: 1 } };
    expect(project(data, rules, [...full('FG02'), { group: 'FG01', level: 'm' }], context)).toEqual({
      v_number: '0000000001',
    });
  });

  it('does not take a member called * for an array item, nor a name with a slash for a path', () => {
    const rules = [rule('/list/*/a', 'FG01'), rule('/x/y', 'FG01')];
    expect(project({ list: { '*': { a: 1 } }, 'x/y': 2 }, rules, full('FG01'), context)).toEqual({});
  });

  it('keeps __proto__ a plain member without a rule, and so leaves it out', () => {
    const data = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}') as Record<string, unknown>;
    const result = project(data, [rule('/a', 'FG01')], full('FG01'), context);
    expect(Object.keys(result)).toEqual(['a']);
    expect('polluted' in result).toBe(false);
  });

  it('refuses two rules for one property', () => {
    expect(() => project({}, [rule('/a', 'FG01'), rule('/a', 'FG02')], [], context)).toThrow('two rules');
  });

  it('returns a copy: neither the input nor its parts can be reached through the result', () => {
    const data = Object.freeze({ list: Object.freeze([Object.freeze({ a: 1 })]) });
    const result = project(data, [rule('/list', 'FG01')], full('FG01'), context);
    expect(result).toEqual(data);
    expect(result['list']).not.toBe(data.list);
  });
});

describe('project: levels', () => {
  const coded = rule('/prospect', 'FG12', {
    levels: { m: { map: { NONE: 'DEPARTURE', REGULAR: 'STAY', true: false } } },
  });

  it('replaces a listed value by its code and drops an unlisted one', () => {
    const m = [{ group: 'FG12', level: 'm' }] as const;
    expect(project({ prospect: 'NONE' }, [coded], m, context)).toEqual({ prospect: 'DEPARTURE' });
    expect(project({ prospect: true }, [coded], m, context)).toEqual({ prospect: false });
    expect(project({ prospect: 'OTHER' }, [coded], m, context)).toEqual({});
    expect(project({ prospect: 'constructor' }, [coded], m, context)).toEqual({});
  });

  it('keeps only the named members of an object and of each object in an array', () => {
    const rules = [
      rule('/ban', 'FG09', { levels: { m: { members: ['exists'] } } }),
      rule('/steps', 'FG14', { levels: { m: { members: ['code'] } } }),
    ];
    const data = { ban: { exists: true, years: 10 }, steps: [{ code: 'A', country: '6030' }, { country: '6031' }] };
    const releases = [
      { group: 'FG09', level: 'm' },
      { group: 'FG14', level: 'm' },
    ] as const;
    expect(project(data, rules, releases, context)).toEqual({ ban: { exists: true }, steps: [{ code: 'A' }] });
  });

  it('lets a dropped parent take a released member along', () => {
    const rules = [rule('/ban', 'FG09'), rule('/ban/on', 'FG01')];
    expect(project({ ban: { on: '2020-01-01' } }, rules, full('FG01'), context)).toEqual({});
  });

  it('drops a parent that ends up empty', () => {
    const rules = [rule('/a/b/c', 'FG01'), rule('/d', 'FG02')];
    expect(project({ a: { b: { c: 1 } }, d: 2 }, rules, full('FG02'), context)).toEqual({ d: 2 });
  });

  it('codes each element of a list of codes whose rule stands on the list', () => {
    const grounds = rule('/grounds', 'FG22', { levels: { m: { map: { LATE: 'NO_SHOW' } } } });
    expect(project({ grounds: ['LATE', 'OTHER'] }, [grounds], [{ group: 'FG22', level: 'm' }], context)).toEqual({
      grounds: ['NO_SHOW'],
    });
  });
});

describe('project: values that say more than their property', () => {
  const status = rule('/residence_status', 'FG11', { values: ART64 });
  const procedures = [
    rule('/procedures/*/type', 'FG11', { values: ART64 }),
    rule('/procedures/*/lodged_on', 'FG11', { levels: { m: 'keep' } }),
  ];
  const two = {
    procedures: [
      { type: 'ART64', lodged_on: '2020-01-01' },
      { type: 'REGULAR', lodged_on: '2020-02-01' },
    ],
  };

  it('releases everything to a reader who has both groups', () => {
    expect(
      project({ residence_status: 'ART64', ...two }, [status, ...procedures], full('FG11', 'FG20'), context),
    ).toEqual({ residence_status: 'ART64', ...two });
  });

  it('withholds the property for every value when one of them is withheld, so that absence says nothing', () => {
    const seen = ['ART64', 'NONE'].map((value) =>
      project({ residence_status: value }, [status], full('FG11'), context),
    );
    expect(seen).toEqual([{}, {}]);
  });

  it('takes the whole array item away, not only its type', () => {
    expect(project(two, procedures, full('FG11'), context)).toEqual({ procedures: [two.procedures[1]] });
    const withheldAlone = { procedures: [two.procedures[0]] };
    expect(project(withheldAlone, procedures, full('FG11'), context)).toEqual({});
  });

  it('takes the item away even where the level would not show its type', () => {
    const m = [{ group: 'FG11', level: 'm' }] as const;
    expect(project(two, procedures, m, context)).toEqual({ procedures: [{ lodged_on: '2020-02-01' }] });
    const parent = rule('/procedures', 'FG11', { levels: { m: { members: ['lodged_on'] } } });
    expect(project(two, [parent, ...procedures], m, context)).toEqual({ procedures: [{ lodged_on: '2020-02-01' }] });
  });

  it('takes only the innermost item away', () => {
    const rules = [rule('/a/*/b/*/type', 'FG11', { values: ART64 }), rule('/a/*/on', 'FG01')];
    const data = { a: [{ on: 1, b: [{ type: 'ART64' }, { type: 'NONE' }] }] };
    expect(project(data, rules, full('FG01', 'FG11'), context)).toEqual({ a: [{ on: 1, b: [{ type: 'NONE' }] }] });
  });

  it('shows a value to the reader of its own group who has no other (COA and art. 64)', () => {
    expect(project({ residence_status: 'ART64' }, [status], full('FG20'), context)).toEqual({
      residence_status: 'ART64',
    });
    expect(project({ residence_status: 'NONE' }, [status], full('FG20'), context)).toEqual({});
  });

  it('tells "none" from "none that you may see" only to a reader who sees everything', () => {
    expect(project({ procedures: [] }, procedures, full('FG11', 'FG20'), context)).toEqual({ procedures: [] });
    expect(project({ procedures: [] }, procedures, full('FG11'), context)).toEqual({});
    expect(project({ procedures: [] }, procedures, full('FG20'), context)).toEqual({});
  });
});

describe('project: conditions', () => {
  const reason = rule('/reason', 'FG26', { levels: { m: { map: { MOB: 'OTHER', RETURN: 'DURABLE', ODD: 'MOB' } } } });
  const exit = {
    contract: 'M24',
    sender: { oin: '00000099000000000101', kind: 'MUNICIPALITY' },
    readerOin: '00000099000000000201',
  } as const;

  it('15 shows an NGO the class and nothing that is not one', () => {
    const rules = [reason, rule('/country', 'FG26', { levels: { m: 'keep' } })];
    const m15 = [{ group: 'FG26', level: 'm', condition: '15' }] as const;
    expect(project({ reason: 'MOB', country: '6030' }, rules, m15, exit)).toEqual({ reason: 'OTHER' });
    expect(project({ reason: 'ODD' }, rules, m15, exit)).toEqual({});
    expect(project({ why: { reason: 'OTHER' } }, [rule('/why', 'FG26', { levels: { m: 'keep' } })], m15, exit)).toEqual(
      {},
    );
  });

  it('16a shows AVIM an exit with unknown destination, not a forced end', () => {
    const kept = rule('/reason', 'FG26', { levels: { m: 'keep' } });
    const m16a = [{ group: 'FG26', level: 'm', condition: '16a' }] as const;
    expect(project({ reason: 'MOB' }, [kept], m16a, exit)).toEqual({ reason: 'MOB' });
    expect(project({ reason: 'FORCED_END' }, [kept], m16a, exit)).toEqual({});
  });

  it('M keeps from an NGO what IND wrote and shows what the municipality wrote', () => {
    const steps = rule('/plan_steps', 'FG14', { levels: { m: 'keep' } });
    const mM = [{ group: 'FG14', level: 'm', condition: 'M' }] as const;
    expect(project({ plan_steps: ['A'] }, [steps], mM, { ...exit, contract: 'M15' })).toEqual({ plan_steps: ['A'] });
    expect(project({ plan_steps: ['A'] }, [steps], mM, context)).toEqual({});
  });
});
