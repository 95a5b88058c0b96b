import { join, resolve } from 'node:path';

/** Where the demo keeps what it must find again at its next start (design 10). */
export interface DemoPaths {
  readonly root: string;
  readonly state: string;
  readonly pki: string;
  readonly secrets: string;
  readonly database: string;
  readonly broker: string;
  readonly adapters: string;
  readonly agencies: string;
  readonly logs: string;
  /** Pid files of the processes that were started, to find what a crash left behind. */
  readonly run: string;
  readonly demoFile: string;
  readonly built: (app: 'gateway' | 'adapters' | 'agencies') => string;
}

/**
 * @param root the repository: the folder of package.json
 * @param stateDir folder of the state, where it is not `.ketenpoort`
 */
export function demoPaths(root: string, stateDir: string | null): DemoPaths {
  const state = stateDir === null ? join(root, '.ketenpoort') : resolve(stateDir);
  return {
    root,
    state,
    pki: join(state, 'pki'),
    secrets: join(state, 'secrets'),
    database: join(state, 'postgres'),
    broker: join(state, 'kafka'),
    adapters: join(state, 'adapters'),
    agencies: join(state, 'agencies'),
    logs: join(state, 'logs'),
    run: join(state, 'run'),
    demoFile: join(state, 'demo.json'),
    built: (app) => join(root, 'dist', 'apps', app, 'src', 'main.js'),
  };
}
