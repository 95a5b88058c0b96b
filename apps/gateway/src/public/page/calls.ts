import { ERRORS, type ErrorCode } from '../../errors.js';
import { type API_ROUTES } from '../../http/api-routes.js';
import type { Operation, RequestBody } from '../operation.js';
import { OPERATIONS } from '../operations.js';
import { PARAMETERS } from '../parameters.js';
import { RESPONSE_SCHEMAS } from '../response-schemas.js';
import { html, richText, type Markup } from './markup.js';
import { schemaTable, valueText } from './schema-table.js';

type Route = (typeof API_ROUTES)[number];

const PLACES: Readonly<Record<string, string>> = { path: 'adres', query: 'query', header: 'header' };

/** One call: what it does, what goes in, what comes out and how it can be refused. */
export function callSection(route: Route, bodySection: (body: RequestBody) => Markup): Markup {
  const operation = OPERATIONS[route.operationId];
  const { summary, description, body, answer, errors } = operation;
  return html`<article id="${route.operationId}">
    <h3>${summary}</h3>
    <p class="call"><span class="${route.method.toLowerCase()}">${route.method}</span> ${route.path}</p>
    ${richText(description)} ${parameterTable(operation)}
    ${body ? html`<h4>Body: <code>${body.mediaType}</code></h4>` : null} ${body ? bodySection(body) : null}
    <h4>Antwoord ${answer.status}</h4>
    <p>${answer.description}${answer.recorded ? ' De header Access-Record noemt de regel in het logboek.' : ''}</p>
    ${answer.schema ? schemaTable(RESPONSE_SCHEMAS[answer.schema]) : null}
    ${answer.schema ? examples([{ summary: 'Voorbeeld van het antwoord', value: answer.example }]) : null}
    <h4>Fouten</h4>
    ${errorList(errors)}
  </article>`;
}

function parameterTable({ parameters }: Operation): Markup {
  return html`<h4>Parameters</h4>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Naam</th>
            <th scope="col">Plaats</th>
            <th scope="col">Verplicht</th>
            <th scope="col">Waarde</th>
            <th scope="col">Uitleg</th>
          </tr>
        </thead>
        <tbody>
          ${parameters.map((name) => {
            const parameter = PARAMETERS[name];
            return html`<tr>
              <td><code>${parameter.name}</code></td>
              <td>${PLACES[parameter.in]}</td>
              <td>${parameter.required ? 'ja' : 'nee'}</td>
              <td>${valueText(parameter.schema)}</td>
              <td>${parameter.description} Voorbeeld: <code>${String(parameter.example)}</code></td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
}

interface Example {
  readonly summary: string;
  readonly value: unknown;
}

/** Examples that open on demand: JSON, indented, or text as it is. */
export function examples(all: readonly Example[]): Markup {
  return html`${all.map(
    ({ summary, value }) =>
      html`<details>
        <summary>${summary}</summary>
        <pre>${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
      </details>`,
  )}`;
}

function errorList(codes: readonly ErrorCode[]): Markup {
  const statuses = [...new Set(codes.map((code) => ERRORS[code].status))].sort((a, b) => a - b);
  return html`<ul>
    ${statuses.map((status) => {
      const those = codes.filter((code) => ERRORS[code].status === status);
      const links = those.map((code, index) => html`${index > 0 ? ', ' : ''}<a href="#${code}">${code}</a>`);
      return html`<li><strong>${status}</strong> ${links}</li>`;
    })}
  </ul>`;
}
