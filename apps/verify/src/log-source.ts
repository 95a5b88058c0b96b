import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FileMemory } from './file-memory.js';

/** Where a log is read: a folder of an export, or a live gateway. Paths are those of the export. */
export interface LogSource {
  /**
   * Null when there is no such file. Throws SourceError when it cannot be read, or is larger than the limit. What comes
   * from a file stands in `memory` when that is given, until the next one is read there.
   */
  read(path: string, bytesMax: number, memory?: FileMemory): Promise<Buffer | null>;
  /** Every file below a folder, or null where nothing can be listed. */
  list(folder: string): string[] | null;
}

/** The log cannot be read, which says nothing about the log itself. */
export class SourceError extends Error {}

/** Files are small and read one after the other by each thread: reading them at once is the fastest. */
export class FolderSource implements LogSource {
  /** Throws SourceError when there is no such folder. */
  constructor(readonly folder: string) {
    if (!existsSync(folder)) throw new SourceError(`${folder} does not exist`);
  }

  read(path: string, bytesMax: number, memory = new FileMemory()): Promise<Buffer | null> {
    try {
      return Promise.resolve(memory.read(join(this.folder, path), bytesMax));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? Promise.resolve(null)
        : Promise.reject(unreadable(path, error));
    }
  }

  list(folder: string): string[] {
    const below = (path: string): string[] =>
      readdirSync(join(this.folder, path), { withFileTypes: true }).flatMap((one) =>
        one.isDirectory() ? below(`${path}/${one.name}`) : [`${path}/${one.name}`],
      );
    try {
      return below(folder);
    } catch {
      return [];
    }
  }
}

function unreadable(path: string, error: unknown): SourceError {
  return new SourceError(`${path} cannot be read: ${error instanceof Error ? error.message : 'unknown cause'}`);
}
