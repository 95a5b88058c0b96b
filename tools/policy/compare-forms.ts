import type { LevelAction } from '#contracts/contract.js';

type Forms = ReadonlyMap<string, LevelAction>;

/** Properties that the second of two policies shows in a wider or a narrower form, or that it adds or takes away. */
export interface FormChange {
  readonly more: readonly string[];
  readonly less: readonly string[];
}

/** Compares what two policies let through of one message or view. A form that is neither wider nor narrower is both. */
export function compareForms(before: Forms, after: Forms): FormChange {
  const pointers = [...new Set([...before.keys(), ...after.keys()])].sort();
  return {
    more: pointers.filter((pointer) => shows(after.get(pointer), before.get(pointer))),
    less: pointers.filter((pointer) => shows(before.get(pointer), after.get(pointer))),
  };
}

/** Whether the one form shows something that the other does not. */
function shows(one: LevelAction | undefined, other: LevelAction | undefined): boolean {
  if (one === undefined || one === 'drop' || other === 'keep') return false;
  if (other === undefined || other === 'drop' || one === 'keep') return true;
  if ('members' in one && 'members' in other) return one.members.some((name) => !other.members.includes(name));
  if ('map' in one && 'map' in other) {
    return Object.entries(one.map).some(([value, code]) => other.map[value] !== code);
  }
  return true;
}
