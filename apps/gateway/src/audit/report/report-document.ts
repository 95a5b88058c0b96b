import type { LocalDate } from '../../cases/case-snapshot.js';
import { dayWords } from './entry-words.js';
import { GROUNDS } from './grounds.js';
import type { ReportEntry } from './report-entry.js';
import { reportEntries } from './part-entries.js';
import { policeHidden } from './police-hidden.js';
import { namesIn } from './read-report.js';
import type { FoundReport } from './find-report.js';
import type { ReportParts } from './report-parts.js';
import { readWithheld, type PartRow } from './report-rows.js';
import type { SqlReader } from '../../access-log/log/sql-reader.js';
import { Summary, type EntryGroup, type WithheldCount } from './summary.js';
import { asOf, partsInDocument } from './visible-parts.js';

/** What the document says of one controller. */
export interface OrganisationAnswer {
  readonly name: string;
  readonly state: 'RELEASED' | 'REFUSED' | 'OPEN';
  /** In one sentence, for the resident. */
  readonly answer: string;
  readonly shown: number;
  readonly withheld: readonly (WithheldCount & { readonly sentence: string })[];
}

/** One line: the moment, and the group that says the rest. */
export interface DocumentLine {
  readonly number: number;
  readonly id: string;
  readonly at: string;
  readonly group: EntryGroup;
  /** Why the bytes of the record stay behind; null when they may go along with a proof. */
  readonly closed: 'EMPLOYEE' | 'OTHERS' | null;
}

/** Everything released so far, ready to be written down. The lines come page by page: a report can be long. */
export interface ReportDocument {
  readonly reportId: string;
  readonly caseNumber: string;
  readonly handledBy: string;
  readonly receivedOn: LocalDate;
  readonly madeOn: LocalDate;
  readonly coversUntil: string;
  readonly organisations: readonly OrganisationAnswer[];
  readonly groups: readonly EntryGroup[];
  readonly count: number;
  readonly lines: () => AsyncGenerator<readonly DocumentLine[]>;
}

/** Reads the lines once, with `client`, to sum them up; whoever writes the document reads them again from the pool. */
export async function reportDocument(
  sources: ReportParts,
  client: SqlReader,
  { report, today, ...found }: Pick<FoundReport, 'report' | 'parts' | 'today'>,
): Promise<ReportDocument> {
  const parts = asOf(today, found.parts);
  const withheld = new Map((await readWithheld(client, report.id)).map((row) => [row.entryId, row]));
  const nameOf = namesIn(sources);
  const summary = new Summary({ parts, withheld, today, nameOf, isHidden: policeHidden(sources.peers, parts) });
  for await (const page of reportEntries(sources, client, { report, parts })) {
    for (const entry of page) summary.add(entry);
  }
  const organisations = partsInDocument(report, parts).map((part) => answerOf(part, nameOf(part.oin), summary));
  return {
    reportId: report.id,
    caseNumber: report.caseNumber,
    handledBy: nameOf(report.handlerOin),
    receivedOn: report.receivedOn,
    madeOn: today,
    coversUntil: report.coversUntil.toISOString(),
    organisations,
    groups: summary.groups,
    count: summary.groups.reduce((sum, group) => sum + group.count, 0),
    lines: () => numbered(reportEntries(sources, sources.pool, { report, parts }), summary),
  };
}

async function* numbered(
  pages: AsyncGenerator<readonly ReportEntry[]>,
  summary: Summary,
): AsyncGenerator<readonly DocumentLine[]> {
  let number = 0;
  for await (const page of pages) {
    yield page.flatMap((entry) => {
      const group = summary.groupOf(entry);
      return group
        ? [{ number: (number += 1), id: entry.id, at: entry.at, group, closed: summary.closedFor(entry) }]
        : [];
    });
  }
}

function answerOf(part: PartRow, name: string, summary: Summary): OrganisationAnswer {
  const { shown, withheld } = summary.countOf(part.oin);
  const sentences = withheld.map((one) => ({ ...one, sentence: withheldSentence(one) }));
  return { name, state: part.state, answer: answerSentence(part, name, shown), shown, withheld: sentences };
}

function answerSentence(part: PartRow, name: string, shown: number): string {
  switch (part.state) {
    case 'RELEASED':
      return shown === 0 ? `${name} heeft geen regels voor u.` : `${name} heeft ${lines(shown)} voor u vrijgegeven.`;
    case 'REFUSED': {
      const ground = part.ground === null ? '' : ` De reden is: ${GROUNDS[part.ground].words}.`;
      return `${name} laat haar regels niet zien.${ground}${later(part.showFrom)}`;
    }
    case 'OPEN': {
      const extended = part.extension === null ? '' : ' Deze organisatie heeft meer tijd gevraagd.';
      return `${name} heeft nog niet geantwoord. Dit antwoord komt uiterlijk op ${dayWords(part.dueOn)}.${extended}`;
    }
  }
}

function withheldSentence({ count, words, showFrom }: WithheldCount): string {
  const verb = count === 1 ? 'staat' : 'staan';
  return `${lines(count)} ${verb} hier niet. De reden is: ${words}.${later(showFrom)}`;
}

function later(showFrom: LocalDate | null): string {
  return showFrom === null ? '' : ` Vanaf ${dayWords(showFrom)} mag u dit wel zien. Vraag er dan om.`;
}

export function lines(count: number): string {
  return count === 1 ? '1 regel' : `${count} regels`;
}
