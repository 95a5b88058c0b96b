import type { PropertyRule } from '#contracts/contract.js';
import type { JsonSchema } from './contract-files.js';

type Node = JsonSchema & {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node | boolean>>;
  readonly items?: Node;
};

/** The annotations `x-field-group`, `x-class`, `x-levels`, `x-values` of one schema, as a flat list sorted by pointer. */
export function flattenRules(schema: JsonSchema): readonly PropertyRule[] {
  const rules: PropertyRule[] = [];
  walk(schema, '', rules);
  return rules.sort((a, b) => (a.pointer < b.pointer ? -1 : 1));
}

function walk(node: Node, pointer: string, rules: PropertyRule[]): void {
  if (typeof node['x-field-group'] === 'string') rules.push(ruleOf(node, pointer));
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    if (typeof member !== 'boolean') walk(member, `${pointer}/${name}`, rules);
  }
  if (node.items) walk(node.items, `${pointer}/*`, rules);
}

function ruleOf(node: Node, pointer: string): PropertyRule {
  return {
    pointer,
    group: node['x-field-group'] as PropertyRule['group'],
    class: node['x-class'] as PropertyRule['class'],
    levels: node['x-levels'] ?? {},
    values: (node['x-values'] ?? {}) as PropertyRule['values'],
  };
}
