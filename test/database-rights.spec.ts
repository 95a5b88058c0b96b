import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource } from '../apps/gateway/src/storage/data-source.js';
import { checkDatabaseRights } from '../apps/gateway/src/storage/rights-check.js';
import { openOwnDatabase, runAs, type OwnDatabase } from './support/own-database.js';

let database: OwnDatabase;

beforeAll(async () => {
  database = await openOwnDatabase();
}, 60_000);
afterAll(async () => await database.close());

async function problemsOf(url: string): Promise<string> {
  const dataSource = createDataSource(url, { poolSize: 1, applicationName: 'rights-story' });
  await dataSource.initialize();
  try {
    return (await checkDatabaseRights(dataSource)).map(({ cause, nextStep }) => `${cause}. ${nextStep}`).join('\n');
  } finally {
    await dataSource.destroy();
  }
}

describe('rights of the gateway', () => {
  it('are right for the app role', async () => {
    expect(await problemsOf(database.urls.app)).toBe('');
  });

  it('refuse a superuser, the owner and the role of retention, each with a next step', async () => {
    expect(await problemsOf(database.urls.super)).toContain('superuser');
    expect(await problemsOf(database.urls.owner)).toMatch(/The role owns access_record.*DATABASE_URL/);
    const retention = await problemsOf(database.urls.retention);
    expect(retention).toContain('may act as ketenpoort_retention');
    expect(retention).toContain('may change or remove rows of access_record');
  });

  const faults: [string, string, string, string][] = [
    [
      'UPDATE on one column',
      'GRANT UPDATE (salt) ON T TO R',
      'REVOKE UPDATE (salt) ON T FROM R',
      'may change or remove',
    ],
    ['TRUNCATE', 'GRANT TRUNCATE ON T TO R', 'REVOKE TRUNCATE ON T FROM R', 'may change or remove rows'],
    ['no INSERT', 'REVOKE INSERT ON T FROM R', 'GRANT INSERT ON T TO R', 'may not add rows'],
    [
      'a disabled trigger',
      'ALTER TABLE T DISABLE TRIGGER append_only',
      'ALTER TABLE T ENABLE TRIGGER append_only',
      'A trigger that guards access_record and',
    ],
    [
      'no USAGE',
      'REVOKE USAGE ON SCHEMA ketenpoort FROM R',
      'GRANT USAGE ON SCHEMA ketenpoort TO R',
      'may not use the schema',
    ],
    ['BYPASSRLS', 'ALTER ROLE R BYPASSRLS', 'ALTER ROLE R NOBYPASSRLS', 'BYPASSRLS'],
    [
      'an older schema',
      `UPDATE ketenpoort.migrations SET name = 'Foundation' WHERE name LIKE 'Foundation%'`,
      `UPDATE ketenpoort.migrations SET name = 'Foundation1767225600000' WHERE name = 'Foundation'`,
      'behind this release: Foundation1767225600000',
    ],
    [
      'a newer schema',
      `INSERT INTO ketenpoort.migrations (timestamp, name) VALUES (1, 'Later1')`,
      `DELETE FROM ketenpoort.migrations WHERE name = 'Later1'`,
      'ahead of this release: Later1',
    ],
  ];

  it.each(faults)('refuse %s', async (_, breakIt, mendIt, cause) => {
    const run = (sql: string): Promise<unknown> => {
      const text = sql.replace(/\bT\b/, 'ketenpoort.access_record').replace(/\bR\b/, 'ketenpoort_app');
      return runAs(database.urls.super, text);
    };
    await run(breakIt);
    const problems = await problemsOf(database.urls.app).finally(() => run(mendIt));
    expect(problems).toContain(cause);
    expect(await problemsOf(database.urls.app)).toBe('');
  });

  it.each(['leaf', 'tile', 'checkpoint', 'cosignature', 'log_alarm', 'policy_version'])(
    'refuse to change or remove a row of %s, or to do without its trigger',
    async (table) => {
      const run = (sql: string): Promise<unknown> =>
        runAs(database.urls.super, sql.replace(/\bT\b/, `ketenpoort.${table}`));
      await run('GRANT DELETE ON T TO ketenpoort_app');
      await run('ALTER TABLE T DISABLE TRIGGER no_truncate');
      const problems = await problemsOf(database.urls.app);
      await run('REVOKE DELETE ON T FROM ketenpoort_app');
      await run('ALTER TABLE T ENABLE TRIGGER no_truncate');
      expect(problems).toContain(`may change or remove rows of ${table}`);
      expect(problems).toContain(`A trigger that guards ${table} is missing or disabled`);
      expect(await problemsOf(database.urls.app)).toBe('');
    },
  );

  it('refuse a database without schema', async () => {
    const { app } = database.urlsOf(await database.another());
    expect(await problemsOf(app)).toMatch(/no schema yet.*npm run migrate/);
  });
});
