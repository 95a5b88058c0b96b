import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type Bom, bomProblems, type Licences, type Lock, productionBom } from './sbom.js';

const FILE = 'dist/sbom.cdx.json';
const HELP = `npm run sbom
  Writes ${FILE}: what runs in production, with versions and licences (CycloneDX, made by npm from package-lock.json).
  Exit code 1: a package without a licence that is allowed, or one that the lock file does not have (each is named).`;
const LIMIT_MS = 120_000;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The software bill of materials of what runs in production, made by npm from the lock file. Run from the root of the
 * repository. Development is taken out here: npm's own `--omit dev` also leaves out what production shares with it.
 */
function main(args: readonly string[]): number {
  if (args.length > 0) {
    console.log(HELP);
    return args.includes('--help') ? 0 : 2;
  }
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const text = execFileSync('npm', words, {
    timeout: LIMIT_MS,
    maxBuffer: MAX_BYTES,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lock = readJson('package-lock.json') as Lock;
  const bom = productionBom(JSON.parse(text.toString('utf8')) as Bom, lock);
  const problems = bomProblems(bom, lock, readJson('tools/supply-chain/licences.json') as Licences);
  for (const problem of problems) console.error(problem);
  mkdirSync('dist', { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(bom, null, 2)}\n`);
  console.log(`${FILE}: ${bom.components.length} packages, ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

process.exitCode = main(process.argv.slice(2));
