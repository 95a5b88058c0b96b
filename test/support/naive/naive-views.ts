import type { Row } from './naive-policy.js';

/** Properties of the views: their group, and the levels at which they show. */
const VIEWS: Readonly<Record<string, Readonly<Record<string, readonly [group: string, levels: string]>>>> = {
  case: {
    ...{ caseId: ['FG01', 'Fm'], caseNumber: ['FG01', 'F'], pilot: ['FG01', 'Fm'], state: ['FG01', 'Fm'] },
    ...{ openedAt: ['FG01', 'Fm'], dtvNotified: ['FG01', 'F'], dossierUnderCorrection: ['FG01', 'F'] },
    ...{ outOfCovenant: ['FG08', 'Fm'], provisionalIdentity: ['FG15', 'Fmb'] },
    ...{ stays: ['FG01', 'F'], restPeriod: ['FG01', 'F'] },
  },
  dossier: {
    ...{ caseId: ['FG01', 'Fm'], dossierId: ['FG01', 'Fm'], requestedAt: ['FG01', 'Fm'], deliveredAt: ['FG01', 'Fm'] },
    ...{ parts: ['FG01', 'F'], outstanding: ['FG01', 'F'], restPeriod: ['FG01', 'F'] },
  },
  timeline: { caseId: ['FG01', 'Fm'], events: ['FG01', 'F'] },
};
/** Not in every case. */
export const OPTIONAL = ['restPeriod', 'dossierId', 'requestedAt', 'deliveredAt'];

/** Names of a view's properties that this row lets through. A condition speaks of messages: here it never holds. */
export function naiveProperties(view: string, row: Row): readonly string[] {
  const shows = ([, [group, levels]]: [string, readonly [string, string]]): boolean => {
    const cell = row.get(group);
    return cell?.length === 1 && levels.includes(cell);
  };
  return Object.entries(VIEWS[view] ?? {})
    .filter(shows)
    .map(([name]) => name);
}

/** Groups of a view that this row releases in some form. */
export function naiveGroups(view: string, row: Row): readonly string[] {
  const names = naiveProperties(view, row);
  return [...new Set(names.map((name) => VIEWS[view]?.[name]?.[0] ?? ''))].sort();
}
