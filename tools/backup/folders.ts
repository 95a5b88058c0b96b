import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePrivateFolder } from '../pki/private-files.js';
import { wrong } from './owner-connection.js';

export interface Folders {
  readonly folder: string;
  readonly keysFolder: string;
}

/** Reads options that each take a word. @throws GatewayStartError */
export function wordsOf(
  args: readonly string[],
  names: readonly string[],
): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw wrong((error as Error).message.split('\n')[0] ?? 'Not understood', 'See --help.');
  }
}

/** The case keys lie in a folder of their own, so that it can be kept elsewhere and for a shorter time. */
export function foldersOf(option: string, folder: string | undefined, keysFolder: string | undefined): Folders {
  if (folder === undefined) throw wrong(`--${option} is missing`, 'Name the folder of the backup; see --help.');
  return { folder: resolve(folder), keysFolder: resolve(keysFolder ?? join(folder, 'keys')) };
}

/** Makes both, closed to other accounts. A backup is never written over another one. @throws GatewayStartError */
export async function makeFolders({ folder, keysFolder }: Folders): Promise<void> {
  for (const one of [folder, keysFolder]) {
    const there = await readdir(one).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw wrong(`${one} cannot be used (${error.code ?? 'unknown error'})`, 'Name a new folder.');
    });
    if (there.length > 0) throw wrong(`${one} is not empty`, 'Name a new folder: a backup is never overwritten.');
  }
  await ensurePrivateFolder(folder);
  await ensurePrivateFolder(keysFolder);
}
