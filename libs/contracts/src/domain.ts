/**
 * The words that every room of the product shares. Codes are those of the field's own tables
 * (purposes, roles, field groups, message ids); see docs/glossary.md for the Dutch terms.
 */
export const PEER_KINDS = [
  'MUNICIPALITY',
  'NGO',
  'IND',
  'DTV',
  'AVIM',
  'COA',
  'PROGRAMME',
  'CONSOLE',
  'GATEWAY',
] as const;
export type PeerKind = (typeof PEER_KINDS)[number];

export const PURPOSES = [
  'P01', 'P02', 'P03', 'P04', 'P05', 'P06', 'P07', 'P08', 'P09', 'P10', 'P11', 'P12', 'P13', 'P14',
] as const; // prettier-ignore
/** Purpose of use (doelbinding), P01 admission check .. P14 public-order incident. */
export type PurposeCode = (typeof PURPOSES)[number];

export const ROLES = [
  'MI',
  'MC',
  'NG',
  'IN',
  'DT',
  'DS',
  'AV',
  'CO',
  'MR',
  'NE',
  'PB',
  'RE',
  'RS',
  'GO',
  'FG',
] as const;
/** Column of the release table. Never taken from a request: it follows from (peer kind, purpose). */
export type Role = (typeof ROLES)[number];

/** FG00 technical, FG01..FG33 field groups of the release matrix, FG34 one reconciliation item. */
export type FieldGroup = `FG${number}${number}`;

export const LEVELS = ['F', 'm', 'b', 'o', 'a', 's', 't'] as const;
/** F full, m minimal/coded, b yes/no, o own contribution, a aggregate, s own data (rights procedure), t time-boxed grant. */
export type Level = (typeof LEVELS)[number];

export const SENSITIVITY_CLASSES = ['O', 'S', 'SC', 'CR', 'PD', 'BIO'] as const;
export type SensitivityClass = (typeof SENSITIVITY_CLASSES)[number];

export type LegalBasis = `LB${number}`;

export const CASE_STATES = [
  'APPLIED', 'SCREENING', 'REFUSED', 'ADMITTED', 'DOSSIER_REQUESTED', 'DOSSIER_PARTIAL', 'REST_PERIOD', 'SCENARIO_PREP',
  'SCENARIO_OFFERED', 'IN_TRAJECTORY', 'MRT', 'NATIONAL_ESCALATION', 'EXITED', 'CLOSED', 'VOIDED',
] as const; // prettier-ignore
export type CaseState = (typeof CASE_STATES)[number];

/** Topic-level family of a notification: all that Kafka may know about what a message is. */
export const EVENT_FAMILIES = ['dossier-request', 'dossier-part', 'case-notification', 'control'] as const;
export type EventFamily = (typeof EVENT_FAMILIES)[number];
