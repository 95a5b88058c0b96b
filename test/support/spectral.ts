import { execFile } from 'node:child_process';
import { basename } from 'node:path';

export interface Finding {
  /** File that it was found in, without its folder. */
  readonly file: string;
  readonly rule: string;
  readonly path: string;
  readonly message: string;
}

const SPECTRAL = 'node_modules/@stoplight/spectral-cli/dist/index.js';
const LINT_LIMIT_MS = 60_000;

/** The errors (not the warnings) that Spectral finds in these files with a ruleset. Takes a few seconds. */
export async function spectralErrors(ruleset: string, files: readonly string[]): Promise<readonly Finding[]> {
  const args = [SPECTRAL, 'lint', '--quiet', '-f', 'json', '-D', '--fail-severity=error', '-r', ruleset, ...files];
  const { text, ran } = await new Promise<{ text: string; ran: boolean }>((resolve) => {
    execFile(process.execPath, args, { timeout: LINT_LIMIT_MS, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      // Exit code 1 is "found something"; everything else is a ruleset or document that Spectral could not read.
      const code = error === null ? 0 : error.code;
      resolve({ text: stdout || stderr, ran: code === 0 || code === 1 });
    });
  });
  if (!ran) throw new Error(`Spectral did not run: ${text.slice(0, 2_000)}`);
  const found = JSON.parse(text) as { source: string; code: string; path: string[]; message: string }[];
  return found.map(({ source, code, path, message }) => ({
    file: basename(source),
    rule: code,
    path: path.join('.'),
    message,
  }));
}
