import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

const state = mkdtempSync(join(tmpdir(), 'ketenpoort-demo-'));
const RUN_LIMIT_MS = 120_000;

afterAll(() => rmSync(state, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/** Runs the demo as a user would, in a state folder of its own. */
function demo(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/tools/demo/main.js', `--state=${state}`, '--broker=none', ...args], {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code, lines: output.trim().split('\n') }));
  });
}

describe('npm run demo -- --once', () => {
  it(
    'plays 25 residents through and counts by the books of the agencies: DT&V knows all, nothing lost, nothing doubled',
    async () => {
      const run = await demo(['--once']);
      const match =
        /^registered=25 known_to_dtv=25 delivered=(\d+) held=(\d+) outstanding=(\d+) rest_running=(\d+) lost=0 doubled=0$/.exec(
          run.lines.at(-1) ?? '',
        );
      expect(run.lines.at(-1)).toMatch(/^registered=25 known_to_dtv=25 .* lost=0 doubled=0$/);
      const [delivered = 0, held = 0, outstanding = 0] = (match ?? []).slice(1).map(Number);
      expect(delivered + held + outstanding).toBe(25);
      expect(run.lines.join('\n')).toMatch(/refused_applicants=[1-9]\d* known_to_dtv=0/);
      expect(run.lines.join('\n')).toMatch(
        / access log: \d+ entries, the first \d+ cosigned by at least \d+ of \d+ witnesses$/m,
      );
      expect(run.code).toBe(0);
    },
    RUN_LIMIT_MS,
  );

  it(
    'says lost=1 and fails when the gateway loses one notification, on the data of the run before',
    async () => {
      const run = await demo(['--once', '--residents=5'], { DEMO_FAULT: 'drop-one' });
      expect(run.lines.at(-1)).toMatch(/^registered=5 known_to_dtv=4 .* lost=1 doubled=0$/);
      expect(run.code).toBe(1);
    },
    RUN_LIMIT_MS,
  );
});
