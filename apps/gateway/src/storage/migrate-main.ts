import { parseArgs } from 'node:util';
import { migrate } from './data-source.js';

const HELP = `Usage: npm run migrate

Brings the database to the schema of this release. Running it again changes nothing.

Environment:
  DATABASE_OWNER_URL  postgresql://ketenpoort_owner:<password>@<host>:<port>/<database>

Before the first time a database administrator runs tools/database/roles.sql and makes the database.`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const url = process.env.DATABASE_OWNER_URL;
  if (!url) {
    console.error('DATABASE_OWNER_URL is not set. Give the address of the database as its owner; see --help.');
    return 2;
  }
  const applied = await migrate(url);
  console.log(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { message, hint } = error as Error & { hint?: string };
  console.error(`The migration failed, its own step was rolled back: ${message}${hint ? `. Next step: ${hint}.` : ''}`);
  process.exitCode = 1;
}
