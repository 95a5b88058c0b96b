import type { PeerKind } from '#contracts/domain.js';
import type { PeerRegister } from '../../peers/peer-register.js';

/** Kinds of organisation that are controllers together (AVG art. 26); an NGO acts on a municipality's mandate. */
const CONTROLLER_KINDS: readonly PeerKind[] = ['MUNICIPALITY', 'IND', 'DTV', 'COA', 'AVIM'];

export interface Controller {
  readonly oin: string;
  readonly name: string;
  /** Without a registered privacy officer nobody can agree in its name. */
  readonly hasOfficer: boolean;
}

/** Active organisations without whose consent nobody sees the whole log. */
export function controllersOf(peers: Pick<PeerRegister, 'ofKind' | 'officersOf'>): readonly Controller[] {
  return CONTROLLER_KINDS.flatMap((kind) => peers.ofKind(kind)).map(({ oin, name }) => ({
    oin,
    name,
    hasOfficer: peers.officersOf(oin).some(({ role }) => role === 'FG'),
  }));
}

/** Those who have not agreed. One without an officer blocks: silence is not consent, and nobody speaks for another. */
export function missingConsents(
  controllers: readonly Controller[],
  consents: readonly string[],
): readonly Controller[] {
  return controllers.filter(({ oin }) => !consents.includes(oin));
}
