import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoteSigner } from '#ledger/signed-note.js';
import { formatVerifierKey } from '#ledger/verifier-key.js';
import { someRecord } from './support/log-copies.js';
import { LogStory } from './support/log-story.js';
import { LOG_ORIGIN } from './support/world.js';

const INSERT_LEAF = 'INSERT INTO leaf (epoch, position, record_id, record_at, entry) VALUES (1, $1, $2, $3, $4)';
const SWAP_LEAVES = `UPDATE leaf SET record_id = other.record_id, record_at = other.record_at, entry = other.entry
  FROM leaf AS other WHERE leaf.position IN ($1, $2)
    AND other.position = CASE leaf.position WHEN $1 THEN $2::bigint ELSE $1::bigint END`;
/** Everything after the first checkpoint that was not empty, removed as if it had never been; its signature is real. */
const FIRST_SIZE = '(SELECT min(size) FROM checkpoint WHERE size > 0)';
const SET_BACK = [
  `DELETE FROM access_record_subject WHERE record_id IN (SELECT record_id FROM leaf WHERE position >= ${FIRST_SIZE})`,
  `DELETE FROM access_record WHERE id IN (SELECT record_id FROM leaf WHERE position >= ${FIRST_SIZE})`,
  `DELETE FROM leaf WHERE position >= ${FIRST_SIZE}`,
  `DELETE FROM checkpoint WHERE size > ${FIRST_SIZE}`,
  'DELETE FROM tile',
  `UPDATE tree_head SET size = ${FIRST_SIZE}, levels = ARRAY[hashes]
   FROM (SELECT string_agg(sha256('\\x00'::bytea || entry), ''::bytea ORDER BY position) AS hashes FROM leaf) AS leaves`,
];

let story: LogStory;
beforeAll(async () => {
  story = await LogStory.play();
}, 90_000);
afterAll(() => story?.close());

describe('the verifier names', () => {
  it('a forged leaf behind the tree', async () => {
    const { id, at, entry } = someRecord();
    const found = await story.foundAfter(({ db }) => db.query(INSERT_LEAF, [story.size, id, at, entry]));
    expect(found).toEqual([`LEAF_OUTSIDE_TREE ${story.size} ${id}`]);
  });

  it('a forged leaf within the tree', async () => {
    const { index, recordId } = story.first;
    const forged = someRecord();
    const found = await story.foundAfter(async (log) => {
      await log.record(forged);
      await log.db.query('DELETE FROM pending_leaf WHERE record_id = $1', [forged.id]);
      await log.db.query('UPDATE leaf SET position = position + 1000000 WHERE position >= $1', [index]);
      await log.db.query('UPDATE leaf SET position = position - 999999 WHERE position >= 1000000');
      await log.db.query(INSERT_LEAF, [index, forged.id, forged.at, forged.entry]);
    });
    expect(found).toContain('ROOT_MISMATCH');
    expect(found).toContain(`ENTRY_ALTERED ${index} ${forged.id}`);
    expect(found).toContain(`ENTRY_MOVED ${index + 1} ${recordId}`);
  });

  it('two leaves that changed places', async () => {
    const { first, second } = story;
    const found = await story.foundAfter(async ({ db }) => {
      await db.query('DROP INDEX leaf_record');
      await db.query(SWAP_LEAVES, [first.index, second.index]);
    });
    const moved = [`ENTRY_MOVED ${first.index} ${second.recordId}`, `ENTRY_MOVED ${second.index} ${first.recordId}`];
    expect(found).toEqual([...moved, 'ROOT_MISMATCH'].sort());
  });

  it('a tile that was changed', async () => {
    const found = await story.foundAfter(({ db }) =>
      db.query('UPDATE tile SET hashes = set_byte(hashes, 40, 1 # get_byte(hashes, 40))'),
    );
    expect(found).toEqual([expect.stringMatching(/^TILE_ALTERED 1 /)]);
  });

  it('the unfinished end of the tree when it was changed in the head', async () => {
    const found = await story.foundAfter(({ db }) =>
      db.query('UPDATE tree_head SET levels[1] = set_byte(levels[1], 40, 1 # get_byte(levels[1], 40))'),
    );
    expect(found).toEqual([expect.stringMatching(/^TILE_ALTERED 257 /)]);
  });

  it('a head that is smaller than its checkpoint', async () => {
    const found = await story.foundAfter(({ db }) => db.query(`UPDATE tree_head SET size = size - 1`));
    expect(found).toEqual(['LOG_SHRUNK']);
  });
});

describe('who keeps something of his own names', () => {
  it('a log that was set back to an earlier checkpoint: whoever verified it before', async () => {
    const state = join(story.world.folder, 'seen.json');
    expect(await story.foundAfter(() => Promise.resolve(), '--state', state)).toEqual([]);
    const copy = await story.newCopy();
    for (const sql of SET_BACK) await copy.db.query(sql);
    expect((await copy.verify()).findings).toEqual([]);
    expect((await copy.verify('--state', state)).findings).toMatchObject([{ kind: 'LOG_SHRUNK', epoch: 1 }]);
  });

  it('a record that was removed before it came into the log: the holder of its receipt, and nobody else', async () => {
    const digests = join(story.world.folder, 'digests');
    const copy = await story.newCopy();
    const { rows } = await copy.db.query<{ digest: string }>(
      "SELECT encode(entry_digest, 'hex') AS digest FROM access_record LIMIT 1",
    );
    expect((await copy.verify()).findings).toEqual([]);
    writeFileSync(digests, `${rows[0]?.digest}\n`);
    expect((await copy.verify('--digests', digests)).findings).toEqual([]);
    writeFileSync(digests, `${rows[0]?.digest}\n${story.removedDigest}\n`);
    const { findings } = await copy.verify('--digests', digests);
    const cause = expect.stringContaining(Buffer.from(story.removedDigest, 'base64url').toString('hex'));
    expect(findings).toEqual([{ kind: 'RECEIPT_MISSING', cause }]);
  });

  it('another key: whoever has the right one from elsewhere', async () => {
    const copy = await story.newCopy();
    const { stdout } = await copy.key();
    expect((await copy.verify('--key', stdout.trim())).notes.join()).not.toContain('taken from the log itself');
    const other = NoteSigner.from(LOG_ORIGIN, generateKeyPairSync('ed25519').privateKey);
    const { exitCode, findings } = await copy.verify('--key', formatVerifierKey(other.verifier));
    expect([exitCode, findings[0]?.kind]).toEqual([1, 'CHECKPOINT_INVALID']);
  });
});
