import type { FieldGroup, Level, PurposeCode, Role } from '#contracts/domain.js';

/** Cell of the release table: a level, and the named condition it depends on (`m@15`). */
export interface Release {
  readonly group: FieldGroup;
  readonly level: Level;
  readonly condition?: '15' | '16a' | '16c' | '17' | 'M';
}

/** Which part of the policy refuses: a successor that is not listed, a missing role or row, or an end that has passed. */
export type RefusalGround = 'NO_PURPOSE' | 'NO_SUCCESSOR' | 'NO_ROLE' | 'NO_ROW' | 'ENDED';

/** What the policy allows; the same whether or not the content exists (no oracle). */
export type Decision =
  | {
      readonly permit: true;
      readonly role: Role;
      readonly purpose: PurposeCode;
      readonly policyVersion: string;
      readonly releases: readonly Release[];
      /** Groups of the contract that this reader gets in some form, sorted. Computed from contract and policy only. */
      readonly released: readonly FieldGroup[];
      readonly withheld: readonly FieldGroup[];
      readonly reasons: readonly string[];
    }
  | {
      readonly permit: false;
      readonly code: 'PURPOSE_NOT_ALLOWED' | 'PURPOSE_REQUIRED' | 'PURPOSE_ENDED';
      readonly ground: RefusalGround;
      readonly policyVersion: string;
      readonly reasons: readonly string[];
    };
