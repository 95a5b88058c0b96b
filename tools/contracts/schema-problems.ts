import { LEVELS } from '#contracts/domain.js';
import type { JsonSchema } from './contract-files.js';

type Node = JsonSchema & {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Node | boolean>>;
  readonly items?: Node;
};

/** Formats whose texts are short by themselves. */
const BOUNDED_FORMATS: readonly unknown[] = ['date'];
/** `*`, `+` or `{n,}` outside a character class: a text of any length. */
const UNBOUNDED = /(?<!\\)[*+]|\{[0-9]+,\}/;
const CHARACTER_CLASS = /\[(?:\\.|[^\]\\])*\]/g;
const GROUP = /^FG[0-9]{2}$/;
const CLASSES: readonly unknown[] = ['O', 'S', 'SC', 'CR', 'PD', 'BIO'];

/**
 * What a payload schema leaves open that it must not: every object closed, every text and list bounded, no comparison of
 * every item with every other, each property with a field group and class, annotations that name what exists. Each
 * problem as `pointer: cause. Next step.`
 */
export function schemaProblems(schema: JsonSchema): readonly string[] {
  return nodeProblems(schema, '');
}

/** The envelope has no annotations; its attributes are bounded and named as the profile asks (standards 1.5). */
export function envelopeProblems(schema: JsonSchema): readonly string[] {
  const { properties = {} } = schema as Node;
  const closed = schema.additionalProperties === false ? [] : [': is open. Set additionalProperties to false.'];
  const named = Object.keys(properties)
    .filter((name) => !/^[a-z0-9]{1,20}$/.test(name))
    .map((name) => `/${name}: is no name of an attribute. Use a-z and 0-9, at most 20.`);
  const bounded = Object.entries(properties).flatMap(([name, member]) =>
    name === 'data' || typeof member === 'boolean' ? [] : shapeProblems(member, `/${name}`),
  );
  return [...closed, ...named, ...bounded];
}

function nodeProblems(node: Node, pointer: string): readonly string[] {
  const members = Object.entries(node.properties ?? {}).flatMap(([name, member]) => {
    const at = `${pointer}/${name}`;
    if (typeof member === 'boolean') return [`${at}: has no schema. Say what it may hold.`];
    return [...annotationProblems(member, at), ...nodeProblems(member, at)];
  });
  const items = node.items ? nodeProblems(node.items, `${pointer}/*`) : [];
  return [...shapeProblems(node, pointer), ...members, ...items];
}

function shapeProblems(node: Node, pointer: string): readonly string[] {
  switch (node.type) {
    case 'object':
      return node.additionalProperties === false ? [] : [`${pointer}: is open. Set additionalProperties to false.`];
    case 'array':
      return arrayProblems(node, pointer);
    case 'string':
      return isBounded(node) ? [] : [`${pointer}: takes a text of any length. Add maxLength, or a pattern that ends.`];
    case 'integer':
    case 'number':
      return node.minimum !== undefined && node.maximum !== undefined
        ? []
        : [`${pointer}: takes any number. Add minimum and maximum.`];
    case 'boolean':
      return [];
    case undefined:
    default:
      return node.enum || node.const !== undefined ? [] : [`${pointer}: has no type. Name one, or list the values.`];
  }
}

function arrayProblems(node: Node, pointer: string): readonly string[] {
  const problems = [];
  if (!node.items) problems.push(`${pointer}: takes items of any kind. Add items.`);
  if (node.maxItems === undefined) problems.push(`${pointer}: takes any number of items. Add maxItems.`);
  // With a scalar type the validator looks items up; without one it compares each with each, beyond maxItems too.
  if (node.uniqueItems === true && node.items?.type !== 'string' && node.items?.type !== 'integer') {
    problems.push(`${pointer}: compares every item with every other. Give items a scalar type, or drop uniqueItems.`);
  }
  return problems;
}

function isBounded(node: Node): boolean {
  if (node.enum || node.const !== undefined || node.maxLength !== undefined) return true;
  if (BOUNDED_FORMATS.includes(node.format)) return true;
  const pattern = node.pattern?.replace(CHARACTER_CLASS, 'x') ?? '';
  return pattern.startsWith('^') && pattern.endsWith('$') && !UNBOUNDED.test(pattern);
}

function annotationProblems(node: Node, pointer: string): readonly string[] {
  const problems: string[] = [];
  if (!isGroup(node['x-field-group']) || !CLASSES.includes(node['x-class'])) {
    problems.push(
      `${pointer}: has no field group or class. Add x-field-group and x-class, or nobody will ever receive it.`,
    );
  }
  const values = (node['x-values'] ?? {}) as Readonly<Record<string, { group?: unknown; class?: unknown }>>;
  for (const [value, annotation] of Object.entries(values)) {
    if (!node.enum?.includes(value)) problems.push(`${pointer}: x-values names a value that the list does not hold.`);
    if (!isGroup(annotation.group) || !CLASSES.includes(annotation.class)) {
      problems.push(`${pointer}: a value has no group or class. Complete its x-values.`);
    }
  }
  for (const [level, action] of Object.entries((node['x-levels'] ?? {}) as Readonly<Record<string, unknown>>)) {
    if (!LEVELS.includes(level as (typeof LEVELS)[number])) problems.push(`${pointer}: ${level} is no level.`);
    problems.push(...actionProblems(node, action, pointer));
  }
  return problems;
}

function actionProblems(node: Node, action: unknown, pointer: string): readonly string[] {
  if (action === 'keep' || action === 'drop') return [];
  const { members, map } = (action ?? {}) as { members?: readonly string[]; map?: Readonly<Record<string, unknown>> };
  if (Array.isArray(members)) {
    const known = Object.keys(node.properties ?? node.items?.properties ?? {});
    return (members as readonly string[])
      .filter((name) => !known.includes(name))
      .map((name) => `${pointer}: a level keeps ${name}, which is no member of it.`);
  }
  if (!map) return [`${pointer}: a level says neither keep, drop, map nor members.`];
  return Object.keys(map)
    .filter((value) => node.type !== 'boolean' && !node.enum?.includes(value))
    .map((value) => `${pointer}: a level maps ${value}, which the list does not hold.`);
}

function isGroup(value: unknown): boolean {
  return typeof value === 'string' && GROUP.test(value);
}
