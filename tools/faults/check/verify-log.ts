import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 30 * 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface LogToVerify {
  readonly root: string;
  /** Where the export goes. */
  readonly folder: string;
  readonly readerUrl: string;
  /** Verifier key, from the keeper of the log and not from the export. */
  readonly key: string;
  /** Entry digests that were promised, base64url. */
  readonly digests: readonly string[];
}

/** Exports the log and has the verifier judge it, with every promised digest. Answers what it finds, else nothing. */
export async function verifyLog({ root, folder, readerUrl, key, digests }: LogToVerify): Promise<readonly string[]> {
  const out = join(folder, 'export');
  const digestFile = join(folder, 'digests.txt');
  await writeFile(digestFile, digests.map((digest) => `${digest}\n`).join(''));
  const node = (script: string, ...args: readonly string[]) =>
    run(process.execPath, [join(root, 'dist', script), ...args], {
      env: { ...process.env, DATABASE_URL: readerUrl },
      timeout: LIMIT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    });
  try {
    await node('tools/log/main.js', 'export', '--out', out);
    await node('apps/verify/src/main.js', out, '--key', key, '--digests', digestFile);
    return [];
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    return [`the verifier is not satisfied: ${stdout.trim() || stderr.trim() || message}`];
  }
}
