import { CONTRACTS } from '#contracts/catalogue.js';
import { contractExamples, contractSchema } from '#contracts/contract-documents.js';
import type { Contract } from '#contracts/contract.js';
import { exampleEvents } from '../submission-schemas.js';
import { examples } from './calls.js';
import { html, type Markup } from './markup.js';
import { schemaTable } from './schema-table.js';

const CASE_RULES: Readonly<Record<Contract['caseId'], string>> = {
  none: 'zonder caseid: dit bericht opent een zaak',
  required: 'caseid verplicht',
  optional: 'caseid mag',
};

/** Every message that the gateway carries: from whom, to whom, with which fields. */
export function contractSections(): Markup {
  return html`${CONTRACTS.map((contract) => contractSection(contract))}`;
}

/** For the body of `submitMessage`: the contracts that an agency may post, each a link to its section. */
export function contractLinks(contracts: readonly Contract[]): Markup {
  return html`<p>Eén CloudEvent volgens een van deze contracten; <code>type</code> kiest.</p>
    <ul>
      ${contracts.map(
        ({ id, dutch, type, senders }) =>
          html`<li><a href="#${id}">${id} ${dutch}</a>, <code>${type}</code>, van ${senders.join(', ')}</li>`,
      )}
    </ul>`;
}

function contractSection(contract: Contract): Markup {
  const { id, dutch, type, senders, purposes, routes } = contract;
  const recipients = [...new Set(routes.map((route) => `${route.to} (${route.purpose})`))].join(', ');
  return html`<article id="${id}">
    <h3>${id} ${dutch}</h3>
    <p>
      <code>${type}</code>. Van ${senders.length > 0 ? senders.join(', ') : 'de poort zelf'}, voor
      ${purposes.join(', ')}; aan ${recipients}; ${CASE_RULES[contract.caseId]}.
    </p>
    ${schemaTable(contractSchema(id))} ${examples(examplesOf(contract))}
  </article>`;
}

/** Whole messages of what an agency posts; of what the gateway makes itself, what a recipient finds in `data`. */
function examplesOf(contract: Contract): { summary: string; value: unknown }[] {
  if (contract.senders.length > 0) {
    return exampleEvents(contract).map((value, index) => ({ summary: `Voorbeeld ${index + 1}`, value }));
  }
  return contractExamples(contract.id).map((value, index) => ({ summary: `Voorbeeld ${index + 1} van data`, value }));
}
