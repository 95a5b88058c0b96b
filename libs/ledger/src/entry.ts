import { HASH_BYTES, sha256 } from './hash.js';

/**
 * What the public log holds of one access record: never the record, only a salted commitment to it.
 *
 *   offset  bytes  what
 *        0      1  layout version, 1
 *        1      1  retention class (RETENTION_CLASSES)
 *        2      2  expiry month, big-endian, year * 12 + (month - 1)
 *        4     32  commitment, SHA-256(salt || record bytes), salt of 32 bytes
 *
 * The salt is destroyed together with the record; what stays says nothing about it any more, and the tree still adds up.
 */
export const ENTRY_BYTES = 36;
export const ENTRY_VERSION = 1;
export const SALT_BYTES = 32;

/** Numbers are for ever: a class is added, never renumbered. How long each kind of record is kept is policy. */
export const RETENTION_CLASSES = {
  /** What was disclosed, looked at or asked: the release log of Wpg art. 25 and AVG art. 15. */
  RELEASE: { code: 1 },
  /** Refused requests are part of the release log: they are shown to whom they concern. */
  REFUSAL: { code: 2 },
  /** What operators and the policy did, for as long as records made under it. */
  ADMIN: { code: 3 },
  /** Erasures and restarts of the log: the proof of everything else hangs on them. */
  PERMANENT: { code: 4 },
} as const;
/** Expiry month of what is kept for ever: the largest that two bytes hold. */
export const NEVER = '5461-04';
export type RetentionClass = keyof typeof RETENTION_CLASSES;

export interface LedgerEntry {
  readonly retentionClass: RetentionClass;
  /** `YYYY-MM`: last month in which the record is kept. */
  readonly expiresMonth: string;
  /** 32 bytes, see `recordCommitment`. */
  readonly commitment: Uint8Array;
}

/** SHA-256(salt || record bytes). Throws RangeError unless the salt is 32 bytes. */
export function recordCommitment(salt: Uint8Array, record: Uint8Array): Buffer {
  if (salt.length !== SALT_BYTES) throw new RangeError(`a salt is ${SALT_BYTES} bytes`);
  return sha256(salt, record);
}

/** The 36 bytes of an entry in the layout above. Throws RangeError on a field out of bounds. */
export function entryBytes(entry: LedgerEntry): Buffer {
  if (entry.commitment.length !== HASH_BYTES) throw new RangeError(`a commitment is ${HASH_BYTES} bytes`);
  const bytes = Buffer.alloc(ENTRY_BYTES);
  bytes.writeUInt8(ENTRY_VERSION, 0);
  bytes.writeUInt8(RETENTION_CLASSES[entry.retentionClass].code, 1);
  bytes.writeUInt16BE(monthNumber(entry.expiresMonth), 2);
  bytes.set(entry.commitment, 4);
  return bytes;
}

/** SHA-256(entry): what receipts and content answers carry, so that their holder can demand the entry's inclusion. */
export function entryDigest(entry: Uint8Array): Buffer {
  return sha256(entry);
}

/** The last month (`YYYY-MM`, UTC) in which a record made at `at` is kept: `months` after its own; null is for ever. */
export function expiryMonth(at: Date, months: number | null): string {
  if (months === null) return NEVER;
  const month = at.getUTCFullYear() * 12 + at.getUTCMonth() + months;
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
}

function monthNumber(month: string): number {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (!match) throw new RangeError('an expiry month is YYYY-MM');
  return Number(match[1]) * 12 + Number(match[2]) - 1;
}
