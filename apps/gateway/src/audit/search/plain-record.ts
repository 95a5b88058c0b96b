import type { AccessRecordInput } from '../../access-log/access-record.js';

/** A record read back from its canonical bytes. */
export type PlainRecord = Omit<AccessRecordInput, 'subjects'> & {
  readonly version: number;
  readonly id: string;
  readonly at: string;
  readonly subjects: readonly { readonly id: string }[];
};

export interface ShownRecord {
  readonly record: PlainRecord;
  /** Members that were left out: they point to an employee of another organisation. */
  readonly hidden: readonly ('/userReference' | '/peer/thumbprint')[];
}

export function readRecord(canonical: Buffer): PlainRecord {
  return JSON.parse(canonical.toString('utf8')) as PlainRecord;
}

/**
 * The record as an officer of `oin` may see it. References of employees are for the employer's own officer alone: the
 * pseudonym of who asked, and the personal certificate of an officer (standards 1.6, domain FG31).
 */
export function shownTo(oin: string, record: PlainRecord): ShownRecord {
  const { userReference, peer, ...rest } = record;
  if (peer?.oin === oin) return { record, hidden: [] };
  const { thumbprint, ...organisation } = peer ?? {};
  const person = peer?.officer !== undefined && thumbprint !== undefined;
  return {
    record: { ...rest, ...(peer ? { peer: person ? organisation : peer } : {}) },
    hidden: [
      ...(userReference === undefined ? [] : (['/userReference'] as const)),
      ...(person ? (['/peer/thumbprint'] as const) : []),
    ],
  };
}
