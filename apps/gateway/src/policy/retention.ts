/** Kinds of access records and of data that have a term. The first six are the kinds of an access record. */
export const RETENTION_CODES = [
  'DELIVERY', 'CONSULTATION', 'EVALUATION', 'REFUSAL', 'ADMIN', 'ERASURE',
  'NOTIFICATION_CONTENT', 'DOSSIER_PART', 'REFUSED_CASE', 'MRT_ADVICE', 'POLICE_DATA', 'MONITOR_SNAPSHOT',
] as const; // prettier-ignore
export type RetentionCode = (typeof RETENTION_CODES)[number];

/** When a term begins: at the record, the acceptance, the last acknowledgement, the exit of the person, the refusal. */
export const RETENTION_STARTS = ['RECORDED', 'RECEIVED', 'ACKNOWLEDGED', 'EXIT', 'REFUSED'] as const;

/** How long something is kept, from when, and who says so (domain 4.3). */
export interface RetentionTerm {
  readonly code: RetentionCode;
  readonly nl: string;
  readonly from: (typeof RETENTION_STARTS)[number];
  readonly term: 'PERMANENT' | { readonly months: number } | { readonly days: number };
  /** Article, or `voorstel` where no source gives a term. */
  readonly source: string;
}

/** `60 maanden`, `30 dagen`, `blijvend`. */
export function termInDutch({ term }: RetentionTerm): string {
  if (term === 'PERMANENT') return 'blijvend';
  return 'months' in term ? `${term.months} maanden` : `${term.days} dagen`;
}
