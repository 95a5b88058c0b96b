import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.js';
import type { ContentEvent } from '../gateway/content.js';
import { SystemUnavailable, type Connector } from './connector.js';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** The dot hides a file that is being written from the usual `*.json` of an SFTP pick-up. */
const UNFINISHED = '.unfinished-';

/**
 * Name under which an event is dropped. A digest, because `id` and `source` are the sender's text and must not choose a
 * path; the same event always gets the same name, so a double overwrites instead of standing beside.
 */
export function dropName(event: Pick<ContentEvent, 'source' | 'id'>): string {
  return `${createHash('sha256')
    .update(JSON.stringify([event.source, event.id]))
    .digest('hex')}.json`;
}

/** Drops each event as one file, the way SFTP exchanges work: a file that has its name is complete and on disk. */
export class FolderConnector implements Connector {
  private unfinished = 0;

  private constructor(private readonly folder: string) {}

  /** Makes the folder, closes it to others and removes what a crash left half-written. */
  static async open(folder: string): Promise<FolderConnector> {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await chmod(folder, FOLDER_MODE);
    for (const name of await readdir(folder)) if (name.startsWith(UNFINISHED)) await unlink(join(folder, name));
    return new FolderConnector(folder);
  }

  async hand(event: ContentEvent): Promise<void> {
    const unfinished = join(this.folder, `${UNFINISHED}${++this.unfinished}`);
    try {
      await writeSynced(unfinished, JSON.stringify(event));
      await rename(unfinished, join(this.folder, dropName(event)));
      await syncFolder(this.folder);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      // A full or missing disk is about the folder, never about this message.
      throw new SystemUnavailable(`folder not writable: ${errorCode(error)}`);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The rename itself is only durable once the directory is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
