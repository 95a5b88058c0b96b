import type { DatabaseFacts } from './database-facts.js';

/** What a database lacks of a backup, and what it has beyond it; one line each. */
export interface Difference {
  readonly missing: readonly string[];
  readonly more: readonly string[];
}

/**
 * Tables whose rows may go in the ordinary course: by retention, when a timer has fired, when a record got its leaf. Only
 * right after a restore must they be what the backup says.
 */
const ROWS_MAY_GO = new Set([
  'access_record',
  'access_record_subject',
  'content',
  'data_subject_report',
  'data_subject_report_part',
  'data_subject_report_step',
  'data_subject_report_withheld',
  'pending_leaf',
  'person',
  'retention_hold',
  'timer',
]);

/** `exact`: nothing has run on the database since the restore, so that one row more is as wrong as one less. */
export function compareRows(backup: DatabaseFacts, now: DatabaseFacts, exact: boolean): Difference {
  const tables = Object.entries(backup.rows).map(([name, was]) => ({ name, was, is: now.rows[name] ?? 0 }));
  return {
    missing: tables
      .filter(({ name, was, is }) => is < was && (exact || !ROWS_MAY_GO.has(name)))
      .map(({ name, was, is }) => `${was - is} of ${was} rows of ${name}`),
    more: tables.filter(({ was, is }) => is > was).map(({ name, was, is }) => `${is - was} more in ${name}`),
  };
}

/** The last numbers of the inboxes: a recipient that has seen a higher one would miss what comes under it again. */
export function compareSequences(backup: DatabaseFacts, now: DatabaseFacts): Difference {
  const all = Object.entries(backup.lastSequences).map(([oin, was]) => ({ oin, was, is: now.lastSequences[oin] ?? 0 }));
  const between = (low: number, high: number): string => (high - low === 1 ? `${high}` : `${low + 1} to ${high}`);
  return {
    missing: all.filter(({ was, is }) => is < was).map(({ oin, was, is }) => `${between(is, was)} of ${oin}`),
    more: all.filter(({ was, is }) => is > was).map(({ oin, was, is }) => `${between(was, is)} of ${oin}`),
  };
}

export function compareMigrations(backup: DatabaseFacts, now: DatabaseFacts): Difference {
  return {
    missing: backup.migrations.filter((name) => !now.migrations.includes(name)),
    more: now.migrations.filter((name) => !backup.migrations.includes(name)),
  };
}
