import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { Place } from './leaks.js';
import type { World } from './world.js';
import { storiesRun } from './stories-run.js';

/** All rows of all tables, the logs of the gateway and of its database, and the metrics. */
export async function everythingKept(world: World): Promise<readonly Place[]> {
  const metrics = world.gateways.map(async ({ managementUrl }) => ({
    name: 'metrics',
    text: await (await fetch(`${managementUrl}/metrics`)).text(),
  }));
  return [
    ...(await tables(world)),
    { name: 'log of the gateway', text: world.logs() },
    { name: 'log of PostgreSQL', text: await postgresLog() },
    ...(await Promise.all(metrics)),
  ];
}

async function tables(world: World): Promise<readonly Place[]> {
  const names = await world.rows<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
     ORDER BY 1`,
  );
  const dumps = names.map(async ({ name }) => {
    const rows = await world.rows<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`);
    const text = rows.map(({ row }) => row).join('\n');
    return { name: `table ${name}`, text: `${text}\n${bytesIn(text)}` };
  });
  return await Promise.all(dumps);
}

/** What stands in `bytea` columns, read as text: JSON and base64 show there, and not in the hex of it. */
function bytesIn(text: string): string {
  return [...text.matchAll(/\\\\x([0-9a-f]+)/g)]
    .map(([, hex]) => Buffer.from(hex ?? '', 'hex').toString('utf8'))
    .join('\n');
}

export async function postgresLog(): Promise<string> {
  const client = new pg.Client({ connectionString: storiesRun().urls.super.replace('%', 'postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const file = join(dirname(rows[0]?.data_directory ?? ''), 'postgres.log');
    if (!existsSync(file)) throw new Error('the log of PostgreSQL is not where it was');
    return readFileSync(file, 'utf8');
  } finally {
    await client.end();
  }
}
