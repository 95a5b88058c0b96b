import fc from 'fast-check';

/** A JSON Schema as the OpenAPI document holds it; only the keywords that occur there are read. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Values that really exist, by the name of the property or parameter that takes them. */
export type Known = Readonly<Record<string, readonly unknown[]>>;

const MAX_ITEMS = 3;
const DAY_MS = 86_400_000;

/**
 * Values of a schema: most of them valid by it, often with ids that exist, so that a request comes further than the
 * first check. What several keywords ask together (`if`, `allOf`) is left to chance.
 */
export class SchemaValues {
  private readonly made = new Map<Schema, fc.Arbitrary<unknown>>();

  constructor(
    private readonly document: object,
    private readonly known: Known,
  ) {}

  of(schema: Schema, name = ''): fc.Arbitrary<unknown> {
    const known = this.known[name];
    if (known && known.length > 0) return fc.constantFrom(...known);
    const made = this.made.get(schema) ?? this.make(schema);
    this.made.set(schema, made);
    return made;
  }

  private make(schema: Schema): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) return this.of(this.resolve(schema.$ref));
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const choices = schema.oneOf ?? (schema.properties ? undefined : schema.anyOf);
    if (choices) return fc.oneof(...choices.map((one) => this.of(one)));
    const types = [schema.type ?? (schema.properties ? 'object' : 'string')].flat();
    return fc.oneof(...types.map((type) => this.typed(type, schema)));
  }

  private typed(type: string, schema: Schema): fc.Arbitrary<unknown> {
    const { minimum = 0, maximum = 1_000 } = schema;
    switch (type) {
      case 'object':
        return this.object(schema);
      case 'array':
        return fc.array(this.of(schema.items ?? {}), {
          minLength: Math.min(schema.minItems ?? 0, MAX_ITEMS),
          maxLength: Math.min(schema.maxItems ?? MAX_ITEMS, MAX_ITEMS),
        });
      case 'integer':
        return fc.integer({ min: minimum, max: maximum });
      case 'number':
        return fc.double({ min: minimum, max: maximum, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      default:
        return textOf(schema);
    }
  }

  private object({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
    const members = Object.entries(properties).map(([name, one]) => [name, this.of(one, name)] as const);
    const needed = required.filter((name) => name in properties);
    return fc.record(Object.fromEntries(members), { requiredKeys: needed });
  }

  /** `#/components/schemas/Problem` and the like. */
  resolve<Part = Schema>(reference: string): Part {
    const names = reference.slice(2).split('/');
    return names.reduce((at: unknown, name) => (at as Record<string, unknown>)[name], this.document) as Part;
  }
}

function textOf({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  const near = fc.integer({ min: -400, max: 400 }).map((days) => new Date(Date.now() + days * DAY_MS).toISOString());
  if (format === 'date-time' || pattern?.includes('T.+')) return near;
  if (format === 'date') return near.map((instant) => instant.slice(0, 10));
  if (format === 'uri') return fc.webUrl();
  const text = pattern === undefined ? fc.string({ minLength, maxLength }) : fc.stringMatching(new RegExp(pattern));
  return text.map((value) => value.slice(0, Math.max(minLength, maxLength)));
}
