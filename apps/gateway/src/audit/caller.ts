import type { PeerKind } from '#contracts/domain.js';
import { GatewayError } from '../errors.js';
import type { Officer, Peer } from '../peers/peer.js';
import type { PeerRegister } from '../peers/peer-register.js';

/** Who asks, as the record of the question says it: an officer in person, or a system where a route is open to both. */
export interface Caller {
  readonly oin: string;
  readonly kind: PeerKind;
  readonly thumbprint: string;
  /** Role of the officer; absent for a system. */
  readonly officer?: string;
}

/** The only role that may ask about others' accesses (domain 3.2). */
const PRIVACY_OFFICER = 'FG';

/** @throws GatewayError `OFFICER_UNKNOWN` when the organisation left the register while the request came in */
export function callerOf(
  from: { officer: Officer | undefined; peer: Peer },
  peers: Pick<PeerRegister, 'byOin'>,
): Caller {
  const { officer, peer } = from;
  if (!officer) return { oin: peer.oin, kind: peer.kind, thumbprint: peer.thumbprint };
  const organisation = peers.byOin(officer.organisationOin);
  if (!organisation) throw new GatewayError('OFFICER_UNKNOWN', 'the organisation of the officer is not registered');
  const { thumbprint, role } = officer;
  return { oin: organisation.oin, kind: organisation.kind, thumbprint, officer: role };
}

/** @throws GatewayError `OFFICER_ROLE_NOT_ALLOWED` */
export function assertPrivacyOfficer({ officer }: Caller): void {
  if (officer === PRIVACY_OFFICER) return;
  throw new GatewayError('OFFICER_ROLE_NOT_ALLOWED', 'only a privacy officer (FG) may ask this');
}
