import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tailOf } from '../support/child-process.js';
import type { Account, Binaries } from './postgres-binaries.js';

const run = promisify(execFile);

export const SUPERUSER = 'postgres';
/** Recovery after a crash replays at most `max_wal_size`; a minute is generous for that. */
const START_LIMIT_SECONDS = 60;
const STOP_LIMIT_SECONDS = 20;
const MAX_LOG_BYTES = 5_000_000;
const LOG_LINES_IN_ERROR = 15;

/** One server folder and the commands on it. `pg_ctl` gives the server a session of its own, so Ctrl-C passes it by. */
export class PostgresServer {
  readonly data: string;
  readonly socket: string;
  private readonly logFile: string;

  constructor(
    readonly folder: string,
    private readonly account: Account,
    private readonly binaries: Binaries,
  ) {
    this.data = join(folder, 'data');
    this.socket = join(folder, 'socket');
    this.logFile = join(folder, 'postgres.log');
  }

  /** Makes a new, empty cluster; whatever was in the folder is removed first. */
  async initialise(superPassword: string): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await this.makeFolder(this.folder);
    await this.makeFolder(this.socket);
    const passwordFile = join(this.folder, 'password');
    await this.write(passwordFile, superPassword);
    try {
      const choices = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'];
      await this.execute(this.binaries.initdb, [
        '-D',
        this.data,
        '-U',
        SUPERUSER,
        `--pwfile=${passwordFile}`,
        ...choices,
      ]);
    } catch (error) {
      throw new Error(`PostgreSQL could not make its data folder ${this.data}: ${reasonOf(error)}`, { cause: error });
    } finally {
      await rm(passwordFile, { force: true });
    }
  }

  async hasData(): Promise<boolean> {
    return (await stat(join(this.data, 'PG_VERSION')).catch(() => null)) !== null;
  }

  async settings(): Promise<string> {
    return await readFile(join(this.data, 'postgresql.conf'), 'utf8').catch(() => '');
  }

  /** Starts the server and returns when it accepts connections. Throws with its last log lines. */
  async start(settings: string): Promise<void> {
    await this.write(join(this.data, 'postgresql.conf'), settings);
    const log = await stat(this.logFile).catch(() => null);
    if (log !== null && log.size > MAX_LOG_BYTES) await truncate(this.logFile);
    try {
      const args = ['start', '-D', this.data, '-l', this.logFile, '-w', '-t', String(START_LIMIT_SECONDS)];
      await this.execute(this.binaries.pgCtl, args);
    } catch (error) {
      const tail = tailOf(this.logFile, LOG_LINES_IN_ERROR) || reasonOf(error);
      throw new Error(`PostgreSQL did not start. Its last lines:\n${tail}`, { cause: error });
    }
  }

  /** Ends all connections and stops; nothing happens when it does not run. */
  async stop(): Promise<void> {
    if (!(await this.isRunning())) return;
    const stopWith = (mode: string): Promise<void> =>
      this.execute(this.binaries.pgCtl, ['stop', '-D', this.data, '-m', mode, '-w', '-t', String(STOP_LIMIT_SECONDS)]);
    try {
      await stopWith('fast');
    } catch {
      if (await this.isRunning()) await stopWith('immediate');
    }
  }

  /**
   * Whether the postmaster of this folder lives, also one that outlived a killed parent. A pid file whose number now
   * belongs to another program (after a reboot) is removed, because PostgreSQL itself would refuse to start over it.
   */
  async isRunning(): Promise<boolean> {
    const pidFile = join(this.data, 'postmaster.pid');
    const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
    if (!Number.isInteger(pid) || pid <= 0) return false;
    if ((await commandLine(pid)).includes(this.data)) return true;
    await rm(pidFile, { force: true });
    return false;
  }

  async readLog(): Promise<string> {
    return await readFile(this.logFile, 'utf8');
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await this.give(path);
  }

  private async write(path: string, content: string): Promise<void> {
    await writeFile(path, content, { mode: 0o600 });
    await this.give(path);
  }

  private async give(path: string): Promise<void> {
    const { uid, gid } = this.account;
    if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
  }

  private async execute(command: string, args: readonly string[]): Promise<void> {
    // A minimal environment: PGPORT, PGDATA or PGOPTIONS of the person at the terminal must not steer our server.
    await run(command, args, { ...this.account, cwd: this.folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } });
  }
}

async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') return await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return (await run('ps', ['-o', 'args=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  return stderr?.trim() || message;
}
