import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';

/** Makes the folder, open to its owner only, also when it stood there before with a wider mode. */
export async function ensurePrivateFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
}

/** Writes whole or not at all: a reader, or a start after a crash, never sees half a file. */
export async function writeAtomically(file: string, content: string | Uint8Array, mode: 0o600 | 0o644): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content, { mode });
  await rename(temporary, file);
}
