import type { AgencyConfig } from '../config.js';
import type { Behaviour } from './intent.js';
import { municipality } from './municipality.js';
import { avim, coa, dtv, ind } from './suppliers.js';

/** NGOs of the demo take in what they may see and send nothing of their own. */
const listener: Behaviour = () => [];

export function behaviourOf(agency: AgencyConfig): Behaviour {
  switch (agency.kind) {
    case 'MUNICIPALITY':
      return municipality({ pilot: agency.pilot ?? '', guidanceOin: agency.guidanceOin ?? '' });
    case 'IND':
      return ind;
    case 'DTV':
      return dtv;
    case 'COA':
      return coa;
    case 'AVIM':
      return avim;
    case 'NGO':
      return listener;
    case 'PROGRAMME':
    case 'CONSOLE':
    case 'GATEWAY':
      throw new Error(`${agency.name}: nothing is simulated for kind ${agency.kind}`);
  }
}
