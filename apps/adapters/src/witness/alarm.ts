/** What the adapter can find wrong with the access log. A person has to look at each: it never goes away unseen. */
export type AlarmKind = LogAlarmKind | RecordAlarmKind;

/** About the log as a whole: while one stands, nothing of this origin is cosigned. */
export type LogAlarmKind =
  /** Two histories: another root for a size, or a tree that does not begin with the one that was cosigned. */
  | 'LOG_FORKED'
  /** The log is smaller than what was cosigned. */
  | 'LOG_SHRUNK'
  /** A checkpoint that the configured key did not sign. */
  | 'LOG_SIGNATURE_INVALID'
  /** A checkpoint of an origin for which no key is configured. */
  | 'LOG_UNKNOWN';

/** About one record of this agency. */
export type RecordAlarmKind =
  /** No proof within the time that was set. */
  | 'PROOF_MISSING'
  /** The log holds another entry for this record than the gateway answered with. */
  | 'ENTRY_CHANGED'
  /** The proof does not lead to a checkpoint of the log. */
  | 'PROOF_INVALID';

export interface Alarm {
  /** Kind and what it is about: by this a person acknowledges it. */
  readonly id: string;
  readonly kind: AlarmKind;
  readonly since: string;
  /** Of the log. */
  readonly origin?: string;
  readonly recordId?: string;
  readonly messageId?: string;
  /** Codes and sizes. */
  readonly detail: string;
  /** Signed checkpoints that contradict each other: whoever holds both can show it to anybody. */
  readonly evidence?: readonly string[];
}

export function alarmId(kind: AlarmKind, about: string): string {
  return `${kind}:${about}`;
}
