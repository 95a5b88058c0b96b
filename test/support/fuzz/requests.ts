import fc from 'fast-check';
import { SchemaValues, type Known, type Schema } from './schema-values.js';
import { PLANTED, spoilt, spoiltText } from './spoil.js';

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly servers?: readonly { readonly url: string }[];
}

export interface ApiDocument {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** One request of a fuzz run: whatever it is, the answer must be in the document. */
export interface FuzzRequest {
  readonly operationId: string;
  readonly who: string;
  readonly method: string;
  /** Path and query as they go over the wire. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Text in an address or header that is none of what the document asks for. No slash: that is another address. */
const ODD_TEXT = [
  PLANTED,
  '%zz',
  '%00',
  '%c0%ae',
  '..',
  "'%20or%201",
  '0',
  '-1',
  '1e3',
  'NaN',
  'constructor',
  '%F0%9F%A6%80',
];
const ODD_HEADERS = [
  PLANTED,
  '',
  ' ',
  'P99',
  'P01,P02',
  '00-0-0-0',
  'Z'.repeat(3_000),
  '\u00e9',
  '"',
  '*/*;q=0',
  'text/xml',
];
/** Also headers that no call documents, and that must change nothing or be refused. */
const FOREIGN_HEADERS = [
  'client-cert',
  'x-forwarded-for',
  'forwarded',
  'accept',
  'content-encoding',
  'range',
  'x-http-method-override',
];
const OFTEN = 5;

/** Requests to every operation of the document, valid ones and broken ones, in the name of any of `callers`. */
export function requestsOf(document: ApiDocument, known: Known, callers: readonly string[]) {
  const values = new SchemaValues(document, known);
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      operationId: operation.operationId,
      requests: requestOf(values, document, path, method, operation, callers),
    })),
  );
}

function requestOf(
  values: SchemaValues,
  document: ApiDocument,
  path: string,
  method: string,
  operation: Operation,
  callers: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  const base = new URL((operation.servers ?? document.servers)[0]?.url ?? '').pathname;
  const parameters = (operation.parameters ?? []).map((one) => (one.$ref ? values.resolve<Parameter>(one.$ref) : one));
  const of = (where: Parameter['in'], odd: readonly string[]) =>
    fc.record(
      Object.fromEntries(
        parameters.filter((one) => one.in === where).map((one) => [one.name, valueOf(values, one, odd)]),
      ),
    );
  const foreign = fc.option(fc.tuple(fc.constantFrom(...FOREIGN_HEADERS), fc.constantFrom(...ODD_HEADERS)), {
    freq: OFTEN,
  });
  return fc
    .record({
      who: fc.constantFrom(...callers),
      inPath: of('path', ODD_TEXT),
      query: of('query', ODD_TEXT),
      headers: of('header', ODD_HEADERS),
      more: fc.option(fc.constantFrom('sort=up', 'after=1&after=2', `${PLANTED}=1`, '%zz', '='), { freq: OFTEN }),
      foreign,
      body: bodyOf(values, operation),
    })
    .map(({ who, inPath, query, headers, more, foreign: extra, body }) => {
      const address = path.replace(/\{(\w+)\}/g, (_, name: string) => inPath[name] ?? '');
      const asked = Object.entries(query).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
      const search = [...asked, ...(more === null ? [] : [more])].join('&');
      const given = Object.entries(headers).filter((one): one is [string, string] => one[1] !== null);
      return {
        operationId: operation.operationId,
        who,
        method: method.toUpperCase(),
        target: `${base}${address}${search ? `?${search}` : ''}`,
        headers: { ...Object.fromEntries(given), ...(extra ? { [extra[0]]: extra[1] } : {}), ...body.headers },
        body: body.text,
      };
    });
}

/** Mostly as documented; else absent (not in a path), or odd. */
function valueOf(
  values: SchemaValues,
  { name, schema, in: where }: Parameter,
  odd: readonly string[],
): fc.Arbitrary<string | null> {
  const text = values.of(schema, name).map(String);
  const wellFormed = where === 'header' ? text : text.map(encodeURIComponent);
  return fc.oneof(
    { weight: OFTEN, arbitrary: wellFormed },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
    { weight: where === 'path' ? 0 : 1, arbitrary: fc.constant(null) },
  );
}

function bodyOf(values: SchemaValues, { requestBody }: Operation) {
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type === undefined || !content) return fc.constant({ text: null, headers: {} });
  const whole = values.of(content.schema);
  const text = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
    value.map((one) => (typeof one === 'string' && type === 'text/plain' ? one : (JSON.stringify(one) ?? '')));
  const types = [type, `${type}; charset=utf-8`, 'application/json', 'text/plain', `${type}; charset=utf-16`, PLANTED];
  return fc.record({
    text: fc.oneof(
      { weight: 3, arbitrary: text(whole) },
      { weight: 3, arbitrary: text(spoilt(whole)) },
      { weight: 1, arbitrary: spoiltText(text(whole)) },
    ),
    headers: fc
      .oneof({ weight: 8, arbitrary: fc.constant(type) }, { weight: 1, arbitrary: fc.constantFrom(...types) })
      .map((given) => ({ 'content-type': given })),
  });
}
