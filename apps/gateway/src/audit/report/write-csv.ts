import { momentWords } from './entry-words.js';
import type { DocumentLine, ReportDocument } from './report-document.js';

const COLUMNS = [
  'nummer', 'moment', 'tijdstip (UTC)', 'organisatie', 'wat', 'uitkomst', 'waarom', 'op grond van', 'soorten gegevens',
  'afkomstig van', 'doorgegeven aan', 'kenmerk',
] as const; // prettier-ignore
/** What a spreadsheet would take for a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const LINE_END = '\r\n';

/**
 * The document as a table (RFC 4180 with semicolons, as Dutch spreadsheets read it; UTF-8 without byte order mark): one
 * row a line, then what is not shown.
 */
export async function* writeCsv(document: ReportDocument): AsyncGenerator<string> {
  yield row(COLUMNS);
  for await (const page of document.lines()) if (page.length > 0) yield page.map(lineRow).join('');
  for (const { name, state, answer, withheld } of document.organisations) {
    if (state !== 'RELEASED') yield remark(name, answer);
    for (const { sentence } of withheld) yield remark(name, sentence);
  }
}

function lineRow({ number, id, at, group }: DocumentLine): string {
  const { organisation, what, outcome, purpose, legalBases, data, source, recipients } = group;
  const joined = [legalBases, data, [source], recipients].map((texts) => texts.join('; '));
  return row([String(number), momentWords(at), at, organisation, what, outcome, purpose, ...joined, id]);
}

function remark(organisation: string, sentence: string): string {
  return row(['', '', '', organisation, sentence, 'Niet getoond', '', '', '', '', '', '']);
}

function row(cells: readonly string[]): string {
  return cells.map(cell).join(';') + LINE_END;
}

/** Always quoted; an apostrophe in front makes a formula a text. */
export function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
