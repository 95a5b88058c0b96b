import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** The built tools stand under dist/, their SQL does not. */
const PROJECT_ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist\/$/, '');
const ROLES_SQL = `${PROJECT_ROOT}tools/database/roles.sql`;
const PASSWORD_BYTES = 24;

export const LOGIN_ROLES = {
  owner: 'ketenpoort_owner',
  app: 'ketenpoort_app',
  retention: 'ketenpoort_retention',
  reader: 'ketenpoort_reader',
} as const;
export type LoginRole = keyof typeof LOGIN_ROLES;

export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}

/** Makes the four roles of tools/database/roles.sql and gives each a new password, which it returns. */
export async function createRoles(superUrl: string): Promise<Record<LoginRole, string>> {
  const passwords = { owner: newPassword(), app: newPassword(), retention: newPassword(), reader: newPassword() };
  await asSuperuser(superUrl, async (client) => {
    await client.query(await readFile(ROLES_SQL, 'utf8'));
    for (const [role, name] of Object.entries(LOGIN_ROLES) as [LoginRole, string][]) {
      await client.query(`ALTER ROLE ${name} PASSWORD ${client.escapeLiteral(passwords[role])}`);
    }
  });
  return passwords;
}

/**
 * A database of the owner role; nothing happens when it is there already. Empty, or a copy of `template`, to which
 * nobody may be connected then; the rights to connect are given anew, since a copy does not take them over.
 */
export async function createDatabase(superUrl: string, name: string, template = 'template0'): Promise<void> {
  await asSuperuser(superUrl, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount !== 0) return;
    const identifier = client.escapeIdentifier(name);
    const source = client.escapeIdentifier(template);
    await client.query(`CREATE DATABASE ${identifier} OWNER ${LOGIN_ROLES.owner} TEMPLATE ${source} ENCODING 'UTF8'`);
    await client.query(`REVOKE CONNECT ON DATABASE ${identifier} FROM PUBLIC`);
    const { app, retention, reader } = LOGIN_ROLES;
    await client.query(`GRANT CONNECT ON DATABASE ${identifier} TO ${app}, ${retention}, ${reader}`);
  });
}

/** Removes a database with all that is in it, and ends its connections. */
export async function dropDatabase(superUrl: string, name: string): Promise<void> {
  await asSuperuser(superUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
  });
}

async function asSuperuser(superUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: superUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
