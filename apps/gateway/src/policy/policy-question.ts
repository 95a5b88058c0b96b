import type { ContractId } from '#contracts/contract.js';
import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import type { GrantRole } from './grant-releases.js';
import type { ViewName } from './view-rules.js';

/** What is asked of the policy alone: no case, no person, no message. */
export interface PolicyQuestion {
  readonly readerKind: PeerKind;
  /** Role of a grant; without it the role follows from kind and purpose. */
  readonly role?: GrantRole;
  readonly purpose: PurposeCode;
  /** Purpose for which the message was received; default: that of the route to this kind of reader. */
  readonly messagePurpose?: PurposeCode;
  /** A message; or a view; with neither the answer is the whole row of the release table. */
  readonly contract?: ContractId;
  readonly view?: ViewName;
  readonly endedPurposes?: readonly PurposeCode[];
}
