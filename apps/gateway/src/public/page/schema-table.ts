import { UUID_PATTERN } from '../../http/api-schemas.js';
import { html, type Markup } from './markup.js';

/** The keywords of JSON Schema that a reader of the page is shown. */
export interface ShownSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, ShownSchema>>;
  readonly items?: ShownSchema;
  readonly allOf?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
  readonly if?: unknown;
  readonly 'x-field-group'?: string;
  readonly 'x-class'?: string;
}

interface Row {
  readonly path: string;
  readonly required: boolean;
  readonly schema: ShownSchema;
}

/** One line a property, nested ones with their path: `recipients[].state`. */
export function schemaTable(schema: ShownSchema): Markup {
  const rows = rowsOf(schema, '');
  const grouped = rows.some((row) => row.schema['x-field-group']);
  return html`<div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Veld</th>
            <th scope="col">Verplicht</th>
            <th scope="col">Waarde</th>
            ${grouped ? html`<th scope="col">Veldgroep, klasse</th>` : null}
            <th scope="col">Uitleg</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => tableRow(row, grouped))}
        </tbody>
      </table>
    </div>
    ${hasConditions(schema) ? html`<p>Het schema kent ook voorwaarden tussen velden; zie het schema zelf.</p>` : null}`;
}

function tableRow({ path, required, schema }: Row, grouped: boolean): Markup {
  const groups = [schema['x-field-group'], schema['x-class']].filter((one) => one !== undefined).join(', ');
  return html`<tr>
    <td><code>${path}</code></td>
    <td>${required ? 'ja' : 'nee'}</td>
    <td>${valueText(schema)}</td>
    ${grouped ? html`<td>${groups}</td>` : null}
    <td>${schema.description}</td>
  </tr>`;
}

function rowsOf(schema: ShownSchema, prefix: string): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const row = { path, required: schema.required?.includes(name) ?? false, schema: property };
    const nested = property.items ? rowsOf(property.items, `${path}[].`) : rowsOf(property, `${path}.`);
    return [row, ...nested];
  });
}

function hasConditions(schema: ShownSchema): boolean {
  return [schema.allOf, schema.anyOf, schema.oneOf, schema.if].some((keyword) => keyword !== undefined);
}

/** What a value may be, in a few words. */
export function valueText(schema: ShownSchema): Markup {
  const { items, enum: values, pattern, format, minimum, maximum, maxLength, maxItems } = schema;
  if (schema.$ref) return html`${schema.$ref.split('/').at(-1)}`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (values) return html`${values.map((value, index) => html`${index > 0 ? ', ' : ''}<code>${String(value)}</code>`)}`;
  if (items) return html`lijst${maxItems === undefined ? '' : ` (hoogstens ${maxItems})`} van ${valueText(items)}`;
  const limits = [
    format === undefined ? '' : `, ${FORMAT_NAMES[format] ?? format}`,
    minimum === undefined ? '' : `, vanaf ${minimum}`,
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : `, tot en met ${maximum}`,
    maxLength === undefined ? '' : `, hoogstens ${maxLength} tekens`,
    schema.default === undefined ? '' : `, standaard ${JSON.stringify(schema.default)}`,
  ].join('');
  const form = pattern === UUID_PATTERN ? html`, UUID` : pattern === undefined ? null : html` <code>${pattern}</code>`;
  return html`${typeText(schema.type)}${limits}${form}`;
}

const FORMAT_NAMES: Readonly<Record<string, string>> = {
  date: 'datum',
  'date-time': 'tijdstip',
  'partial-date': 'datum, soms alleen jaar of maand',
};

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'tekst',
  integer: 'geheel getal',
  number: 'getal',
  boolean: 'true of false',
  object: 'object',
  array: 'lijst',
  null: 'null',
};

function typeText(type: ShownSchema['type']): string {
  return [type ?? 'object']
    .flat()
    .map((one) => TYPE_NAMES[one] ?? one)
    .join(' of ');
}
