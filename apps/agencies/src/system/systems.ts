import { lstatSync, readFileSync } from 'node:fs';
import { behaviourOf } from '../behaviour/behaviour-of.js';
import { createDueAt } from '../behaviour/due-at.js';
import type { AgenciesConfig, AgencyConfig } from '../config.js';
import { AdapterClient } from './adapter-client.js';
import { AgencySystem } from './agency-system.js';

const READABLE_BY_OTHERS = 0o077;

/** All simulated systems of this process, by name. */
export class Systems {
  private constructor(private readonly byName: ReadonlyMap<string, AgencySystem>) {}

  static async open(config: AgenciesConfig, log: (line: string) => void): Promise<Systems> {
    const byName = new Map<string, AgencySystem>();
    for (const agency of config.agencies) byName.set(agency.name, await openSystem(agency, config.pace, log));
    return new Systems(byName);
  }

  find(name: string): AgencySystem | undefined {
    return this.byName.get(name);
  }

  all(): readonly AgencySystem[] {
    return [...this.byName.values()];
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((system) => system.close()));
  }
}

function openSystem(agency: AgencyConfig, pace: number, log: (line: string) => void): Promise<AgencySystem> {
  return AgencySystem.open({
    name: agency.name,
    stateDir: agency.stateDir,
    starts: agency.kind === 'MUNICIPALITY',
    behaviour: behaviourOf(agency),
    dueAt: createDueAt(pace),
    adapter: new AdapterClient(agency.adapterUrl, readSecret(agency.secretFile), `medewerker-${agency.name}-01`),
    log,
  });
}

function readSecret(path: string): string {
  if ((lstatSync(path).mode & READABLE_BY_OTHERS) !== 0) throw new Error(`${path}: others can read it; chmod 600 it`);
  return readFileSync(path, 'utf8').trim();
}
