import type { Pool, PoolClient } from 'pg';
import { GatewayStartError } from '../start-error.js';
import { ADVISORY_LOCKS } from '../storage/advisory-locks.js';
import { inTransaction } from '../storage/transaction.js';
import type { AccessRecordInput } from './access-record.js';
import { insertRecords } from './insert-records.js';
import type { RecordMaker } from './record-maker.js';

/** What a record says of a version of the policy. */
export interface LoadedVersion {
  readonly version: string;
  /** Local date (Europe/Amsterdam). */
  readonly validFrom: string;
  /** SHA-256 in hex. */
  readonly digest: string;
}

/** Only one process looks and writes at a time; the others find it done. */
const LOCK = 'SELECT pg_advisory_xact_lock($1)';
const KNOWN = `SELECT version, encode(digest, 'hex') AS digest FROM ketenpoort.policy_version`;
const INSERT = `INSERT INTO ketenpoort.policy_version (version, digest, valid_from, record_id, loaded_at)
  SELECT * FROM unnest($1::text[], $2::bytea[], $3::date[], $4::uuid[], $5::timestamptz[])`;

/**
 * At the start: one ADMIN record `policy.load` for each version that this installation has not loaded before, together
 * with its row. From then on the version is fixed: records name it, and it must still say what it said.
 * @throws GatewayStartError when a known version has other files now; nothing is written then.
 */
export async function recordPolicyVersions(
  pool: Pool,
  makeRecord: RecordMaker,
  versions: readonly LoadedVersion[],
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(LOCK, [ADVISORY_LOCKS.policyVersions]);
    const { rows } = await client.query<Pick<LoadedVersion, 'version' | 'digest'>>(KNOWN);
    const known = new Map(rows.map(({ version, digest }) => [version, digest]));
    const changed = versions.filter(({ version, digest }) => (known.get(version) ?? digest) !== digest);
    if (changed.length > 0) throw changedUnderItsName(changed, known);
    await load(
      client,
      makeRecord,
      versions.filter(({ version }) => !known.has(version)),
    );
  });
}

async function load(client: PoolClient, makeRecord: RecordMaker, versions: readonly LoadedVersion[]): Promise<void> {
  if (versions.length === 0) return;
  const now = new Date();
  const records = versions.map((version) => makeRecord(recordOf(version), now));
  await insertRecords(client, records);
  await client.query(INSERT, [
    versions.map(({ version }) => version),
    versions.map(({ digest }) => Buffer.from(digest, 'hex')),
    versions.map(({ validFrom }) => validFrom),
    records.map(({ id }) => id),
    records.map(({ at }) => at),
  ]);
}

function recordOf({ version, validFrom, digest }: LoadedVersion): AccessRecordInput {
  return {
    kind: 'ADMIN',
    action: 'policy.load',
    legalBases: [],
    subjects: [],
    decision: { outcome: 'permit', policyVersion: version, reasons: [`in force from ${validFrom}`] },
    fieldGroups: { released: [], withheld: [] },
    details: { version, digest, validFrom },
  };
}

function changedUnderItsName(changed: readonly LoadedVersion[], known: ReadonlyMap<string, string>): GatewayStartError {
  return new GatewayStartError(
    changed.map(({ version, digest }) => ({
      cause: `Policy ${version} was loaded with digest ${known.get(version)?.slice(0, 16)}, and now has ${digest.slice(0, 16)}: it was changed under its name`,
      nextStep: `Put back the files of ${version}, and make the change a new version with its own first day.`,
    })),
  );
}
