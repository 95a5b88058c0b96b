import { entryDigest, RETENTION_CLASSES, type RetentionClass } from '#ledger/entry.js';

/**
 * What each searchable column of `access_record` says, as the database derives it from the bytes (migrations
 * 0004 and 0009): the one description of it outside the database. A story compares the two.
 */
export const MEMBER_COLUMNS = {
  id: ['id'],
  at: ['at'],
  version: ['version'],
  kind: ['kind'],
  peer_oin: ['peer', 'oin'],
  purpose: ['purpose'],
  case_id: ['caseId'],
  message_id: ['messageId'],
  decision: ['decision', 'outcome'],
  action: ['action'],
  contract: ['contract', 'id'],
  processing_activity: ['processingActivity'],
  trace_id: ['traceId'],
} as const;

/** `concerns`: the organisations that these members name, each once, in order; null when there is none. */
export const CONCERNING_MEMBERS = [['peer', 'oin'], ['source'], ['municipality'], ['recipients']] as const;

/** Columns that repeat the entry: SHA-256(entry) in hexadecimal, retention class and expiry month. */
export const ENTRY_COLUMNS = ['entry_digest', 'retention_class', 'expires_month'] as const;

/** In the order of a line of the export. */
export const COLUMNS = [...Object.keys(MEMBER_COLUMNS), 'concerns', ...ENTRY_COLUMNS] as readonly string[];

const CLASS_OF_CODE = new Map(
  (Object.keys(RETENTION_CLASSES) as RetentionClass[]).map((name) => [RETENTION_CLASSES[name].code as number, name]),
);

export type Columns = Readonly<Record<string, unknown>>;

/** All columns of the record that stands under this entry. */
export function columnsOf(record: unknown, entry: Uint8Array): Columns {
  const members = Object.entries(MEMBER_COLUMNS).map(([column, path]) => [column, memberAt(record, path)]);
  return {
    ...(Object.fromEntries(members) as Columns),
    concerns: concernedBy(record),
    entry_digest: entryDigest(entry).toString('hex'),
    retention_class: retentionClassOf(entry),
    expires_month: expiresMonthOf(entry),
  };
}

/** Names of the columns that say something else than the record. */
export function differingColumns(columns: Columns, derived: Columns): string[] {
  // The order of `concerns` is that of the database's collation: the same organisations are the same column.
  const plain = (value: unknown): string =>
    JSON.stringify(Array.isArray(value) ? [...(value as unknown[])].sort() : value);
  return COLUMNS.filter((column) => plain(columns[column]) !== plain(derived[column]));
}

export function retentionClassOf(entry: Uint8Array): RetentionClass | null {
  return CLASS_OF_CODE.get(entry[1] ?? 0) ?? null;
}

/** `YYYY-MM` */
export function expiresMonthOf(entry: Uint8Array): string {
  const month = (entry[2] ?? 0) * 256 + (entry[3] ?? 0);
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
}

function concernedBy(record: unknown): readonly string[] | null {
  const named = CONCERNING_MEMBERS.flatMap((path) => memberAt(record, path)).filter((oin) => typeof oin === 'string');
  return named.length > 0 ? [...new Set(named)].sort() : null;
}

function memberAt(record: unknown, path: readonly string[]): unknown {
  const member = path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | null | undefined)?.[name],
    record,
  );
  return member ?? null;
}
