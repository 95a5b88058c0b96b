import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import pg from 'pg';
import { runAs } from './own-database.js';

/** SQLSTATE `disk_full`. */
export const DISK_FULL = '53100';
const SIZE_MB = 4;

export interface SmallDisk {
  /** Fills it to the last byte that the smallest record needs. */
  fill(): Promise<void>;
  /** Room again. */
  empty(): void;
}

/** Why no small disk can be had here; null when one can. Mounting takes root and the right to it. */
export function whyNoSmallDisk(folder: string): string | null {
  mkdirSync(folder, { recursive: true });
  const tried = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=1777`, 'tmpfs', folder]);
  if (tried.status !== 0) return tried.error?.message ?? tried.stderr.toString().trim();
  spawnSync('umount', [folder]);
  return null;
}

/**
 * A disk of a few megabytes with the access records of a database on it: PostgreSQL gets a real ENOSPC on the next page
 * of that table, and nowhere else.
 */
export async function recordsOnSmallDisk(superUrl: string, folder: string): Promise<SmallDisk> {
  mkdirSync(folder, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=1777`, 'tmpfs', folder]);
  if (mounted.status !== 0) throw new Error(`no small disk: ${mounted.stderr.toString()}`);
  const place = `${folder}/records`;
  mkdirSync(place);
  spawnSync('chown', ['--reference', await dataFolderOf(superUrl), place]);
  await runAs(superUrl, `CREATE TABLESPACE small LOCATION '${place}'`);
  await runAs(
    superUrl,
    `DO $$ DECLARE one regclass; BEGIN
       FOR one IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'ketenpoort.access_record'::regclass LOOP
         EXECUTE format('ALTER TABLE %s SET TABLESPACE small', one);
       END LOOP; END $$`,
  );
  const ballast = `${folder}/ballast`;
  return {
    fill: async () => {
      spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k']);
      for (const bytes of [3_000, 700, 50]) await fillPages(superUrl, bytes);
    },
    empty: () => rmSync(ballast),
  };
}

/** The records go with it. */
export function removeSmallDisk(folder: string): void {
  spawnSync('umount', ['-l', folder]);
}

/** Rows of our own until no page has room for one more of this size. */
async function fillPages(superUrl: string, bytes: number): Promise<void> {
  const one = `INSERT INTO ketenpoort.access_record (id, at, canonical, salt, entry_digest, retention_class, expires_month, version)
    SELECT gen_random_uuid(), now(), convert_to(json_build_object('kind', 'ADMIN', 'action', 'fill', 'peer', json_build_object(),
      'decision', json_build_object('outcome', 'permit'), 'fill', (SELECT string_agg(md5(random()::text), '')
      FROM generate_series(1, greatest(1, ${bytes} / 32))))::text, 'UTF8'),
      decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'), 'ADMIN', '2030-01', 1`;
  for (let rows = 0; rows < 10_000; rows += 1) {
    const code = await runAs(superUrl, one).then(
      () => null,
      (error: unknown) => (error as { code?: string }).code,
    );
    if (code === DISK_FULL) return;
    if (code !== null) throw new Error(`the disk could not be filled: ${code}`);
  }
  throw new Error('the disk does not get full');
}

async function dataFolderOf(superUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  try {
    return (await client.query<{ data_directory: string }>('SHOW data_directory')).rows[0]?.data_directory ?? '';
  } finally {
    await client.end();
  }
}
