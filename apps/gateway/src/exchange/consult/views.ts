import type { PropertyRule } from '#contracts/contract.js';
import type { FieldGroup, SensitivityClass } from '#contracts/domain.js';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import { TRANSITION_TITLES } from '../../cases/transition-titles.js';
import type { TransitionId } from '../../cases/transition.js';

/** Rule of a view's property; minimal (m) keeps what a party needs to find its way: id, pilot, state and dates. */
function rule(pointer: string, group: FieldGroup, minimal: boolean, sensitivity: SensitivityClass = 'O'): PropertyRule {
  return { pointer, group, class: sensitivity, levels: minimal ? { m: 'keep' } : {}, values: {} };
}

export const CASE_RULES: readonly PropertyRule[] = [
  rule('/caseId', 'FG01', true),
  rule('/caseNumber', 'FG01', false),
  rule('/pilot', 'FG01', true),
  rule('/state', 'FG01', true),
  rule('/openedAt', 'FG01', true),
  rule('/dtvNotified', 'FG01', false),
  rule('/dossierUnderCorrection', 'FG01', false),
  rule('/outOfCovenant', 'FG08', true),
  rule('/provisionalIdentity', 'FG15', true, 'S'),
  rule('/stays', 'FG01', false),
  rule('/restPeriod', 'FG01', false),
];

export const DOSSIER_RULES: readonly PropertyRule[] = [
  rule('/caseId', 'FG01', true),
  rule('/dossierId', 'FG01', true),
  rule('/requestedAt', 'FG01', true),
  rule('/deliveredAt', 'FG01', true),
  rule('/parts', 'FG01', false),
  rule('/outstanding', 'FG01', false),
  rule('/restPeriod', 'FG01', false),
];

export const TIMELINE_RULES: readonly PropertyRule[] = [rule('/caseId', 'FG01', true), rule('/events', 'FG01', false)];

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
