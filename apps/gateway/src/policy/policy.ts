import type {
  FieldGroup,
  LegalBasis,
  Level,
  PeerKind,
  PurposeCode,
  Role,
  SensitivityClass,
} from '#contracts/domain.js';
import type { ProcessingActivity } from './activity.js';
import type { Release } from './decision.js';
import type { RetentionCode, RetentionTerm } from './retention.js';

/** What in a case closes a purpose; the rule of each is in `purpose-ended.ts`. */
export const PURPOSE_ENDS = [
  'ADMISSION_DECIDED',
  'DOSSIER_DELIVERED',
  'SCENARIO_ACCEPTED',
  'EXIT',
  'RETENTION',
  'OUTSIDE_CASE',
] as const;
export type PurposeEnd = (typeof PURPOSE_ENDS)[number];

export interface Purpose {
  readonly code: PurposeCode;
  readonly nl: string;
  readonly en: string;
  /** The words of the purpose table (domain 3.1). */
  readonly endsWhen: string;
  readonly ends: PurposeEnd;
  /** Purposes that follow from this one; each with the reason why reuse is compatible (AVG art. 6(4)). */
  readonly successors: readonly { readonly code: PurposeCode; readonly nl: string; readonly en: string }[];
}

export interface FieldGroupEntry {
  readonly code: FieldGroup;
  readonly nl: string;
  readonly en: string;
  readonly classes: readonly SensitivityClass[];
  /** FG00: released in full to whoever the message is for, whatever the row of the release table says. */
  readonly everyReceiver?: true;
}

/** Cell of the upper bound (domain 3.3). `level` null: nothing, unless the condition's `bareLevel` says otherwise. */
export interface MatrixCell {
  readonly level: Level | null;
  readonly condition?: number;
}

/** Numbered condition under a matrix cell. */
export interface MatrixCondition {
  readonly number: number;
  readonly nl: string;
  readonly en: string;
  /** Level that a cell holding only this number allows; absent: the gateway carries nothing. */
  readonly bareLevel?: Level;
  /** A release in such a cell must carry one of these conditions. Empty: the contract or the route enforces it. */
  readonly requires: readonly NonNullable<Release['condition']>[];
}

export interface LegalBasisEntry {
  readonly code: LegalBasis;
  readonly nl: string;
  /** In English. */
  readonly basis: string;
  readonly covers: string;
  readonly note?: string;
}

export type PurposeRole = `${PurposeCode};${Role}`;
export type KindPurpose = `${PeerKind};${PurposeCode}`;

/** Line (from 1) on which each rule stands in its file, for whoever asks which rule decided. */
export interface PolicyLines {
  /** Rows of `release-table.csv`. */
  readonly releases: Readonly<Partial<Record<PurposeRole, number>>>;
  /** Rows of `roles.json`. */
  readonly roles: Readonly<Partial<Record<KindPurpose, number>>>;
  /** Entries of `purposes.json`, and what they list as successors (`P03;P04`). */
  readonly purposes: Readonly<Record<PurposeCode, number>>;
  readonly successors: Readonly<Record<string, number>>;
}

/** One version of the policy, read once at start and frozen. Everything in it can be read by a lawyer in the files. */
export interface Policy {
  readonly version: string;
  /** Local date (Europe/Amsterdam) from which this version holds. */
  readonly validFrom: string;
  /** SHA-256 (hex) of its files: a version that was changed under its name is another policy. See policyDigest. */
  readonly digest: string;
  readonly purposes: Readonly<Record<PurposeCode, Purpose>>;
  /** Exactly one role for (peer kind, purpose); absent where the kind has none. */
  readonly roles: Readonly<Partial<Record<KindPurpose, Role>>>;
  readonly fieldGroups: Readonly<Record<FieldGroup, FieldGroupEntry>>;
  readonly matrix: Readonly<Record<FieldGroup, Readonly<Record<Role, MatrixCell>>>>;
  readonly conditions: readonly MatrixCondition[];
  /** The release table (domain 3.4): a missing row or group is a denial. */
  readonly releases: Readonly<Partial<Record<PurposeRole, readonly Release[]>>>;
  readonly legalBases: Readonly<Record<LegalBasis, LegalBasisEntry>>;
  /** The register of processing activities, by URI. */
  readonly activities: Readonly<Record<string, ProcessingActivity>>;
  readonly retention: Readonly<Record<RetentionCode, RetentionTerm>>;
  readonly lines: PolicyLines;
}
