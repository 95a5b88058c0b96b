import type { PropertyRule } from '#contracts/contract.js';
import type { FieldGroup } from '#contracts/domain.js';

/** What a party may look at in a case; each property of a view has its rule here, as those of messages in their schema. */
export type ViewName = 'case' | 'dossier' | 'timeline';

/**
 * Minimal (m) keeps what a party needs to find its way: id, pilot, state and dates; yes or no (b) what is itself a yes or
 * no about its group. The person (s) gets a report and looks into no view.
 */
function rule(pointer: string, group: FieldGroup, m: 'keep' | 'drop', more: { b?: 'keep'; class?: 'S' } = {}) {
  const { b = 'drop', class: sensitivity = 'O' } = more;
  return { pointer, group, class: sensitivity, levels: { m, b, s: 'drop' }, values: {} } as const;
}

export const VIEW_RULES: Readonly<Record<ViewName, readonly PropertyRule[]>> = {
  case: [
    rule('/caseId', 'FG01', 'keep'),
    rule('/caseNumber', 'FG01', 'drop'),
    rule('/pilot', 'FG01', 'keep'),
    rule('/state', 'FG01', 'keep'),
    rule('/openedAt', 'FG01', 'keep'),
    rule('/dtvNotified', 'FG01', 'drop'),
    rule('/dossierUnderCorrection', 'FG01', 'drop'),
    rule('/outOfCovenant', 'FG08', 'keep'),
    rule('/provisionalIdentity', 'FG15', 'keep', { b: 'keep', class: 'S' }),
    rule('/stays', 'FG01', 'drop'),
    rule('/restPeriod', 'FG01', 'drop'),
  ],
  dossier: [
    rule('/caseId', 'FG01', 'keep'),
    rule('/dossierId', 'FG01', 'keep'),
    rule('/requestedAt', 'FG01', 'keep'),
    rule('/deliveredAt', 'FG01', 'keep'),
    rule('/parts', 'FG01', 'drop'),
    rule('/outstanding', 'FG01', 'drop'),
    rule('/restPeriod', 'FG01', 'drop'),
  ],
  timeline: [rule('/caseId', 'FG01', 'keep'), rule('/events', 'FG01', 'drop')],
};
