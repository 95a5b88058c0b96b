import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { parseVerifierKey } from '#ledger/verifier-key.js';
import { LogKey } from '../../apps/gateway/src/access-log/log/log-key.js';
import type { Manifest } from '../../tools/backup/manifest.js';
import { createDatabase } from '../../tools/database/database-roles.js';
import { CaseSteps } from './case-steps.js';
import { runBuilt, type Ran } from './log-copies.js';
import { monthsAgo, oldRecord, sequenced, written } from './retention.js';
import { until } from './until.js';
import { WitnessServer } from './witness-server.js';
import { LOG_ORIGIN, World } from './world.js';

const LIMIT_MS = 20_000;
/** Records past their term, for retention to remove after the backup. */
export const EXPIRED = 3;

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

/** A gateway with a witness outside, and the commands of backup and restore on its server. */
export class BackupDrill {
  private constructor(
    readonly world: World,
    readonly witness: WitnessServer,
    readonly steps: CaseSteps,
    /** Where retention notes beside the database what it erased. */
    readonly journal: string,
    private readonly tools: Readonly<Record<string, string>>,
  ) {}

  /**
   * @param tools what the commands need to find pg_dump
   * @param shared a server of the drill's own, as for `World.open`
   */
  static async open(
    tools: Readonly<Record<string, string>>,
    shared?: Parameters<typeof World.open>[0],
  ): Promise<BackupDrill> {
    const world = await World.open(shared);
    const journal = join(world.folder, 'erasures.jsonl');
    const key = LogKey.from(readFileSync(world.secrets.logKeyFile, 'utf8'));
    const keys = [LOG_ORIGIN, `${LOG_ORIGIN}/2`].map((origin) => parseVerifierKey(key.verifierKeyOf(origin)));
    const witness = await WitnessServer.start(() => Promise.resolve(keys));
    const row = [witness.name, witness.vkey, witness.url];
    await world.rows('INSERT INTO witness (name, vkey, url) VALUES ($1, $2, $3)', row);
    const drill = new BackupDrill(world, witness, new CaseSteps(world), journal, tools);
    await world.startGateway({ ERASURE_JOURNAL_FILE: journal });
    await drill.steps.admitted('rot');
    const expired = Array.from({ length: EXPIRED }, () => oldRecord(monthsAgo(66)));
    await written(world, expired);
    return drill;
  }

  /** Name of the database of the gateway. */
  get live(): string {
    return nameOf(this.world.databaseUrl);
  }

  /** The same address of another database. */
  at(url: string, database: string): string {
    return Object.assign(new URL(url), { pathname: `/${database}` }).href;
  }

  folderOf(name: string): string {
    return join(this.world.folder, name);
  }

  restoredName(name: string): string {
    return `${this.live}_${name}`;
  }

  /** Folder, mode and numbers of a backup as its manifest says. */
  manifestOf(name: string): Manifest {
    return JSON.parse(readFileSync(join(this.folderOf(name), 'manifest.json'), 'utf8')) as Manifest;
  }

  /** `npm run backup -- …` on the database of that name; without one on that of the gateway. */
  backup(args: readonly string[], database = this.live): Promise<Ran> {
    const DATABASE_OWNER_URL = this.at(this.world.ownerUrl, database);
    const env = { ...this.tools, DATABASE_OWNER_URL, ERASURE_JOURNAL_FILE: this.journal };
    return runBuilt('dist/tools/backup/main.js', args, env);
  }

  /** Restores into a new, empty database. */
  async restore(name: string, into = name): Promise<Ran> {
    await createDatabase(this.at(this.world.superUrl, 'postgres'), this.restoredName(into));
    return this.backup(['restore', '--from', this.folderOf(name)], this.restoredName(into));
  }

  /** Messages that a database holds. */
  async idsIn(database: string): Promise<Set<string>> {
    const own = new pg.Client({ connectionString: this.at(this.world.ownerUrl, database) });
    await own.connect();
    const { rows } = await own.query<{ id: string }>('SELECT id FROM ketenpoort.message').finally(() => own.end());
    return new Set(rows.map(({ id }) => id));
  }

  /** Everything is in the log, and the witness has seen all of it: how much. */
  async witnessed(): Promise<number> {
    await sequenced(this.world);
    return until('the witness has seen all of the log', LIMIT_MS, async () => {
      const [head] = await this.world.rows<{ size: string }>('SELECT size FROM tree_head');
      return this.witness.seen?.size === Number(head?.size) ? this.witness.seen.size : null;
    });
  }

  /** Cases come in, one after another, until `stop`. */
  traffic(): { readonly accepted: readonly string[]; readonly stop: () => Promise<void> } {
    const accepted: string[] = [];
    let running = true;
    const loop = (async () => {
      while (running) accepted.push((await this.steps.screening('rot')).caseId);
    })();
    const stop = (): Promise<void> => {
      running = false;
      return loop;
    };
    return { accepted, stop };
  }

  async close(): Promise<void> {
    this.steps.close();
    await this.world.close();
    await this.witness.close();
  }
}
