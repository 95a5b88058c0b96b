import { ABOUT_THE_POLICE, introduction, PROOF, RIGHTS, TITLE } from './document-texts.js';
import type { ReportDocument } from './report-document.js';

/** The document as JSON, in pieces: the long list comes last and is never whole in memory. */
export async function* writeJson(document: ReportDocument): AsyncGenerator<string> {
  const { lines, organisations, groups, ...head } = document;
  const texts = { introduction: introduction(document), police: ABOUT_THE_POLICE, rights: RIGHTS, proof: PROOF };
  const opening = JSON.stringify({ title: TITLE, language: 'nl', ...head, texts, organisations, groups });
  yield `${opening.slice(0, -1)},"entries":[`;
  let separator = '';
  for await (const page of lines()) {
    if (page.length === 0) continue;
    const items = page.map(({ number, id, at, group }) => JSON.stringify({ number, id, at, group: group.number }));
    yield separator + items.join(',');
    separator = ',';
  }
  yield ']}';
}
