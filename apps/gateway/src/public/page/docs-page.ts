import { createHash } from 'node:crypto';
import { CONTRACTS } from '#contracts/catalogue.js';
import { ERRORS, type ErrorCode } from '../../errors.js';
import { API_ROUTES } from '../../http/api-routes.js';
import type { AsyncApiDocument } from '../asyncapi.js';
import type { OpenApiDocument } from '../openapi.js';
import { TAGS, type RequestBody } from '../operation.js';
import { OPERATIONS } from '../operations.js';
import { POSTED } from '../submission-schemas.js';
import { callSection, examples } from './calls.js';
import { contractLinks, contractSections } from './contracts.js';
import { html, Markup, richText } from './markup.js';
import { schemaTable, type ShownSchema } from './schema-table.js';
import { STYLES } from './styles.js';

/** Not in the template: the hash holds for every byte between the tags. */
const STYLE_ELEMENT = new Markup(`<style>${STYLES}</style>`);

export interface DocsPage {
  readonly html: string;
  /** `Content-Security-Policy` that lets this page's own style through and nothing else. */
  readonly contentSecurityPolicy: string;
}

/** The documentation as a person reads it: one page, without scripts, made from the two documents. */
export function docsPage(openapi: OpenApiDocument, asyncapi: AsyncApiDocument): DocsPage {
  const hash = createHash('sha256').update(STYLES).digest('base64');
  const { title, version } = openapi.info;
  const page = html`<!doctype html>
    <html lang="nl">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} ${version}: aansluiten</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#inhoud">Naar de inhoud</a>
        <header>
          <h1>${title}</h1>
          <p>${openapi.info.summary}. Versie ${version}.</p>
        </header>
        ${navigation()}
        <main id="inhoud">
          <h2 id="inleiding">Inleiding</h2>
          ${richText(openapi.info.description)}
          <p>Adres: <code>${openapi.servers[0]?.url}</code></p>
          ${callSections(openapi.components)} ${errorSection()} ${kafkaSection(asyncapi)}
          <h2 id="catalogus">Berichtencatalogus</h2>
          ${contractSections()}
        </main>
        <footer>
          <p>
            Voor programma’s: <a href="/v1/openapi.json">OpenAPI</a>, <a href="/v1/asyncapi.json">AsyncAPI</a>. Vragen:
            ${openapi.info.contact.name}, ${openapi.info.contact.email}.
          </p>
        </footer>
      </body>
    </html>`;
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html: page.text, contentSecurityPolicy };
}

function navigation(): Markup {
  return html`<nav aria-label="Inhoud">
    <ul>
      <li><a href="#inleiding">Inleiding</a></li>
      ${tags().map(
        (tag) =>
          html`<li>
            <a href="#${tag}">${tag}</a>
            <ul>
              ${routesOf(tag).map((one) => html`<li><a href="#${one.operationId}">${OPERATIONS[one.operationId].summary}</a></li>`)}
            </ul>
          </li>`,
      )}
      <li><a href="#fouten">Fouten</a></li>
      <li><a href="#kafka">Kafka</a></li>
      <li>
        <a href="#catalogus">Berichtencatalogus</a>
        <ul>
          ${CONTRACTS.map(({ id, dutch }) => html`<li><a href="#${id}">${id} ${dutch}</a></li>`)}
        </ul>
      </li>
    </ul>
  </nav>`;
}

function tags(): (keyof typeof TAGS)[] {
  return Object.keys(TAGS) as (keyof typeof TAGS)[];
}

function routesOf(tag: keyof typeof TAGS) {
  return API_ROUTES.filter((route) => OPERATIONS[route.operationId].tag === tag);
}

function callSections({ schemas }: OpenApiDocument['components']): Markup {
  return html`${tags().map(
    (tag) =>
      html`<h2 id="${tag}">${tag}</h2>
        <p>${TAGS[tag]}</p>
        ${routesOf(tag).map((route) => callSection(route, (body) => bodySection(body, schemas)))}`,
  )}`;
}

/** A message is one of many contracts, with sections of their own; any other body is one schema of the document. */
function bodySection(body: RequestBody, schemas: OpenApiDocument['components']['schemas']): Markup {
  if (body.schema.oneOf) return contractLinks(POSTED);
  if (body.schema.type === 'string') return examples(Object.values(body.examples));
  const name = body.schema.$ref?.split('/').at(-1) ?? '';
  const schema = (schemas as Readonly<Record<string, ShownSchema>>)[name] ?? {};
  return html`${schemaTable(schema)} ${examples(Object.values(body.examples))}`;
}

function errorSection(): Markup {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  return html`<h2 id="fouten">Fouten</h2>
    <p>Laat uw programma beslissen op <code>code</code>, niet op de tekst.</p>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Status</th>
            <th scope="col">Wat er aan de hand is</th>
            <th scope="col">Volgende stap</th>
          </tr>
        </thead>
        <tbody>
          ${codes.map((code) => {
            const { status, title, nextStep } = ERRORS[code];
            return html`<tr id="${code}">
              <td><code>${code}</code></td>
              <td>${status}</td>
              <td>${title}</td>
              <td>${nextStep}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
}

function kafkaSection({ info, channels, components }: AsyncApiDocument): Markup {
  const headers = Object.values(components.schemas)[0] as ShownSchema;
  return html`<h2 id="kafka">Kafka</h2>
    ${richText(info.description)}
    <ul>
      ${Object.values(channels).map((one) => html`<li><code>${one.address}</code>: ${one.title}. ${one.description}</li>`)}
    </ul>
    <h4>Headers</h4>
    <p>
      Zo ziet <code>${Object.keys(components.messages)[0]}</code> eruit; de andere soorten verschillen alleen in
      <code>ce_type</code>.
    </p>
    ${schemaTable(headers)}`;
}
