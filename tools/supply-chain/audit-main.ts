import { spawnSync } from 'node:child_process';
import { type AuditOutput, judgeAudit } from './audit.js';

const HELP = `npm run audit
  Asks the registry (npm audit) for known faults of what runs in production. A registry without audit is named and left
  out. Exit code 1: a fault that is high or critical (each is named), or no answer.`;
const LIMIT_MS = 120_000;

/** `npm audit` of what runs in production. Exit code 1: a known fault, high or critical, or no answer. */
function main(args: readonly string[]): number {
  if (args.length > 0) {
    console.log(HELP);
    return args.includes('--help') ? 0 : 2;
  }
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: LIMIT_MS });
  const verdict = judgeAudit(outputOf(stdout));
  switch (verdict.kind) {
    case 'judged':
      for (const one of verdict.failing) console.error(one);
      console.log(`audit: ${verdict.failing.length} high or critical, ${verdict.others} lower`);
      return verdict.failing.length === 0 ? 0 : 1;
    case 'no-endpoint':
      console.log(
        `left out: audit: the registry of this machine has no audit (${verdict.status}); run it where one has`,
      );
      return 0;
    case 'failed':
      console.error(`audit: no answer: ${verdict.reason}`);
      return 1;
  }
}

function outputOf(stdout: string): AuditOutput {
  try {
    return JSON.parse(stdout) as AuditOutput;
  } catch {
    return { message: 'npm audit printed no report' };
  }
}

process.exitCode = main(process.argv.slice(2));
