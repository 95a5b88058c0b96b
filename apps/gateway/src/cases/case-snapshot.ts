import type { CaseState, PeerKind } from '#contracts/domain.js';

/** Local calendar date in Europe/Amsterdam, `YYYY-MM-DD`. */
export type LocalDate = string;
/** RFC 3339 instant in UTC. */
export type Instant = string;

export const GROUNDS = ['X1', 'X1b', 'X1c', 'X2', 'X3', 'X4', 'X5', 'X6', 'X7'] as const;
/** National admission grounds (domain 2.4) that another party answers. */
export type Ground = (typeof GROUNDS)[number];

export interface GroundAnswer {
  readonly answer: 'YES' | 'NO' | 'UNKNOWN' | 'REVIEW';
  readonly answeredBy: PeerKind;
  readonly asOf: Instant;
}

/** Who may know of the case, since when, and why. No party, no answer, whatever the purpose. */
export interface CaseParty {
  readonly oin: string;
  readonly kind: PeerKind;
  /** Local dates; `to` is exclusive and absent while it runs. */
  readonly from: LocalDate;
  readonly to?: LocalDate;
  /** Message or rule that made it a party: `M01`, `M43`, `M05`, `M07`, `M02`. */
  readonly basis: string;
}

export interface DossierPart {
  readonly supplier: 'IND' | 'DTV';
  readonly partId: string;
  readonly partVersion: number;
  /** At most one part of a supplier is ACCEPTED: the one in force. SUPERSEDED: a higher version took its place. */
  readonly status: 'ACCEPTED' | 'SUPERSEDED' | 'REJECTED' | 'WITHDRAWN';
  readonly messageId: string;
  readonly acceptedAt: Instant;
  /** `as_of` of the part as its supplier gave it; M12 repeats it. */
  readonly asOf?: string;
}

export interface RestPeriod {
  readonly id: string;
  readonly startsOn: LocalDate;
  /** Last day, inclusive; the period has elapsed at the next 00:00 local time. */
  readonly endsOn: LocalDate;
  readonly status: 'RUNNING' | 'ELAPSED' | 'VOIDED';
}

export interface OpenStay {
  readonly stayId: string;
  readonly kind: 'SHELTER' | 'GUIDANCE_ONLY';
  readonly startedOn: LocalDate;
  /** Message id of the M05 that this start fired (INV-1). */
  readonly dtvNotificationId: string;
}

export const TIMER_KINDS = [
  'TMR-CHECK', 'TMR-DTV', 'TMR-DOS-IND', 'TMR-DOS-DTV', 'TMR-REST', 'TMR-SAFE', 'TMR-LSO', 'TMR-FETCH',
] as const; // prettier-ignore
export type TimerKind = (typeof TIMER_KINDS)[number];

export interface CaseTimer {
  readonly kind: TimerKind;
  readonly startedAt: Instant;
  readonly dueAt: Instant;
}

/**
 * Everything the process knows of a case, and nothing that names a person: it is stored as one JSON document in the
 * case row and changed only under that row's lock.
 */
export interface CaseSnapshot {
  readonly id: string;
  /** Readable number `LVV-<pilot>-<yyyy>-<6 digits>`; in content only. */
  readonly number: string;
  readonly pilot: string;
  readonly state: CaseState;
  readonly openedAt: Instant;
  readonly flags: {
    readonly dtvNotified: boolean;
    readonly outOfCovenant: boolean;
    readonly provisionalIdentity: boolean;
    readonly dossierUnderCorrection: boolean;
  };
  /** `UNVERIFIED` until IND answered MATCH or MERGED_TO (M03); `NONE` when only a provisional reference is known. */
  readonly vNumber: 'NONE' | 'UNVERIFIED' | 'VERIFIED' | 'UNKNOWN' | 'MISMATCH';
  readonly answers: Readonly<Partial<Record<Ground, GroundAnswer>>>;
  readonly admission: {
    readonly outcome: 'ADMITTED' | 'REFUSED' | 'REFERRED';
    readonly exceptionGround?: string;
    readonly decidedAt: Instant;
  } | null;
  readonly dossier: { readonly id: string; readonly requestedAt: Instant; readonly deliveredAt?: Instant } | null;
  readonly parts: readonly DossierPart[];
  readonly restPeriods: readonly RestPeriod[];
  readonly stays: readonly OpenStay[];
  /** Ids of ended stays: an id names one stay for ever, so it is refused when it is used again. */
  readonly endedStayIds?: readonly string[];
  readonly parties: readonly CaseParty[];
  readonly timers: readonly CaseTimer[];
  /** Last `casesequence` given, per recipient OIN. Advanced by the exchange, not by the process. */
  readonly sequences: Readonly<Record<string, number>>;
}

/** The identifying set from M01, decrypted only when a transition needs it (M05, M07). */
export interface CaseIdentity {
  readonly v_number?: string;
  readonly provisional_ref?: string;
  readonly family_name: string;
  readonly given_names: string;
  readonly birth_date: string;
  readonly nationalities: readonly string[];
}
