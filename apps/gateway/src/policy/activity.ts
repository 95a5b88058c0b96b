import type { PeerKind, PurposeCode, LegalBasis } from '#contracts/domain.js';
import type { RetentionCode } from './retention.js';

/** Which law governs a processing: the GDPR (AVG), or the Dutch Police Data Act (Wpg). */
export type Regime = 'AVG' | 'WPG';

/** An entry of the register of processing activities (AVG art. 30); its URI stands in contracts and access records. */
export interface ProcessingActivity {
  readonly uri: string;
  /** Name, and what it is for, in Dutch. */
  readonly nl: string;
  readonly description: string;
  readonly controllers: readonly PeerKind[];
  readonly purposes: readonly PurposeCode[];
  readonly legalBases: readonly LegalBasis[];
  /** Categories of persons, in Dutch. */
  readonly dataSubjects: readonly string[];
  readonly retention: readonly RetentionCode[];
  readonly regime: Regime;
  /** Its records show to officers of its controllers alone (domain 2.10). */
  readonly confidential: boolean;
  /** Purposes for which looking into a case belongs to this activity; over all activities each purpose once. */
  readonly consultations: readonly PurposeCode[];
}
