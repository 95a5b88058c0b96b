import { freePort, isPortFree } from '../support/free-port.js';
import { ROSTER } from './roster.js';

const GATEWAY = { agency: 8443, public: 8444, management: 9464 } as const;
const FIRST_ADAPTER = 9500;
const FIRST_SYSTEM = 9600;

export interface DemoPorts {
  readonly gateway: { readonly agency: number; readonly public: number; readonly management: number };
  /** Local interface of each adapter, by peer name. */
  readonly adapters: ReadonlyMap<string, number>;
  /** Of each agency system: one and the same for all, or its own when they are separate processes. */
  readonly systems: ReadonlyMap<string, number>;
}

/** The usual ports where they are free, so that addresses stay the same from start to start; others where not. */
export async function choosePorts(separate: boolean): Promise<DemoPorts> {
  const taken = new Set<number>();
  const choose = (usual: number): Promise<number> => usualOrFree(usual, taken);
  const gateway = {
    agency: await choose(GATEWAY.agency),
    public: await choose(GATEWAY.public),
    management: await choose(GATEWAY.management),
  };
  const adapters = new Map<string, number>();
  const systems = new Map<string, number>();
  const shared = separate ? null : await choose(FIRST_SYSTEM);
  for (const [index, peer] of ROSTER.entries()) {
    adapters.set(peer.name, await choose(FIRST_ADAPTER + index));
    systems.set(peer.name, shared ?? (await choose(FIRST_SYSTEM + index)));
  }
  return { gateway, adapters, systems };
}

/** A port is free until somebody binds it, so what was chosen before must not be chosen again. */
async function usualOrFree(port: number, taken: Set<number>): Promise<number> {
  let chosen = (await isPortFree(port)) ? port : await freePort();
  while (taken.has(chosen)) chosen = await freePort();
  taken.add(chosen);
  return chosen;
}
