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
  const gateway = {
    agency: await usualOrFree(GATEWAY.agency),
    public: await usualOrFree(GATEWAY.public),
    management: await usualOrFree(GATEWAY.management),
  };
  const adapters = new Map<string, number>();
  const systems = new Map<string, number>();
  const shared = separate ? null : await usualOrFree(FIRST_SYSTEM);
  for (const [index, peer] of ROSTER.entries()) {
    adapters.set(peer.name, await usualOrFree(FIRST_ADAPTER + index));
    systems.set(peer.name, shared ?? (await usualOrFree(FIRST_SYSTEM + index)));
  }
  return { gateway, adapters, systems };
}

async function usualOrFree(port: number): Promise<number> {
  return (await isPortFree(port)) ? port : freePort();
}
