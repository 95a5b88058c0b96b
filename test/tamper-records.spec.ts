import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { entryDigest, recordCommitment } from '#ledger/entry.js';
import { readAsStranger } from './support/foreign-log-reader.js';
import { someRecord, verifyBuilt, type LogCopy } from './support/log-copies.js';
import { LogStory, named, type Leaf } from './support/log-story.js';
import { LOG_ORIGIN } from './support/world.js';

let story: LogStory;
beforeAll(async () => {
  story = await LogStory.play();
}, 90_000);
afterAll(() => story?.close());

describe('a log that nobody touched', () => {
  it('is clean, live and exported, and exported records are closed to others', async () => {
    const { live, size, world } = story;
    expect(live).toMatchObject({ exitCode: 0, findings: [], epochs: [{ size, records: 0 }] });
    const copy = await story.newCopy();
    const folder = join(world.folder, 'clean');
    await copy.export(folder);
    expect(await verifyBuilt(folder)).toMatchObject({ exitCode: 0, findings: [], epochs: [{ size, records: size }] });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'records/000.bin')).mode & 0o777).toBe(0o600);
  });

  it('may be exported without its records, and goes on where an export was left', async () => {
    const { size, world } = story;
    const copy = await story.newCopy();
    const folder = join(world.folder, 'public');
    await copy.export(folder, '--without-records');
    expect(existsSync(join(folder, 'records'))).toBe(false);
    const { signedRoot, ...read } = readAsStranger(folder, (await copy.key()).stdout);
    expect(read).toEqual({ origin: LOG_ORIGIN, size, rootOfTiles: signedRoot, rootOfEntries: signedRoot });
    expect(await verifyBuilt(folder)).toMatchObject({ exitCode: 0, epochs: [{ size, records: 0 }] });
    await copy.record(someRecord());
    await copy.sequence();
    await copy.export(folder, '--without-records', '--resume');
    expect(await verifyBuilt(folder)).toMatchObject({ exitCode: 0, findings: [], epochs: [{ size: size + 1 }] });
  });

  it('explains a record that was erased when its term had ended, also in an export that is brought up to date', async () => {
    const copy = await story.newCopy();
    const folder = join(story.world.folder, 'kept');
    await copy.export(folder);
    await erase(copy, story.expired);
    await copy.sequence();
    await copy.export(folder, '--resume');
    for (const { exitCode, findings, epochs } of [await copy.verify(), await verifyBuilt(folder)]) {
      expect([exitCode, findings, epochs[0]?.absent]).toEqual([0, [], 1]);
    }
  });
});

/** What a run of retention does, with the same words, at this time by its own account. */
async function erase(log: LogCopy, { recordId, index }: Leaf, at = new Date()): Promise<Leaf> {
  const details = { epoch: 1, ranges: [[index, index]], ground: 'RETENTION', policyVersion: '2026.1', count: 1 };
  const record = someRecord(at, { kind: 'ERASURE', action: 'record.erase', details });
  await log.db.query('DELETE FROM access_record_subject WHERE record_id = $1', [recordId]);
  await log.db.query('DELETE FROM access_record WHERE id = $1', [recordId]);
  await log.record(record);
  return { recordId: record.id, index: story.size };
}

const hoursFromNow = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);

const FORGED_BYTES = `convert_to(replace(convert_from(canonical, 'UTF8'), '"permit"', '"refuse"'), 'UTF8')`;

describe('C33 the verifier names', () => {
  it('a record whose bytes were altered, with the column that shows them', async () => {
    const found = await story.foundAfter(({ db }) =>
      db.query(`UPDATE access_record SET canonical = ${FORGED_BYTES}, decision = 'refuse' WHERE id = $1`, [
        story.first.recordId,
      ]),
    );
    expect(found).toEqual([named('RECORD_ALTERED', story.first)]);
  });

  it('a record that was altered with its salt, its digest and its leaf', async () => {
    const found = await story.foundAfter(async ({ db }) => {
      const { rows } = await db.query<{ canonical: Buffer; entry: Buffer }>(
        `SELECT ${FORGED_BYTES} AS canonical, entry FROM access_record JOIN leaf ON record_id = id WHERE id = $1`,
        [story.first.recordId],
      );
      const { canonical, entry } = rows[0] as { canonical: Buffer; entry: Buffer };
      const salt = randomBytes(32);
      const forged = Buffer.concat([entry.subarray(0, 4), recordCommitment(salt, canonical)]);
      await db.query(
        `UPDATE access_record SET canonical = $2, salt = $3, entry_digest = $4, decision = 'refuse' WHERE id = $1`,
        [story.first.recordId, canonical, salt, entryDigest(forged)],
      );
      await db.query('UPDATE leaf SET entry = $2 WHERE record_id = $1', [story.first.recordId, forged]);
    });
    expect(found).toEqual([named('ENTRY_ALTERED', story.first), 'ROOT_MISMATCH']);
  });

  it('a record that was deleted, though its term has ended', async () => {
    const found = await story.foundAfter(({ db }) =>
      db.query('DELETE FROM access_record WHERE id = $1', [story.expired.recordId]),
    );
    expect(found).toEqual([`ERASURE_UNLOGGED ${story.expired.index} ${story.expired.recordId}`]);
  });

  it('a record that was erased before its term ended, and the ERASURE record that did it', async () => {
    const found = await story.foundAfter(async (log) => {
      await erase(log, story.first);
      await log.sequence();
    });
    expect(found).toEqual([named('ERASURE_EARLY', story.first)]);
  });

  it('an ERASURE record that bears a year in which the term had ended, and what was erased by it', async () => {
    let forged: Leaf | undefined;
    const found = await story.foundAfter(async (log) => {
      forged = await erase(log, story.first, new Date('2040-01-15T12:00:00Z'));
      await log.sequence();
    });
    expect(found).toEqual([named('ERASURE_EARLY', story.first), named('RECORD_POSTDATED', forged as Leaf)]);
  });

  it.each([
    ['more than a day after a record behind it, and what was erased by it', -25, true],
    ['less than a day after one behind it, which clocks may do: not', -23, false],
  ])('an ERASURE record that bears a time %s', async (_what, hours, isNamed) => {
    let forged: Leaf | undefined;
    const found = await story.foundAfter(async (log) => {
      forged = await erase(log, story.expired);
      await log.sequence();
      await log.record(someRecord(hoursFromNow(hours)));
      await log.sequence();
    });
    const both = [named('ERASURE_EARLY', story.expired), named('RECORD_POSTDATED', forged as Leaf)];
    expect(found).toEqual(isNamed ? both : []);
  });

  it('any record that bears a time more than a day ahead', async () => {
    const [ahead, within] = [someRecord(hoursFromNow(25)), someRecord(hoursFromNow(23))];
    const found = await story.foundAfter(async (log) => {
      await log.record(ahead);
      await log.sequence();
      await log.record(within);
      await log.sequence();
    });
    expect(found).toEqual([named('RECORD_POSTDATED', { index: story.size, recordId: ahead.id })]);
  });

  it('a record that stands though an ERASURE record says that it is gone', async () => {
    const found = await story.foundAfter(async (log) => {
      const { rows } = await log.db.query('SELECT * FROM access_record WHERE id = $1', [story.expired.recordId]);
      await erase(log, story.expired);
      await log.sequence();
      const columns = Object.keys(rows[0] as object);
      const places = columns.map((_, position) => `$${position + 1}`);
      await log.db.query(
        `INSERT INTO access_record (${columns.join()}) VALUES (${places.join()})`,
        Object.values(rows[0] as object),
      );
    });
    expect(found).toEqual([`ERASURE_UNDONE ${story.expired.index} ${story.expired.recordId}`]);
  });

  it('a record that the index of persons no longer finds, or finds by somebody whom it does not name', async () => {
    const [someone, nobody] = [story.first.recordId, story.expired.recordId];
    const add = `INSERT INTO access_record_subject SELECT id, at, sha256('somebody else') FROM access_record WHERE id = $1`;
    expect(
      await story.foundAfter(({ db }) => db.query('DELETE FROM access_record_subject WHERE record_id = $1', [someone])),
    ).toEqual([`SUBJECT_INDEX_ALTERED ${someone}`]);
    for (const record of [someone, nobody]) {
      expect(await story.foundAfter(({ db }) => db.query(add, [record]))).toEqual([`SUBJECT_INDEX_ALTERED ${record}`]);
    }
  });

  it('a record that is gone, as an ERASURE record says, and by which the index still finds a person', async () => {
    const { recordId } = story.first;
    const found = await story.foundAfter(async (log) => {
      await log.db.query('CREATE TEMPORARY TABLE kept AS SELECT * FROM access_record_subject WHERE record_id = $1', [
        recordId,
      ]);
      await erase(log, story.first);
      await log.sequence();
      await log.db.query('INSERT INTO access_record_subject SELECT * FROM kept');
    });
    expect(found).toEqual([named('ERASURE_EARLY', story.first), `SUBJECT_INDEX_ALTERED ${recordId}`].sort());
  });

  it('a record that was inserted without a leaf', async () => {
    const forged = someRecord();
    const found = await story.foundAfter(async (log) => {
      await log.record(forged);
      await log.db.query('DELETE FROM pending_leaf WHERE record_id = $1', [forged.id]);
    });
    expect(found).toEqual([`RECORD_OUTSIDE_LOG ${forged.id}`]);
  });

  it.each([
    ['purpose', `purpose = 'P99'`],
    ['concerns', 'concerns = NULL'],
    ['peer_oin', `peer_oin = '00000099000000000999'`],
    ['at', `at = at + interval '1 microsecond'`],
  ])('the searchable column %s when it was changed', async (column, change) => {
    const found = await story.foundAfter(async ({ db }) => {
      await db.query(`UPDATE access_record SET ${change} WHERE id = $1`, [story.first.recordId]);
      for (const [table, time] of column === 'at'
        ? [
            ['leaf', 'record_at'],
            ['access_record_subject', 'at'],
          ]
        : []) {
        const later = `UPDATE ${table} SET ${time} = ${time} + interval '1 microsecond' WHERE record_id = $1`;
        await db.query(later, [story.first.recordId]);
      }
    });
    expect(found).toEqual([named('COLUMN_ALTERED', story.first)]);
  });
});
