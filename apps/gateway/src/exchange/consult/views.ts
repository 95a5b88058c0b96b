import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import { TRANSITION_TITLES } from '../../cases/transition-titles.js';
import type { TransitionId } from '../../cases/transition.js';

type View = Readonly<Record<string, unknown>>;

export function caseView(snapshot: CaseSnapshot): View {
  const { id, number, pilot, state, openedAt, flags } = snapshot;
  return {
    caseId: id,
    caseNumber: number,
    pilot,
    state,
    openedAt,
    dtvNotified: flags.dtvNotified,
    dossierUnderCorrection: flags.dossierUnderCorrection,
    outOfCovenant: flags.outOfCovenant,
    provisionalIdentity: flags.provisionalIdentity,
    stays: snapshot.stays.map(({ stayId, kind, startedOn }) => ({ stayId, kind, startedOn })),
    ...restPeriodOf(snapshot),
  };
}

/** What has arrived, what is outstanding, and since when: the question of every coordinator. */
export function dossierView(snapshot: CaseSnapshot): View {
  const { id, dossier, parts } = snapshot;
  const delivered = parts.filter((part) => part.status === 'ACCEPTED');
  const missing = dossier
    ? (['IND', 'DTV'] as const).filter((supplier) => !delivered.some((part) => part.supplier === supplier))
    : [];
  return {
    caseId: id,
    ...(dossier ? { dossierId: dossier.id, requestedAt: dossier.requestedAt } : {}),
    ...(dossier?.deliveredAt ? { deliveredAt: dossier.deliveredAt } : {}),
    parts: parts.map(({ supplier, partId, partVersion, status, messageId, acceptedAt }) => ({
      supplier,
      partId,
      partVersion,
      status,
      messageId,
      acceptedAt,
    })),
    outstanding: missing.map((supplier) => ({ supplier, since: dossier?.requestedAt })),
    ...restPeriodOf(snapshot),
  };
}

export interface TimelineRow {
  readonly at: Date;
  readonly transition: TransitionId;
  readonly fromState: string | null;
  readonly toState: string;
  readonly messageId: string | null;
}

export function timelineView(caseId: string, rows: readonly TimelineRow[]): View {
  const events = rows.map(({ at, transition, fromState, toState, messageId }) => ({
    at: at.toISOString(),
    transition,
    title: (TRANSITION_TITLES as Readonly<Record<string, string>>)[transition] ?? transition,
    ...(fromState === null ? {} : { from: fromState }),
    to: toState,
    ...(messageId === null ? {} : { messageId }),
  }));
  return { caseId, events };
}

function restPeriodOf(snapshot: CaseSnapshot): { restPeriod?: object } {
  const last = snapshot.restPeriods.at(-1);
  return last ? { restPeriod: { startsOn: last.startsOn, endsOn: last.endsOn, status: last.status } } : {};
}
