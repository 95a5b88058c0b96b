import pg from 'pg';
import { insertRecords } from '../../apps/gateway/src/access-log/insert-records.js';
import { ADVISORY_LOCKS } from '../../apps/gateway/src/storage/advisory-locks.js';
import { submit } from './calls.js';
import { playMainJob } from './journey.js';
import { LogCopy, someRecord, verifyBuilt, type Verified } from './log-copies.js';
import { application, vNumber } from './messages.js';
import { until } from './until.js';
import { World } from './world.js';

/** More than a full tile, so that there is one to change. */
const MORE_RECORDS = 300;
/** Kept for five years: its term ended in January 2024. */
const EXPIRED_AT = new Date('2019-01-15T12:00:00Z');

export interface Leaf {
  readonly index: number;
  readonly recordId: string;
}

/** A main job with all its records in the log, one of them expired, and a gateway that has stopped. */
export class LogStory {
  private copy: LogCopy | undefined;

  private constructor(
    readonly world: World,
    /** Records of the first and the second message. */
    readonly first: Leaf,
    readonly second: Leaf,
    readonly expired: Leaf,
    readonly size: number,
    /** Digest of a receipt whose record was removed while it waited for the log. */
    readonly removedDigest: string,
    /** What the verifier said of the running log. */
    readonly live: Verified,
  ) {}

  static async play(): Promise<LogStory> {
    const world = await World.open();
    const gateway = await world.startGateway();
    const person = { vNumber: vNumber(), familyName: 'Proefpersoon' };
    await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person });
    const removedDigest = await removedBeforeSequencing(world);
    const expired = someRecord(EXPIRED_AT);
    const pool = new pg.Pool({ connectionString: world.databaseUrl, max: 1 });
    await insertRecords(pool, [expired, ...Array.from({ length: MORE_RECORDS }, () => someRecord())]);
    await pool.end();
    await until('all is in the log', 10_000, async () => !(await world.rows('SELECT FROM pending_leaf LIMIT 1'))[0]);
    const live = await verifyBuilt(`${gateway.publicUrl}/v1/log`, '--ca', world.pki.caFile);
    const leaves = await world.rows<Leaf & { action: string }>(
      `SELECT position::int AS index, record_id AS "recordId", action FROM leaf
       JOIN access_record r ON r.id = record_id ORDER BY position`,
    );
    await world.close();
    const [first, second] = leaves.filter(({ action }) => action === 'message.accept');
    const last = leaves.find(({ recordId }) => recordId === expired.id);
    if (!first || !second || !last) throw new Error('the log has not the records of the story');
    return new LogStory(world, first, second, last, leaves.length, removedDigest, live);
  }

  /** A new copy of the database; the one before it is closed. */
  async newCopy(): Promise<LogCopy> {
    await this.close();
    this.copy = await LogCopy.of(this.world);
    return this.copy;
  }

  /** What the verifier names after this was done to a copy of the database: `KIND index id`, in order. */
  async foundAfter(tamper: (copy: LogCopy) => Promise<unknown>, ...args: string[]): Promise<string[]> {
    const copy = await this.newCopy();
    await tamper(copy);
    const { findings, exitCode } = await copy.verify(...args);
    if (exitCode !== (findings.length === 0 ? 0 : 1))
      throw new Error(`exit code ${exitCode} with ${findings.length} findings`);
    return findings
      .map(({ kind, index, recordId }) => [kind, index, recordId].filter((part) => part !== undefined).join(' '))
      .sort();
  }

  async close(): Promise<void> {
    await this.copy?.close();
  }
}

export const named = (kind: string, { index, recordId }: Leaf): string => `${kind} ${index} ${recordId}`;

/** Done while the log is held still, by whoever has all rights on the database; the sender has its receipt already. */
async function removedBeforeSequencing(world: World): Promise<string> {
  const intruder = new pg.Client({ connectionString: world.superUrl });
  await intruder.connect();
  await intruder.query('SET search_path = ketenpoort; SET session_replication_role = replica');
  await intruder.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.log]);
  const answer = await submit(world, 'rot', application('rot', 'ROT', { vNumber: vNumber(), familyName: 'Weg' }));
  const [, payload = ''] = (answer.body as { receipt: string }).receipt.split('.');
  const { recordId, entryDigest } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    recordId: string;
    entryDigest: string;
  };
  const waiting = await intruder.query('DELETE FROM pending_leaf WHERE record_id = $1', [recordId]);
  await intruder.query('DELETE FROM access_record_subject WHERE record_id = $1', [recordId]);
  const record = await intruder.query('DELETE FROM access_record WHERE id = $1', [recordId]);
  await intruder.end();
  if (waiting.rowCount !== 1 || record.rowCount !== 1) throw new Error('the record was in the log already');
  return entryDigest;
}
