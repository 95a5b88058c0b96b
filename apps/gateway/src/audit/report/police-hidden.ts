import { contractById } from '#contracts/catalogue.js';
import type { ContractId } from '#contracts/contract.js';
import type { PeerRegister } from '../../peers/peer-register.js';
import type { PartRow } from './report-rows.js';

/**
 * Whether the name of an organisation stays out: that of the police, until it has released its own part. To the police
 * itself nothing of it is hidden.
 */
export function policeHidden(
  peers: Pick<PeerRegister, 'byOin'>,
  parts: readonly PartRow[],
  reader?: string,
): (oin: string) => boolean {
  const released = new Set(parts.filter((part) => part.state === 'RELEASED').map((part) => part.oin));
  return (oin) => oin !== reader && peers.byOin(oin)?.kind === 'AVIM' && !released.has(oin);
}

/** Whether the police has released its part: from then on the document speaks of it. */
export function policeReleased(parts: readonly Pick<PartRow, 'regime' | 'state'>[]): boolean {
  return parts.some(({ regime, state }) => regime === 'WPG' && state === 'RELEASED');
}

/** Whether a message of this contract can go to the police at all: what a line says must not hang on whether it did. */
export function mayReachPolice(contract: ContractId): boolean {
  return contractById(contract).routes.some(({ to }) => to === 'AVIM');
}
