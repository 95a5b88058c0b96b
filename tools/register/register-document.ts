import type { ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';

/** By value, or as a file (PEM or DER) beside the document. Exactly one of the two. */
export interface CertificateReference {
  /** SHA-256 of the DER in lowercase hex. */
  readonly thumbprint?: string;
  /** Path, relative to the document. */
  readonly file?: string;
}

export interface PeerEntry {
  readonly oin: string;
  readonly name: string;
  readonly kind: PeerKind;
  readonly pilot?: string;
  /** Default true. */
  readonly active?: boolean;
  readonly certificates?: readonly (CertificateReference & { readonly label?: string; readonly active?: boolean })[];
}

export interface OfficerEntry extends CertificateReference {
  readonly name: string;
  readonly organisationOin: string;
  readonly role: string;
  readonly active?: boolean;
}

/** A witness of the log. `oin`: the organisation whose adapter polls and posts; `url`: a server that the gateway calls. */
export interface WitnessEntry {
  readonly name: string;
  /** Verifier key of type cosignature/v1 (C2SP signed-note), whose name is that of the witness. */
  readonly vkey: string;
  readonly oin?: string;
  readonly url?: string;
  readonly active?: boolean;
}

/** Local calendar dates `YYYY-MM-DD`; `validTo` is the last day in force. */
export interface Period {
  readonly validFrom: string;
  readonly validTo?: string;
}

/**
 * What `register -- apply` takes. Every section is optional, so that one file may hold the pilots and another the
 * covenants. What a document does not name stays as it is; nothing is removed: a peer or certificate becomes inactive, a
 * rule gets an end date.
 */
export interface RegisterDocument {
  /** What the document is, for its readers. A row may likewise have a `source`. Neither is stored. */
  readonly label?: string;
  readonly peers?: readonly PeerEntry[];
  readonly officers?: readonly OfficerEntry[];
  readonly pilots?: readonly {
    readonly code: string;
    readonly name: string;
    /** Or later, by `municipalities`: the OIN belongs to the installation, the rest to the agreement. */
    readonly municipalityOin?: string;
    /** CBS code, four digits. */
    readonly municipalityCode: string;
  }[];
  readonly municipalities?: readonly { readonly pilot: string; readonly oin: string }[];
  readonly capacities?: readonly (Period & { readonly pilot: string; readonly agreedPlaces: number })[];
  readonly covenants?: readonly (Required<Period> & {
    readonly id: string;
    readonly pilot: string;
    readonly parties: readonly unknown[];
  })[];
  readonly policies?: readonly (Period & { readonly pilot: string; readonly key: string; readonly value: unknown })[];
  readonly witnesses?: readonly WitnessEntry[];
  readonly routeBases?: readonly (Period & {
    readonly contract: ContractId;
    readonly receiverKind: PeerKind;
    readonly basis: string;
  })[];
}

/** The document is not one: every error at once, as JSON pointers. Nothing was written. */
export class RegisterDocumentError extends Error {
  override readonly name = 'RegisterDocumentError';
  constructor(readonly problems: readonly string[]) {
    super(`the register document is not valid:\n${problems.map((one) => `  ${one}`).join('\n')}`);
  }
}
