import { join } from 'node:path';
import { writeAtomically } from '../../pki/private-files.js';
import type { AgenciesConfig, AgencyConfig } from '../../../apps/agencies/src/config.js';
import { answers } from '../http-json.js';
import type { DemoPaths } from '../paths.js';
import type { DemoPorts } from '../ports.js';
import { ROSTER, type RosterPeer } from '../roster.js';
import { type Service, startServices } from '../service.js';
import { adapterSecretFile, adapterUrl, controlUrl } from './addresses.js';

/** Pace 1 takes the demo's seconds for days; see the working times of the systems. */
const PACE = 1;
/** One webhook call in twenty is answered 503 at its first try. */
const HICCUP_SHARE = 0.05;

/** NGO of each pilot, so that both NGOs have residents of more than one municipality. */
const GUIDED_BY: Readonly<Record<string, string>> = {
  AMS: 'ngo-1',
  ROT: 'ngo-2',
  UTR: 'ngo-1',
  EHV: 'ngo-2',
  GRO: 'ngo-1',
};

/** Starts the simulated systems: all in one process, or each in its own. */
export async function startAgencies(
  paths: DemoPaths,
  ports: DemoPorts,
  separate: boolean,
  report: (text: string) => void,
): Promise<Service> {
  const groups = separate ? ROSTER.map((peer) => [peer]) : [ROSTER];
  const requests = groups.map(async (peers) => {
    const first = peers[0]!.name;
    const name = separate ? `agency-${first}` : 'agencies';
    const config: AgenciesConfig = {
      port: ports.systems.get(first)!,
      pace: PACE,
      hiccupShare: HICCUP_SHARE,
      agencies: peers.map((peer) => agencyConfig(paths, ports, peer)),
    };
    const file = join(paths.agencies, `${name}.json`);
    await writeAtomically(file, JSON.stringify(config, null, 2), 0o600);
    const isReady = (): Promise<boolean> => answers(`${controlUrl(ports, first)}/progress`, [200]);
    return { name, script: paths.built('agencies'), args: [file], isReady };
  });
  return startServices(paths, await Promise.all(requests), report);
}

function agencyConfig(paths: DemoPaths, ports: DemoPorts, peer: RosterPeer): AgencyConfig {
  const ngo = peer.pilot === undefined ? undefined : ROSTER.find((one) => one.name === GUIDED_BY[peer.pilot ?? '']);
  return {
    name: peer.name,
    oin: peer.oin,
    kind: peer.kind,
    ...(peer.pilot === undefined ? {} : { pilot: peer.pilot }),
    ...(ngo === undefined ? {} : { guidanceOin: ngo.oin }),
    adapterUrl: adapterUrl(ports, peer.name),
    secretFile: adapterSecretFile(paths, peer.name),
    stateDir: join(paths.agencies, peer.name),
  };
}
