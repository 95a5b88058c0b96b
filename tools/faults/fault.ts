import type { Prng } from '../../apps/agencies/src/population/prng.js';
import type { Stand } from './stand/stand.js';

/** How long each kind of fault lasts. */
export interface Durations {
  readonly downMs: number;
  readonly frozenMs: number;
  readonly linkMs: number;
  readonly diskMs: number;
  readonly clockMs: number;
}

export interface Scene {
  readonly stand: Stand;
  readonly chance: Prng;
  readonly durations: Durations;
  /** The adapters of these agencies may repeat what they have handed over: they died, or were held, meanwhile. */
  readonly excuse: (recipients: readonly string[]) => void;
}

export interface Fault {
  readonly name: string;
  /** Why this machine cannot do it; null when it can. */
  readonly missing: (stand: Stand) => string | null;
  /** Does it and undoes it. Resolves to what was done, once every process runs and every way is open again. */
  readonly happen: (scene: Scene) => Promise<string>;
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
