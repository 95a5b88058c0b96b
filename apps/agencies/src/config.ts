import { readFileSync } from 'node:fs';
import { PEER_KINDS, type PeerKind } from '#contracts/domain.js';

/** One simulated organisation. */
export interface AgencyConfig {
  /** Path segment and folder name: `ams`, `ngo-1`, `ind`. */
  readonly name: string;
  readonly oin: string;
  readonly kind: PeerKind;
  /** Municipalities only: the pilot whose residents they register. */
  readonly pilot?: string;
  /** Municipalities only: the NGO that guides their residents. */
  readonly guidanceOin?: string;
  /** Local interface of the own adapter. */
  readonly adapterUrl: string;
  /** File with the secret of that interface; nobody else may read it. */
  readonly secretFile: string;
  /** Folder of the own book. */
  readonly stateDir: string;
}

/** Everything the process is told from outside; read once. */
export interface AgenciesConfig {
  /** Loopback only: the systems play agencies, they are not to be reached from elsewhere. */
  readonly port: number;
  /** Scale of all working times: 0 answers at once, 1 in seconds as the demo does. */
  readonly pace: number;
  /** Share of the webhook calls that is answered 503 at the first try, 0..1. */
  readonly hiccupShare: number;
  readonly agencies: readonly AgencyConfig[];
}

/** Reads and checks `<config.json>`; throws an error that names the field. */
export function readAgenciesConfig(path: string): AgenciesConfig {
  const raw = JSON.parse(readFileSync(path, 'utf8')) as Partial<AgenciesConfig>;
  const number = (name: 'port' | 'pace' | 'hiccupShare', min: number, max: number): number => {
    const value = raw[name];
    if (typeof value !== 'number' || !(value >= min && value <= max))
      throw new Error(`${name}: a number ${min}..${max}`);
    return value;
  };
  if (!Array.isArray(raw.agencies) || raw.agencies.length === 0) throw new Error('agencies: at least one is needed');
  return Object.freeze({
    port: number('port', 0, 65_535),
    pace: number('pace', 0, 1000),
    hiccupShare: number('hiccupShare', 0, 1),
    agencies: raw.agencies.map(checkAgency),
  });
}

function checkAgency(agency: AgencyConfig): AgencyConfig {
  for (const field of ['name', 'oin', 'adapterUrl', 'secretFile', 'stateDir'] as const) {
    if (typeof agency[field] !== 'string' || agency[field] === '') throw new Error(`agencies: ${field} is missing`);
  }
  if (!/^[a-z0-9-]+$/.test(agency.name)) throw new Error('agencies: name holds other characters than a-z, 0-9 and -');
  if (!PEER_KINDS.includes(agency.kind)) throw new Error(`agencies: ${agency.name} has an unknown kind`);
  if (agency.kind === 'MUNICIPALITY' && !(agency.pilot && agency.guidanceOin)) {
    throw new Error(`agencies: ${agency.name} needs pilot and guidanceOin`);
  }
  return agency;
}
