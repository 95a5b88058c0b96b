import type { PeerRegister } from '../../peers/peer-register.js';
import { missingConsents, type Controller } from './controllers.js';
import type { GrantRow } from './grant-rows.js';

export const GROUNDS_NL: Readonly<Record<string, string>> = {
  BREACH: 'onderzoek van een inbreuk (AVG art. 33)',
  DATA_SUBJECT_REQUEST: 'verzoek van een betrokkene dat meer organisaties raakt (AVG art. 15)',
  COMPLAINT: 'klacht die meer organisaties raakt (AVG art. 38, vierde lid)',
  SUPERVISOR_REQUEST: 'vraag van de Autoriteit Persoonsgegevens (AVG art. 31)',
  JOINT_AUDIT: 'gezamenlijke controle door de verantwoordelijken (AVG art. 39)',
};

export type GrantStatus = 'REQUESTED' | 'RUNNING' | 'ENDED' | 'LAPSED';

/** A request runs once no controller's consent is missing, until it is ended or its time is over. */
export function statusOf(grant: GrantRow, controllers: readonly Controller[], now: Date): GrantStatus {
  if (grant.endedAt) return 'ENDED';
  if (grant.validUntil <= now) return 'LAPSED';
  const consents = grant.consents.map(({ oin }) => oin);
  return missingConsents(controllers, consents).length === 0 ? 'RUNNING' : 'REQUESTED';
}

/** Controllers know of every request, others of their own alone. */
export function concerns(grant: GrantRow, oin: string, controllers: readonly Controller[]): boolean {
  return grant.oin === oin || controllers.some((one) => one.oin === oin);
}

export type GrantView = ReturnType<typeof grantView>;

/** The person who asked stands in no view: to other organisations an officer is the organisation. */
export function grantView(
  grant: GrantRow,
  controllers: readonly Controller[],
  peers: Pick<PeerRegister, 'byOin'>,
  now: Date,
) {
  const nameOf = (oin: string) => ({ oin, name: peers.byOin(oin)?.name ?? null });
  const consented = grant.consents.map(({ oin }) => oin);
  return {
    id: grant.id,
    kind: 'NATIONAL_VIEW' as const,
    status: statusOf(grant, controllers, now),
    ground: { code: grant.ground, nl: GROUNDS_NL[grant.ground] ?? grant.ground },
    requestedBy: nameOf(grant.oin),
    requestedAt: grant.requestedAt.toISOString(),
    validUntil: grant.validUntil.toISOString(),
    ...(grant.endedAt ? { endedAt: grant.endedAt.toISOString() } : {}),
    consents: grant.consents.map(({ oin, at }) => ({ ...nameOf(oin), at: new Date(at).toISOString() })),
    missing: missingConsents(controllers, consented).map(({ oin, name, hasOfficer }) => ({
      oin,
      name,
      reason: hasOfficer ? ('NOT_YET' as const) : ('NO_OFFICER' as const),
    })),
  };
}
