import type { LocalDate } from '../../cases/case-snapshot.js';
import type { PartRow, ReportRow } from './report-rows.js';

type Named = Pick<ReportRow, 'handlerOin' | 'named'>;

/**
 * Which parts an organisation may know of: its own; the handler also those that it knows to be asked, because the request
 * names them, and those that have been answered.
 */
export function partsFor(organisation: string, report: Named, parts: readonly PartRow[]): readonly PartRow[] {
  const known = organisation === report.handlerOin ? partsInDocument(report, parts) : [];
  return parts.filter((part) => part.oin === organisation || known.includes(part));
}

/**
 * Which parts the document for the resident speaks of. A part under the Wpg is there once the police has released it, and
 * not before, nor when it was refused: the police answers that in writing itself (Wpg art. 27(2)). So the document is the
 * same, byte for byte, whether the police has a part that it has not released, or has none.
 */
export function partsInDocument({ handlerOin, named }: Named, parts: readonly PartRow[]): readonly PartRow[] {
  return parts.filter(({ oin, regime, state }) =>
    regime === 'WPG' ? state === 'RELEASED' : oin === handlerOin || named.includes(oin) || state !== 'OPEN',
  );
}

/** The parts as the document of today treats them: what was refused until a day that has come is released. */
export function asOf(today: LocalDate, parts: readonly PartRow[]): readonly PartRow[] {
  return parts.map((part) =>
    part.state === 'REFUSED' && hasCome(part.showFrom, today) ? { ...part, state: 'RELEASED' } : part,
  );
}

export function hasCome(showFrom: LocalDate | null, today: LocalDate): boolean {
  return showFrom !== null && showFrom <= today;
}
