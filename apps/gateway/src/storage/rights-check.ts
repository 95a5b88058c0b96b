import type { DataSource } from 'typeorm';
import type { StartProblem } from '../start-error.js';
import { MIGRATIONS } from './migrations/all-migrations.js';

const APP_ROLE = 'Let DATABASE_URL name ketenpoort_app, or a login that is a member of that role alone.';
const MIGRATE = 'Run `npm run migrate` with DATABASE_OWNER_URL.';
/** PostgreSQL 16, as `server_version_num`. */
const MIN_SERVER_VERSION = 160_000;

interface SessionRights {
  readonly version: number;
  readonly superuser: boolean;
  readonly bypassRls: boolean;
  readonly migrated: boolean;
  readonly asyncCommit: boolean;
  readonly noFsync: boolean;
}

interface EvidenceRights {
  readonly name: string;
  readonly owner: boolean;
  readonly mayChange: boolean;
  readonly mayInsert: boolean;
  readonly guarded: boolean;
}

const SESSION = `
  SELECT current_setting('server_version_num')::int AS version, rolsuper AS superuser, rolbypassrls AS "bypassRls",
    EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'ketenpoort' AND tablename = 'migrations') AS migrated,
    current_setting('synchronous_commit') = 'off' AS "asyncCommit", current_setting('fsync') = 'off' AS "noFsync"
  FROM pg_roles WHERE rolname = current_user`;

/** The log beside the records: rows that are added and never changed (migration 0004). */
const INSERT_ONLY = ['leaf', 'tile', 'checkpoint', 'cosignature', 'log_alarm', 'policy_version'];

/** Partitions are asked too: a grant on one of them would be a way around its parent. */
const EVIDENCE = `
  SELECT c.relname AS name, pg_has_role(c.relowner, 'MEMBER') AS owner,
    has_any_column_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE, TRUNCATE') AS "mayChange",
    has_table_privilege(c.oid, 'INSERT') OR c.relispartition AS "mayInsert",
    (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled IN ('O', 'A')
      AND t.tgname IN ('append_only', 'no_truncate', 'derive'))
      = CASE WHEN c.relname ~ '^access_record(?!_subject)' THEN 3 ELSE 2 END AS guarded
  FROM pg_class c WHERE c.relnamespace = 'ketenpoort'::regnamespace AND c.relkind IN ('r', 'p')
    AND (c.relname LIKE 'access\\_record%' OR c.relname = ANY ($1)) ORDER BY c.relname`;

/** Names of the migrations that have run. */
export const APPLIED = 'SELECT name FROM ketenpoort.migrations';
const MAY_ERASE = `SELECT pg_has_role('ketenpoort_retention', 'MEMBER') AS "mayErase"`;

/**
 * What is wrong with the role and schema behind a connected data source; empty when the gateway may start. The gateway
 * refuses to start on any of these, and `doctor` prints them.
 */
export async function checkDatabaseRights(dataSource: DataSource): Promise<readonly StartProblem[]> {
  const session = (await dataSource.query<SessionRights[]>(SESSION))[0];
  if (!session) return [{ cause: 'The database role of this connection does not exist', nextStep: APP_ROLE }];
  const problems = [...sessionProblems(session)];
  if (!session.migrated) return [...problems, { cause: 'The database has no schema yet', nextStep: MIGRATE }];
  // Without SELECT on its tables the next questions would only raise what this one says clearly.
  if (!(await mayReadSchema(dataSource))) {
    return [...problems, { cause: 'The role may not use the schema ketenpoort', nextStep: APP_ROLE }];
  }
  const migrations = await dataSource.query<{ name: string }[]>(APPLIED);
  problems.push(...versionProblems(migrations.map(({ name }) => name)));
  // A superuser is all of this at once: what it may do to each table says nothing more.
  if (session.superuser) return problems;
  problems.push(...evidenceProblems(await dataSource.query<EvidenceRights[]>(EVIDENCE, [INSERT_ONLY])));
  const [retention] = await dataSource.query<{ mayErase: boolean }[]>(MAY_ERASE);
  if (retention?.mayErase) {
    problems.push({ cause: 'The role may act as ketenpoort_retention and so erase records', nextStep: APP_ROLE });
  }
  return problems;
}

function sessionProblems(session: SessionRights): StartProblem[] {
  const keepDurable = 'Remove the setting: an accepted message must survive a power cut.';
  const problems: [boolean, string, string][] = [
    [
      session.version < MIN_SERVER_VERSION,
      'PostgreSQL is older than version 16',
      'Upgrade the server to 16, 17 or 18.',
    ],
    [session.superuser, 'The database role is a superuser', APP_ROLE],
    [session.bypassRls, 'The database role has BYPASSRLS', APP_ROLE],
    [session.asyncCommit, 'synchronous_commit is off', keepDurable],
    [session.noFsync, 'fsync is off', keepDurable],
  ];
  return problems.filter(([wrong]) => wrong).map(([, cause, nextStep]) => ({ cause, nextStep }));
}

/** Each fault once, however many partitions have it. */
function evidenceProblems(tables: readonly EvidenceRights[]): StartProblem[] {
  const owned = tables.filter((table) => table.owner);
  const others = tables.filter((table) => !table.owner);
  const faults: [readonly EvidenceRights[], (names: string) => string, string][] = [
    [owned, (names) => `The role owns ${names}, or is a member of its owner`, APP_ROLE],
    [others.filter((table) => table.mayChange), (names) => `The role may change or remove rows of ${names}`, APP_ROLE],
    [others.filter((table) => !table.mayInsert), (names) => `The role may not add rows to ${names}`, APP_ROLE],
    [
      others.filter((table) => !table.guarded),
      (names) => `A trigger that guards ${names} is missing or disabled`,
      'Restore the grants and triggers as the migrations made them.',
    ],
  ];
  return faults.flatMap(([at, cause, nextStep]) => {
    const [first, ...rest] = at;
    if (!first) return [];
    return [{ cause: cause(rest.length === 0 ? first.name : `${first.name} and ${rest.length} more`), nextStep }];
  });
}

/** By way of the catalogue: naming a table in a schema that the role may not use is itself an error. */
async function mayReadSchema(dataSource: DataSource): Promise<boolean> {
  const [row] = await dataSource.query<{ allowed: boolean }[]>(
    `SELECT has_schema_privilege(relnamespace, 'USAGE') AND has_table_privilege(oid, 'SELECT') AS allowed
     FROM pg_class WHERE relnamespace = 'ketenpoort'::regnamespace AND relname = 'migrations'`,
  );
  return row?.allowed === true;
}

/** Whether this release and the schema belong together. */
export function versionProblems(names: readonly string[]): StartProblem[] {
  const applied = new Set(names);
  const known: string[] = MIGRATIONS.map((Migration) => new Migration().name);
  const behind = known.filter((name) => !applied.has(name));
  const ahead = [...applied].filter((name) => !known.includes(name));
  const problems: StartProblem[] = [];
  if (behind.length > 0) {
    problems.push({ cause: `The schema is behind this release: ${behind.join(', ')}`, nextStep: MIGRATE });
  }
  if (ahead.length > 0) {
    const cause = `The schema is ahead of this release: ${ahead.join(', ')}`;
    problems.push({ cause, nextStep: 'Start the release that made it, or a later one.' });
  }
  return problems;
}
