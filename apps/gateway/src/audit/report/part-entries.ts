import { indexesOf, personRecords } from './person-records.js';
import { reportEntry, type PartKey, type ReportEntry } from './report-entry.js';
import type { ReportParts } from './report-parts.js';
import type { PartRow, ReportRow } from './report-rows.js';
import type { SqlReader } from '../../access-log/log/sql-reader.js';
import { personCases } from './surroundings.js';

/** A report and its parts, as the lines need them. */
export interface ReportOf {
  readonly report: ReportRow;
  readonly parts: readonly PartRow[];
}

/** Every line of a report, oldest first, in pages of bounded size. `after`: lines that come after this one. */
export async function* reportEntries(
  sources: ReportParts,
  client: SqlReader,
  { report, parts }: ReportOf,
  after?: string,
): AsyncGenerator<readonly ReportEntry[]> {
  const { cases, around } = await personCases(client, sources, report.personId, report.municipalityOin);
  const scope = { indexes: indexesOf(sources.indexKey, report), cases, until: report.coversUntil };
  for await (const records of personRecords(client, scope, after)) {
    yield records.flatMap((record) => {
      const entry = reportEntry(record, around);
      const part = partIn(parts, entry.part, report.municipalityOin);
      return part ? [{ ...entry, part }] : [];
    });
  }
}

/** The lines for which one controller answers. */
export async function* partEntries(
  sources: ReportParts,
  client: SqlReader,
  of: ReportOf,
  oin: string,
  after?: string,
): AsyncGenerator<readonly ReportEntry[]> {
  for await (const entries of reportEntries(sources, client, of, after)) {
    yield entries.filter((entry) => entry.part.oin === oin);
  }
}

/**
 * The part of this report to which a line belongs. A record that was being written when the report was made may belong to
 * a controller without a part: then the coordinating municipality answers, but never for the police, whose line is left out.
 */
export function partIn(
  parts: readonly Pick<PartRow, 'oin' | 'regime'>[],
  { oin, regime }: PartKey,
  coordinator: string,
): PartKey | null {
  if (parts.some((part) => part.oin === oin && part.regime === regime)) return { oin, regime };
  return regime === 'WPG' ? null : { oin: coordinator, regime };
}
