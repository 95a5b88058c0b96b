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
