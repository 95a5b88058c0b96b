import type { PeerKind } from '#contracts/domain.js';

/** Who is calling: a registered organisation, known by the certificate of this connection. */
export interface Peer {
  readonly oin: string;
  readonly kind: PeerKind;
  readonly name: string;
  /** Pilot code of a municipality. */
  readonly pilot?: string;
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly thumbprint: string;
  readonly active: boolean;
}

/** A person with a certificate of the officers' authority (privacy officer, FG). */
export interface Officer {
  readonly thumbprint: string;
  readonly name: string;
  readonly organisationOin: string;
  readonly role: string;
}
