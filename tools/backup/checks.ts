import { checkErasures } from '../../apps/gateway/src/retention/check-erasures.js';
import { versionProblems } from '../../apps/gateway/src/storage/rights-check.js';
import { GatewayStartError } from '../../apps/gateway/src/start-error.js';
import { outcomeOf, outcomeText } from '../doctor/outcome.js';
import { wrong } from './owner-connection.js';
import type { Compared } from './compared.js';
import { compareMigrations, compareRows, compareSequences, type Difference } from './compare-facts.js';
import { readFacts, type DatabaseFacts } from './database-facts.js';
import { checkRecords, checkTree } from './log-checks.js';
import { checkFiles } from './manifest.js';
import { checkWitnesses } from './witness-check.js';

interface Check {
  readonly name: string;
  /** Says what it found. @throws GatewayStartError or Warning */
  readonly run: (compared: Compared) => Promise<string> | string;
}

const NOT_ALL = 'Restore a backup that has them, or find out what took them away before anything is served.';

/** In the order in which a person would ask. */
const CHECKS: readonly Check[] = [
  { name: 'files', run: ({ backup }) => checkFiles(backup) },
  { name: 'schema', run: schema },
  { name: 'rows', run: (compared) => differ(compared, compareRows, 'Every table has its rows') },
  { name: 'inboxes', run: (compared) => differ(compared, compareSequences, 'Every inbox has its numbers') },
  { name: 'tree', run: checkTree },
  { name: 'records', run: checkRecords },
  { name: 'erasures', run: ({ client, env }) => checkErasures(client, env.ERASURE_JOURNAL_FILE ?? null) },
  { name: 'witnesses', run: checkWitnesses },
];

const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Asks all of them and prints a line each. True when nothing is missing. */
export async function checkAll(
  compared: Omit<Compared, 'now'>,
  print: (line: string) => void,
  step: (name: string) => void,
): Promise<boolean> {
  await compared.client.query(SNAPSHOT);
  const now = await readFacts(compared.client);
  let failed = 0;
  for (const { name, run } of CHECKS) {
    step(name);
    const outcome = await outcomeOf(name, async () => run({ ...compared, now }));
    if (outcome.level === 'fail') failed += 1;
    print(outcomeText(outcome));
  }
  await compared.client.query('ROLLBACK');
  print(failed === 0 ? 'nothing is missing' : `${failed} of the checks failed`);
  return failed === 0;
}

/** A release that does not belong to this schema says so too: it would migrate, or not start. */
function schema({ backup, now }: Compared): string {
  const { missing } = compareMigrations(backup.manifest.facts, now);
  if (missing.length > 0) throw wrong(`The schema lacks ${missing.join(', ')}`, NOT_ALL);
  const problems = versionProblems(now.migrations);
  if (problems.length > 0) throw new GatewayStartError(problems);
  return `${now.migrations.length} migrations, the last one ${now.migrations.at(-1)}`;
}

function differ(
  { backup, now, exact }: Compared,
  compare: (backup: DatabaseFacts, now: DatabaseFacts, exact: boolean) => Difference,
  all: string,
): string {
  const { missing, more } = compare(backup.manifest.facts, now, exact);
  if (missing.length > 0) throw wrong(`Missing: ${missing.join('; ')}`, NOT_ALL);
  if (exact && more.length > 0)
    throw wrong(`More than the backup has: ${more.join('; ')}`, 'Restore again into a new database.');
  return more.length === 0 ? all : `${all}, and since then ${more.join('; ')}`;
}
