import 'reflect-metadata';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../apps/gateway/src/config.js';
import { problemsOf } from '../../apps/gateway/src/start-problems.js';
import { CHECKS } from './checks.js';

const HELP = `npm run doctor [-- --env <file>]

Checks what the gateway needs, one line each, and says cause and next step of what is wrong.
The settings come from the environment; without them from <file> (NAME=value lines), by default
those of the demo in .ketenpoort/run/gateway.env. Exit 1 when something is wrong.`;

const DEMO_ENVIRONMENT = join('.ketenpoort', 'run', 'gateway.env');

/** The gateway's environment: real one first, else a file. Null when there is neither. */
function environment(args: readonly string[]): NodeJS.ProcessEnv | null {
  const at = args.indexOf('--env');
  const file = at >= 0 ? args[at + 1] : process.env.GATEWAY_OIN ? undefined : DEMO_ENVIRONMENT;
  if (file === undefined) return process.env;
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z_]+=/.test(line));
  console.log(`settings from ${file}`);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  const env = environment(args);
  if (!env) {
    console.log(
      'no settings found\n  cause: the environment is empty and no demo has run here\n  next:  start one with npm run demo, or set the environment (docs/operations.md)',
    );
    return 1;
  }
  let failed = 0;
  const report = (name: string, error: unknown): void => {
    failed += 1;
    for (const { cause, nextStep } of problemsOf(error))
      console.log(`wrong  ${name}\n       cause: ${cause}\n       next:  ${nextStep}`);
  };
  try {
    const config = readConfig(env);
    for (const check of CHECKS) {
      try {
        console.log(`ok     ${check.name}: ${await check.run(config)}`);
      } catch (error) {
        report(check.name, error);
      }
    }
  } catch (error) {
    report('configuration', error);
  }
  console.log(failed === 0 ? 'all well' : `${failed} of the checks failed`);
  return failed === 0 ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));
