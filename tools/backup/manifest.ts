import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeAtomically } from '../pki/private-files.js';
import { wrong } from './owner-connection.js';
import type { DatabaseFacts } from './database-facts.js';

const FORMAT = 'ketenpoort-backup/1';
const MANIFEST = 'manifest.json';
/** Everything but the rows of the cases. */
export const DATABASE_FILE = 'database.dump';
/** The cases with their wrapped keys: without it the rest of a backup opens no content of a case, and names no resident. */
export const CASE_KEYS_FILE = 'case-keys.dump';

export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** What a backup is, beside its files. Holds no key and no person. */
export interface Manifest {
  readonly format: typeof FORMAT;
  /** RFC 3339: the moment of the snapshot. */
  readonly at: string;
  readonly serverMajor: number;
  readonly toolsMajor: number;
  readonly facts: DatabaseFacts;
  readonly files: Readonly<Record<string, FileFacts>>;
}

/** A backup on disk. */
export interface Backup {
  readonly folder: string;
  readonly keysFolder: string;
  readonly manifest: Manifest;
  /** SHA-256 of the manifest itself, in hex: noted elsewhere, it shows that the whole is what was made. */
  readonly digest: string;
}

export const pathsOf = ({ folder, keysFolder }: Pick<Backup, 'folder' | 'keysFolder'>) => ({
  [DATABASE_FILE]: join(folder, DATABASE_FILE),
  [CASE_KEYS_FILE]: join(keysFolder, CASE_KEYS_FILE),
});

/** Last of all: a folder without it holds no whole backup. Gives its digest. */
export async function writeManifest(folder: string, manifest: Omit<Manifest, 'format'>): Promise<string> {
  const text = `${JSON.stringify({ format: FORMAT, ...manifest }, null, 2)}\n`;
  await writeAtomically(join(folder, MANIFEST), text, 0o600);
  return createHash('sha256').update(text).digest('hex');
}

/** @throws GatewayStartError when there is none, or of another kind. */
export async function readBackup(folder: string, keysFolder: string): Promise<Backup> {
  const text = await readFile(join(folder, MANIFEST)).catch(() => {
    const cause = `${folder} holds no ${MANIFEST}: it is no backup, or one that did not end`;
    throw wrong(cause, 'Name the folder of a backup that ended.');
  });
  let manifest: Manifest | null = null;
  try {
    manifest = JSON.parse(text.toString('utf8')) as Manifest;
  } catch {
    // What is no JSON is no manifest either.
  }
  if (manifest?.format !== FORMAT)
    throw wrong(`${join(folder, MANIFEST)} is damaged, or of another release`, 'Take another copy of this backup.');
  return { folder, keysFolder, manifest, digest: createHash('sha256').update(text).digest('hex') };
}

export async function factsOf(file: string): Promise<FileFacts> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

/** Names each file that is gone or is not the one that was made. @throws GatewayStartError */
export async function checkFiles(backup: Backup): Promise<string> {
  const found: string[] = [];
  for (const [name, path] of Object.entries(pathsOf(backup))) {
    const is = await factsOf(path).catch(() => null);
    if (is === null) found.push(`${path} is missing`);
    else if (is.sha256 !== backup.manifest.files[name]?.sha256) found.push(`${path} was changed or damaged`);
  }
  if (found.length > 0)
    throw wrong(found.join('; '), 'Take another copy of this backup, or the one before it. --keys names where the case keys are.'); // prettier-ignore
  return `${Object.keys(pathsOf(backup)).length} files are those of the manifest ${backup.digest.slice(0, 16)}`;
}
