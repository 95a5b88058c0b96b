import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openCosignedCheckpoint } from '#ledger/cosignature.js';
import { parseVerifierKey } from '#ledger/verifier-key.js';
import { PublicLog } from './support/public-log.js';
import { until } from './support/until.js';
import { newCase, WATCH_LIMIT_MS as LIMIT_MS, Watched } from './support/watched.js';
import { LOG_ORIGIN, peer, type World } from './support/world.js';

/** A statement of someone who may do everything in the database: triggers are no obstacle to him. */
async function tamper(world: World, sql: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: world.superUrl });
  await client.connect();
  try {
    await client.query("SET session_replication_role = 'replica'");
    await client.query(sql, values);
  } finally {
    await client.end();
  }
}

describe('adapters as witnesses', () => {
  let at: Watched;
  let log: PublicLog;

  beforeAll(async () => {
    at = await Watched.open('ind', 'dtv', 'coa');
    log = new PublicLog(at.world);
    await Promise.all([at.adapters.get('ind')?.start(), at.adapters.get('dtv')?.start()]);
  }, 90_000);
  afterAll(() => at?.close());

  it('bring a quorum together, that anyone can check with the keys of the witnesses', async () => {
    await newCase(at.world);
    const [row] = await at.world.rows<{ records: number }>('SELECT count(*)::int AS records FROM access_record');
    const trust = {
      log: parseVerifierKey(at.logKey),
      witnesses: [...at.keys.values()].map(({ vkey }) => parseVerifierKey(vkey)),
      quorum: 2,
    };
    const opened = await until('a cosigned checkpoint over all records', LIMIT_MS, async () => {
      const { status, body } = await log.get('checkpoint/cosigned');
      const one = status === 200 ? openCosignedCheckpoint(body, trust) : null;
      return one && one.checkpoint.size >= (row?.records ?? 0) ? one : null;
    });
    expect(opened.cosignatures).toHaveLength(2);
  });

  it('have the proof of every content that they fetched', async () => {
    const status = await until('proofs', LIMIT_MS, async () => {
      const { log: standing } = (await at.adapters.get('ind')?.status()) as unknown as { log: LogStatus };
      return standing.proofs.proven > 0 && standing.proofs.waiting === 0 ? standing : null;
    });
    expect(status).toMatchObject({ alarms: 0, readable: true, origin: LOG_ORIGIN });
  });

  it('C33 name a record that was removed together with its place in the queue before it was in the log', async () => {
    const { world } = at;
    await tamper(
      world,
      `CREATE FUNCTION ketenpoort.steal() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER steal BEFORE INSERT ON ketenpoort.pending_leaf FOR EACH ROW EXECUTE FUNCTION ketenpoort.steal()`,
    );
    const { messageId } = await newCase(world);
    const [record] = await until('IND has read it', LIMIT_MS, async () => {
      const sql = `SELECT id FROM access_record WHERE message_id = $1 AND action = 'content.read'`;
      const rows = await world.rows<{ id: string }>(sql, [messageId]);
      return rows.length > 0 ? rows : null;
    });
    await tamper(world, 'DROP TRIGGER steal ON ketenpoort.pending_leaf');
    await tamper(world, 'DELETE FROM ketenpoort.access_record WHERE id = $1', [record?.id]);
    expect(await at.alarm('ind', 'PROOF_MISSING')).toMatchObject({ messageId, recordId: record?.id });
    expect(at.adapters.get('ind')?.log()).toContain(record?.id);
  });

  it('C33 name a record whose entry was exchanged after it was proven', async () => {
    const proven = await at.world.rows<{ id: string }>(
      `SELECT l.record_id AS id FROM leaf l JOIN access_record r ON r.id = l.record_id
        WHERE r.peer_oin = $1 AND r.action = 'content.read'`,
      [peer('ind').oin],
    );
    await tamper(
      at.world,
      `UPDATE ketenpoort.leaf SET entry = set_byte(entry, 20, get_byte(entry, 20) # 1) WHERE record_id = ANY ($1)`,
      [proven.map(({ id }) => id)],
    );
    const alarm = await at.alarm('ind', 'ENTRY_CHANGED');
    expect(proven.map(({ id }) => id)).toContain(alarm.recordId);
    expect(alarm.messageId).toBeDefined();
  });

  it('cosign one root for each size, killed at whatever moment', async () => {
    const coa = at.adapters.get('coa');
    for (let round = 0; round < 3; round += 1) {
      await coa?.start();
      await newCase(at.world);
      await new Promise((resolve) => setTimeout(resolve, 200 * round));
      await coa?.kill();
    }
    await coa?.start();
    const cosigned = await until('a cosignature', LIMIT_MS, async () => {
      const all = await at.cosignatures('coa');
      return all.length > 0 ? all : null;
    });
    expect(new Set(cosigned.map(({ size }) => size)).size).toBe(cosigned.length);
    expect(await at.world.rows('SELECT FROM log_alarm')).toEqual([]);
    // A proof that is late on a busy machine says nothing against the log, and withdraws itself.
    const against = (await coa?.alarms<{ kind: string }>())?.filter(({ kind }) => kind !== 'PROOF_MISSING');
    expect(against).toEqual([]);
  });
});

interface LogStatus {
  readonly alarms: number;
  readonly proofs: { readonly waiting: number; readonly proven: number };
}
