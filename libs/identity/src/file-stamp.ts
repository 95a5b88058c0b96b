import { stat } from 'node:fs/promises';

/** Changes when one of the files is written, replaced or removed, and costs no reading of them. */
export async function fileStamp(files: readonly string[]): Promise<string> {
  const stamps = files.map(async (file) => {
    try {
      const { mtimeMs, ctimeMs, size, ino } = await stat(file);
      return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    } catch {
      return 'missing';
    }
  });
  return (await Promise.all(stamps)).join('\n');
}
