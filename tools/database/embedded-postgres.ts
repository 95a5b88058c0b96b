import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, isPortFree } from '../support/free-port.js';
import {
  createDatabase,
  createRoles,
  dropDatabase,
  LOGIN_ROLES,
  newPassword,
  type LoginRole,
} from './database-roles.js';
import { findBinaries, serverAccount, serverFolder } from './postgres-binaries.js';
import { PostgresServer, SUPERUSER } from './postgres-server.js';
import { portOf, postgresSettings, type ServerSize } from './postgres-settings.js';

const DATABASE_NAME = /^[a-z][a-z0-9_]{0,50}$/;
const PROBE_LIMIT_MS = 2_000;

export interface PostgresOptions {
  /** Holds the passwords (0600) and, where the server's account can reach it, the data. Made when missing. */
  readonly dataDir: string;
  readonly log?: (line: string) => void;
  /** Default: the port of the last time if it is free, else any free one. */
  readonly port?: number;
  /** Default: as a demo needs it. */
  readonly size?: ServerSize;
  /** Folder with the `bin` of another build of PostgreSQL 16 to 18; default: that of the npm package. */
  readonly build?: string;
}

/** A PostgreSQL server for demo and tests. The addresses are of the roles in tools/database/roles.sql. */
export interface EmbeddedPostgres {
  readonly port: number;
  superUrl(database: string): string;
  ownerUrl(database: string): string;
  appUrl(database: string): string;
  retentionUrl(database: string): string;
  readerUrl(database: string): string;
  /** Names match `^[a-z][a-z0-9_]{0,50}$`. Does nothing when the database is there. */
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  /** The server's log so far: it must hold no value of any statement (G8). */
  readLog(): Promise<string>;
  /** Stops the server; the data stays for the next start. Safe to call twice. */
  stop(): Promise<void>;
  /** Stops the server and removes its data. */
  remove(): Promise<void>;
}

type SettingsAt = (port: number, socket: string) => string;
type Passwords = Readonly<Record<LoginRole | 'super', string>>;

/**
 * Starts the embedded server on `dataDir`, or adopts the one that still runs there because its parent was killed. One
 * supervisor a folder. Throws with the server's last log lines when it does not start.
 */
export async function startPostgres({
  dataDir,
  log = () => undefined,
  port,
  size,
  build,
}: PostgresOptions): Promise<EmbeddedPostgres> {
  const settingsAt: SettingsAt = (chosen, socket) => postgresSettings(chosen, socket, size);
  await mkdir(dataDir, { recursive: true, mode: 0o755 });
  const account = await serverAccount();
  const [folder, binaries] = await Promise.all([serverFolder(dataDir, account), findBinaries(account, build)]);
  const server = new PostgresServer(folder, account, binaries);
  const passwordFile = join(dataDir, 'passwords.json');
  const known = (await server.hasData()) ? await readPasswords(passwordFile) : null;
  const passwords = known ?? (await firstStart(server, passwordFile, settingsAt, log, port));
  return handle(server, passwords, await runningPort(server, passwords, settingsAt, log, port));
}

/** Stops the server that an earlier run left on `dataDir`, whatever its build and settings, and removes its data. */
export async function removePostgres(dataDir: string): Promise<void> {
  const account = await serverAccount();
  const [folder, binaries] = await Promise.all([serverFolder(dataDir, account), findBinaries(account)]);
  await new PostgresServer(folder, account, binaries).remove();
}

/**
 * The passwords are written last: without them, or without data, whatever stands in the folder is what an interrupted first start or a
 * removed `.ketenpoort` left behind, and nobody can use it any more.
 */
async function firstStart(
  server: PostgresServer,
  passwordFile: string,
  settingsAt: SettingsAt,
  log: (line: string) => void,
  port: number | undefined,
): Promise<Passwords> {
  log('PostgreSQL: making a new database cluster');
  await server.stop();
  const superPassword = newPassword();
  await server.initialise(superPassword);
  const chosen = await choosePort(server, port);
  await server.start(settingsAt(chosen, server.socket));
  const passwords = {
    super: superPassword,
    ...(await createRoles(urlOf(SUPERUSER, superPassword, chosen, 'postgres'))),
  };
  await writeFile(`${passwordFile}.new`, JSON.stringify(passwords), { mode: 0o600 });
  await rename(`${passwordFile}.new`, passwordFile);
  return passwords;
}

/** Leaves a fitting live server alone, restarts any other, and returns the port. */
async function runningPort(
  server: PostgresServer,
  passwords: Passwords,
  settingsAt: SettingsAt,
  log: (line: string) => void,
  port: number | undefined,
): Promise<number> {
  const settings = await server.settings();
  const live = portOf(settings);
  if (live !== null && (await server.isRunning())) {
    const fits = (port ?? live) === live && settings === settingsAt(live, server.socket);
    if (fits && (await accepts(urlOf(SUPERUSER, passwords.super, live, 'postgres')))) return live;
    log('PostgreSQL: stopping a server that an earlier run left behind');
    await server.stop();
  }
  const chosen = await choosePort(server, port);
  await server.start(settingsAt(chosen, server.socket));
  log(`PostgreSQL: ready on 127.0.0.1:${chosen}`);
  return chosen;
}

async function choosePort(server: PostgresServer, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) return wanted;
  const last = portOf(await server.settings());
  return last !== null && (await isPortFree(last)) ? last : await freePort();
}

async function accepts(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PROBE_LIMIT_MS });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function handle(server: PostgresServer, passwords: Passwords, port: number): EmbeddedPostgres {
  const url = (role: LoginRole) => (database: string) =>
    urlOf(LOGIN_ROLES[role], passwords[role], port, checked(database));
  const superUrl = (database: string): string => urlOf(SUPERUSER, passwords.super, port, checked(database));
  return {
    port,
    superUrl,
    ownerUrl: url('owner'),
    appUrl: url('app'),
    retentionUrl: url('retention'),
    readerUrl: url('reader'),
    createDatabase: async (name) => await createDatabase(superUrl('postgres'), checked(name)),
    dropDatabase: async (name) => await dropDatabase(superUrl('postgres'), checked(name)),
    readLog: async () => await server.readLog(),
    stop: async () => await server.stop(),
    remove: async () => await server.remove(),
  };
}

function checked(database: string): string {
  if (!DATABASE_NAME.test(database)) throw new Error(`a database name matches ${DATABASE_NAME.source}`);
  return database;
}

function urlOf(role: string, password: string, port: number, database: string): string {
  return `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

async function readPasswords(file: string): Promise<Passwords | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Passwords;
  } catch {
    return null;
  }
}
