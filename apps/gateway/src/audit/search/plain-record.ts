import type { AccessRecordInput } from '../../access-log/access-record.js';

/** A record read back from its canonical bytes. */
export type PlainRecord = Omit<AccessRecordInput, 'subjects'> & {
  readonly version: number;
  readonly id: string;
  readonly at: string;
  readonly subjects: readonly { readonly id: string }[];
};

type HiddenMember = '/userReference' | '/peer/thumbprint' | '/details/userReference';

export interface ShownRecord {
  readonly record: PlainRecord;
  /** Members that were left out: they point to an employee of another organisation. */
  readonly hidden: readonly HiddenMember[];
}

export function readRecord(canonical: Buffer): PlainRecord {
  return JSON.parse(canonical.toString('utf8')) as PlainRecord;
}

/**
 * The record as an officer of `oin` may see it. References of employees are for the employer's own officer alone: the
 * pseudonym of who asked, that of who was given access, and the personal certificate of an officer (standards 1.6,
 * domain FG31).
 */
export function shownTo(oin: string, record: PlainRecord): ShownRecord {
  const { userReference, peer, details, ...rest } = record;
  const own = peer?.oin === oin;
  const { thumbprint, ...organisation } = peer ?? {};
  const person = !own && peer?.officer !== undefined && thumbprint !== undefined;
  const member = details?.userReference !== undefined && employerOfMember(record) !== oin;
  const asked = !own && userReference !== undefined;
  return {
    record: {
      ...rest,
      ...(peer ? { peer: person ? organisation : peer } : {}),
      ...(details ? { details: member ? withoutMember(details) : details } : {}),
      ...(asked || userReference === undefined ? {} : { userReference }),
    },
    hidden: [
      ...(asked ? (['/userReference'] as const) : []),
      ...(person ? (['/peer/thumbprint'] as const) : []),
      ...(member ? (['/details/userReference'] as const) : []),
    ],
  };
}

/** The record of a grant names the organisation of the person who gets it as its only recipient. */
function employerOfMember({ recipients }: PlainRecord): string | undefined {
  return recipients?.[0];
}

function withoutMember({ userReference: _hidden, ...details }: Readonly<Record<string, unknown>>) {
  return details;
}
