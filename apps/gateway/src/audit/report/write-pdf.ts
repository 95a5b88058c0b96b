import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ABOUT_THE_POLICE, introduction, PROOF, RIGHTS, TITLE } from './document-texts.js';
import { dayWords, momentWords } from './entry-words.js';
import { PdfPage } from './pdf-page.js';
import { lines, type ReportDocument } from './report-document.js';
import type { EntryGroup } from './summary.js';

/** A list that nobody reads on paper is left to the table (CSV): so many lines are some 300 pages. */
export const MAX_PRINTED_LINES = 15_000;
/** Lines between two breaths, so that other requests are answered while a long document is written. */
const LINES_A_TURN = 50;

/** The document on paper. The stream fails when reading the lines fails: nobody gets half a report for a whole one. */
export function writePdf(document: ReportDocument): Readable {
  const page = new PdfPage();
  const stream = page.stream as unknown as Readable;
  print(page, document).catch((error: unknown) => {
    stream.destroy(error instanceof Error ? error : new Error('the document could not be written'));
  });
  return stream;
}

async function print(page: PdfPage, document: ReportDocument): Promise<void> {
  page.heading('H1', TITLE);
  for (const text of introduction(document)) page.paragraph(text);
  page.heading('H2', 'Wie heeft geantwoord?');
  for (const { answer, withheld } of document.organisations) {
    page.item(answer);
    for (const { sentence } of withheld) page.item(sentence);
  }
  page.paragraph(ABOUT_THE_POLICE);
  printGroups(page, document.groups);
  await printLines(page, document);
  page.heading('H2', 'Wat kunt u doen?');
  for (const text of RIGHTS) page.item(text);
  page.heading('H2', 'Hoe weet u dat dit klopt?');
  for (const text of PROOF) page.paragraph(text);
  page.paragraph(
    `Zaak ${document.caseNumber}. Overzicht ${document.reportId}, gemaakt op ${dayWords(document.madeOn)}.`,
  );
  page.end();
}

/** By organisation, and within it by purpose: what happened, how often and when. */
function printGroups(page: PdfPage, groups: readonly EntryGroup[]): void {
  page.heading('H2', 'Wat is er gebeurd?');
  if (groups.length === 0) page.paragraph('Er zijn nu geen regels om te laten zien.');
  for (const [organisation, own] of grouped(groups, 'organisation')) {
    page.heading('H3', organisation);
    for (const [purpose, same] of grouped(own, 'purpose')) {
      page.paragraph(purpose === '' ? 'Zonder genoemd doel' : `Waarom: ${purpose}`, { bold: true });
      for (const group of same) page.item(groupText(group));
    }
  }
}

function grouped(groups: readonly EntryGroup[], by: 'organisation' | 'purpose'): Map<string, readonly EntryGroup[]> {
  const found = new Map<string, readonly EntryGroup[]>();
  for (const group of groups) found.set(group[by], [...(found.get(group[by]) ?? []), group]);
  return found;
}

export function groupText(group: EntryGroup): string {
  const { number, what, outcome, legalBases, data, source, recipients } = group;
  return [
    `Soort ${number}. ${what}. ${howOften(group)} ${outcome}.`,
    ...(legalBases.length > 0 ? [`Dat mag door: ${legalBases.join('; ')}.`] : []),
    ...(data.length > 0 ? [`Soorten gegevens: ${data.join('; ')}.`] : []),
    ...(source === '' ? [] : [`Afkomstig van: ${source}.`]),
    ...(recipients.length > 0 ? [`Doorgegeven aan: ${recipients.join('; ')}.`] : []),
  ].join('\n');
}

function howOften({ count, first, last }: EntryGroup): string {
  if (count === 1) return `Eén keer, op ${momentWords(first)}.`;
  const [from, to] = [momentWords(first), momentWords(last)];
  return `${count} keer, voor het eerst op ${from} en voor het laatst op ${to}.`;
}

async function printLines(page: PdfPage, document: ReportDocument): Promise<void> {
  if (document.count === 0) return;
  page.heading('H2', 'Alle regels op volgorde van tijd');
  if (document.count > MAX_PRINTED_LINES) {
    page.paragraph(`Dit zijn ${lines(document.count)}: te veel om af te drukken. Vraag om de tabel (CSV).`);
    return;
  }
  page.paragraph('Achter elke regel staat bij welke soort hierboven de regel hoort, en het kenmerk in het logboek.');
  for await (const some of document.lines()) {
    for (const { number, at, id, group } of some) {
      const text = `${number}. ${momentWords(at)}: ${group.organisation}. ${group.what}. Soort ${group.number}. ${id}`;
      page.item(text, { small: true });
      if (number % LINES_A_TURN === 0) await nextTurn();
    }
  }
}
