import { readdirSync, readFileSync } from 'node:fs';
import type { Row } from './naive-policy.js';

/* The second reading of the contracts: the annotations as they stand in the schemas, leaf by leaf over a content. */
const DIR = 'libs/contracts/schemas/messages';

interface Annotated {
  readonly pointer: string;
  readonly group: string;
  readonly levels: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, { readonly group: string }>>;
}

export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

export interface Written {
  /** `M08` */
  readonly contract: string;
  readonly senderKind: string;
  readonly data: unknown;
}

const annotations = new Map<string, readonly Annotated[]>();
for (const file of readdirSync(DIR)) {
  const schema = JSON.parse(readFileSync(`${DIR}/${file}`, 'utf8')) as Record<string, unknown>;
  const id = /^M\d\d/.exec(String(schema.description))?.[0];
  if (id === undefined) throw new Error(`${file} does not say which message it is`);
  annotations.set(id, found(schema, ''));
}

function found(node: Record<string, unknown>, pointer: string): Annotated[] {
  const own = node['x-field-group'];
  const rule = { pointer, group: String(own), levels: node['x-levels'] ?? {}, values: node['x-values'] ?? {} };
  const members = Object.entries((node.properties ?? {}) as Record<string, Record<string, unknown>>);
  return [
    ...(own === undefined ? [] : [rule as Annotated]),
    ...members.flatMap(([name, member]) => found(member, `${pointer}/${name}`)),
    ...(node.items ? found(node.items as Record<string, unknown>, `${pointer}/*`) : []),
  ];
}

/** What of a content this row lets through, as leaves in the order of their places. */
export function naiveLeaves({ contract, senderKind, data }: Written, row: Row): readonly string[] {
  const rules = annotations.get(contract) ?? [];
  const level = (group: string, at: Annotated): string | undefined => {
    const [name, condition] = (row.get(group) ?? '').split('@');
    const planned = contract === 'M43' || (contract === 'M15' && at.pointer.startsWith('/plan_steps'));
    const holds = condition === undefined || (condition === 'M' && senderKind === 'MUNICIPALITY' && planned);
    return name === '' || !holds ? undefined : name;
  };
  const all = leavesOf(data);
  const gone = all.flatMap(({ path, value }) => {
    const rule = rules.find(({ pointer }) => pointer === patternOf(path));
    const special = rule?.values[String(value)];
    const item = /^.*#\d+/.exec(path)?.[0];
    return rule && special && item && level(special.group, rule) !== 'F' ? [item] : [];
  });
  const left = all.filter(({ path }) => !gone.some((item) => path === item || path.startsWith(`${item}/`)));
  return left.flatMap((leaf) => shown(leaf, rules, level)).sort();
}

type LevelOf = (group: string, at: Annotated) => string | undefined;

function shown({ path, value }: Leaf, rules: readonly Annotated[], level: LevelOf): string[] {
  const place = patternOf(path);
  const action = (rule: Annotated): unknown => {
    const at = level(rule.group, rule);
    return at === 'F' ? 'keep' : at === undefined ? 'drop' : (rule.levels[at] ?? 'drop');
  };
  const parents = rules.filter(({ pointer }) => place.startsWith(`${pointer}/`));
  for (const parent of parents) {
    const done = action(parent) as 'keep' | 'drop' | { members?: string[] };
    const member = place.slice(parent.pointer.length + 1).replace(/^(\*\/)+/, '').split('/')[0] ?? ''; // prettier-ignore
    if (done !== 'keep' && !(typeof done === 'object' && done.members?.includes(member))) return [];
  }
  const own = rules.find(({ pointer }) => pointer === place);
  if (own === undefined) return parents.length > 0 ? [text(place, value)] : [];
  const special = own.values[String(value)];
  if (special) return level(special.group, own) === 'F' ? [text(place, value)] : [];
  const tells = Object.values(own.values).some(({ group }) => level(group, own) !== 'F');
  if (tells && !place.includes('*')) return [];
  const done = action(own) as 'keep' | 'drop' | { map?: Record<string, unknown> };
  if (done === 'keep') return [text(place, value)];
  const coded = typeof done === 'object' ? done.map?.[String(value)] : undefined;
  return coded === undefined ? [] : [text(place, coded)];
}

export const sortedLeaves = (data: unknown): readonly string[] =>
  leavesOf(data)
    .map(({ path, value }) => text(patternOf(path), value))
    .sort();

const text = (place: string, value: unknown): string => `${place}=${JSON.stringify(value)}`;
const patternOf = (path: string): string => path.replace(/#\d+/g, '*');

function leavesOf(node: unknown, path = ''): Leaf[] {
  if (typeof node !== 'object' || node === null) return [{ path, value: node }];
  return Object.entries(node).flatMap(([name, child]) =>
    leavesOf(child, `${path}/${Array.isArray(node) ? `#${name}` : name}`),
  );
}
