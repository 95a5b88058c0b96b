import type { EventFamily, FieldGroup, LegalBasis, Level, PeerKind, PurposeCode, SensitivityClass } from './domain.js';

/** Message id of the catalogue: `M01` .. `M43`. */
export type ContractId = `M${number}${number}`;

/**
 * Why a route applies. `ALWAYS`: to every party of that kind in the case. `QUESTIONS`: only if the message asks a
 * question that this receiver answers (M02 `questions[]`, M07 `parts[]`). `STAY_CHANGED`: M41 other than STARTED (the
 * start reaches DT&V as M05). `PAST_RECIPIENTS`: everyone to whom the target message was delivered. `AUTHOR`: the sender
 * of the target message. `FROM_NGO`: to the municipality only when an NGO desk posted it on mandate. `NAMED`: only to the
 * party that the message itself names (M43 `ngo_oin`), not to others of its kind. `CONTROLLERS`: to those that the message
 * names and that are, or have been, a party of the case (M37 `controllers[]`): who holds data answers for it.
 */
export type RouteCondition =
  'ALWAYS' | 'QUESTIONS' | 'STAY_CHANGED' | 'PAST_RECIPIENTS' | 'AUTHOR' | 'FROM_NGO' | 'NAMED' | 'CONTROLLERS';

/** One receiver of a contract. The purpose is the one for which this receiver may read the content. */
export interface Route {
  readonly to: PeerKind;
  readonly purpose: PurposeCode;
  readonly when: RouteCondition;
  /** Off unless the gateway's configuration names a basis for it (AVIM routes; DT&V for ground X6). */
  readonly needsBasis?: true;
}

/** A catalogue entry: everything about a message that is not its payload schema. */
export interface Contract {
  readonly id: ContractId;
  /** PascalCase name, e.g. `IndDossierPart`. */
  readonly name: string;
  readonly dutch: string;
  /** CloudEvents type of the exact contract: `nl.lvv.ind-dossier-part.v1`. */
  readonly type: string;
  readonly version: number;
  readonly kind: 'REQUEST' | 'RESPONSE' | 'NOTIFICATION' | 'COMMAND';
  readonly family: EventFamily;
  /** Peers that may post it. Empty: only the gateway itself makes it (M05, M12, M13). */
  readonly senders: readonly PeerKind[];
  /** Purposes a sender may name; the first is the default. */
  readonly purposes: readonly PurposeCode[];
  readonly legalBases: readonly LegalBasis[];
  /** URI in the register of processing activities (AVG art. 30). */
  readonly processingActivity: string;
  readonly caseId: 'none' | 'required' | 'optional';
  readonly routes: readonly Route[];
}

/** What a level does with one property when its field group is released at that level. */
export type LevelAction =
  | 'keep'
  | 'drop'
  /** Coded: each listed value is replaced, an unlisted one is dropped. Keys are JSON values as text. */
  | { readonly map: Readonly<Record<string, string | boolean>> }
  /** Object or array property: keep only these members of it. */
  | { readonly members: readonly string[] };

/**
 * Annotation of one property, read from the JSON Schema keywords `x-field-group`, `x-class`, `x-levels`, `x-values`.
 * `pointer` is a path of property names with a star for array items: procedures, star, type.
 */
export interface PropertyRule {
  readonly pointer: string;
  readonly group: FieldGroup;
  readonly class: SensitivityClass;
  /** F is always `keep`; a level that is absent here is `drop`. */
  readonly levels: Partial<Record<Level, LevelAction>>;
  /** Values that say more than their property (`residence_status=ART64` is FG20). */
  readonly values: Readonly<Record<string, { readonly group: FieldGroup; readonly class: SensitivityClass }>>;
}

/** One schema violation. Never carries the offending value, nor an unknown property's name. */
export interface ValidationIssue {
  /** RFC 6901 pointer into the document; the parent's pointer for an unknown property. */
  readonly pointer: string;
  /** Schema keyword that failed, e.g. `required`, `pattern`, `additionalProperties`. */
  readonly rule: string;
  readonly detail: string;
}
