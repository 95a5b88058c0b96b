import 'reflect-metadata';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, type GatewayConfig } from '../../apps/gateway/src/config.js';
import { CHECKS } from './checks.js';
import { outcomeOf, outcomeText, type Outcome } from './outcome.js';

const HELP = `npm run doctor [-- --env <file>] [--json]

Checks what the gateway needs, one line each, and says cause and next step of what is wrong.
With --env the settings come from <file> and from nowhere else: NAME=value lines, the value as it stands, without
quotes. Without --env they come from the environment; if GATEWAY_OIN is not in it, from the demo's
.ketenpoort/run/gateway.env. Besides the gateway's own:
  BACKUP_STAMP_FILE      what the backup job touches when it has ended well
  PEER_CERTIFICATES_DIR  folder with certificates of peers: the register holds thumbprints only, without a date
  KAFKA_ADMIN_CERT_FILE, KAFKA_ADMIN_KEY_FILE   as for kafka:provision: brokers show their ACLs to an administrator only
Each line is ok, warn (works now, needs somebody soon) or fail. The last one says 'all well', 'works; n things need
somebody soon' or 'n of the checks failed'. Exit 1 when something fails.`;

const DEMO_ENVIRONMENT = join('.ketenpoort', 'run', 'gateway.env');

/** The file that is named, else the environment, else what the demo left. Null when there is no such file. */
function environment(args: readonly string[]): NodeJS.ProcessEnv | null {
  const at = args.indexOf('--env');
  const file = at >= 0 ? args[at + 1] : process.env.GATEWAY_OIN ? undefined : DEMO_ENVIRONMENT;
  if (file === undefined) return process.env;
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z_]+=/.test(line));
  console.error(`settings from ${file}`);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  const env = environment(args);
  if (!env) {
    console.error(
      'no settings found\n  cause: the environment is empty and no demo has run here\n  next:  start one with npm run demo, or set the environment (docs/operations.md)',
    );
    return 1;
  }
  const outcomes = await diagnose(env);
  if (args.includes('--json')) console.log(JSON.stringify(outcomes, null, 2));
  else for (const outcome of outcomes) console.log(outcomeText(outcome));
  const count = (level: Outcome['level']): number => outcomes.filter((one) => one.level === level).length;
  if (!args.includes('--json')) console.log(lastLine(count('fail'), count('warn')));
  return count('fail') === 0 ? 0 : 1;
}

async function diagnose(env: NodeJS.ProcessEnv): Promise<Outcome[]> {
  let config: GatewayConfig | null = null;
  const read = await outcomeOf('configuration', () => {
    config = readConfig(env);
    return Promise.resolve(`${config.mode}, ${config.oin}`);
  });
  const outcomes = [read];
  if (config === null) return outcomes;
  for (const { name, run } of CHECKS) {
    const settings: GatewayConfig = config;
    outcomes.push(await outcomeOf(name, () => run(settings, env)));
  }
  return outcomes;
}

function lastLine(failed: number, warned: number): string {
  if (failed > 0) return `${failed} of the checks failed`;
  return warned > 0 ? `works; ${warned} things need somebody soon` : 'all well';
}

process.exit(await main(process.argv.slice(2)));
