import { join } from 'node:path';
import type { DemoPaths } from '../paths.js';
import type { DemoPorts } from '../ports.js';

/** Where adapters and systems find each other: each of the two is told of the other. */
export function adapterUrl(ports: DemoPorts, name: string): string {
  return `http://127.0.0.1:${ports.adapters.get(name)}`;
}

/** The secret that a system shows to its own adapter. */
export function adapterSecretFile(paths: DemoPaths, name: string): string {
  return join(paths.secrets, `adapter-${name}.secret`);
}

export function systemUrl(ports: DemoPorts, name: string): string {
  return `${controlUrl(ports, name)}/${name}`;
}

/** Where a run is started for the process that plays this organisation. */
export function controlUrl(ports: DemoPorts, name: string): string {
  return `http://127.0.0.1:${ports.systems.get(name)}`;
}
