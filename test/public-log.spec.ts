import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { leafHash } from '#ledger/hash.js';
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from '#ledger/proofs.js';
import { rootFromTiles } from '#ledger/tree-reader.js';
import { accepted } from './support/calls.js';
import { application, vNumber, type Event } from './support/messages.js';
import { PublicLog } from './support/public-log.js';
import { until } from './support/until.js';
import { World } from './support/world.js';

const LIMIT_MS = 10_000;
/** How long a checkpoint stands as the one to cosign. */
const WINDOW_MS = 3_000;
let world: World;
let log: PublicLog;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  log = new PublicLog(world);
}, 60_000);
afterAll(() => world?.close());

const someone = (): Event => application('gro', 'GRO', { vNumber: vNumber(), familyName: 'Proefpersoon' });
const text = async (path: string): Promise<string> => (await log.get(path)).body.toString();
const problemOf = async (path: string): Promise<[number, string]> => {
  const { status, body } = await log.get(path);
  return [status, (JSON.parse(body.toString()) as { code: string }).code];
};

/** Waits until the log covers all that was recorded. */
async function sequenced(): Promise<number> {
  const [row] = await world.rows<{ records: number }>('SELECT count(*)::int AS records FROM access_record');
  const records = row?.records ?? 0;
  const { checkpoint } = await until('every record is in the tree', LIMIT_MS, async () => {
    const opened = await log.checkpoint();
    return opened.checkpoint.size >= records ? opened : null;
  });
  return checkpoint.size;
}

describe('the public log', () => {
  it('begins with the checkpoint of an empty tree, under the name that it was given', async () => {
    const { checkpoint } = await log.checkpoint();
    expect(checkpoint.origin).toBe('story.ketenpoort.example/log');
    const [first] = await world.rows<{ size: string }>('SELECT size FROM checkpoint ORDER BY size LIMIT 1');
    expect(first?.size).toBe('0');
  });

  it('shows an accepted message under a checkpoint about a second later', async () => {
    await accepted(world, 'gro', someone());
    const at = performance.now();
    await sequenced();
    // A busy machine is allowed three; on a quiet one it is a third of a second.
    expect(performance.now() - at).toBeLessThan(3_000);
  });

  it('proves from its tiles alone that the entry of a receipt is in the tree', async () => {
    const [record] = await world.rows<{ digest: Buffer }>('SELECT entry_digest AS digest FROM access_record LIMIT 1');
    const size = await sequenced();
    const { checkpoint } = await log.checkpoint();
    const entries = await log.entries(size);
    const digests = entries.map((entry) => createHash('sha256').update(entry).digest('hex'));
    const index = digests.indexOf(record?.digest.toString('hex') ?? '');
    expect(index).toBeGreaterThanOrEqual(0);
    const proof = await inclusionProof(index, size, log.readTile);
    const leaf = leafHash(entries[index] ?? Buffer.alloc(0));
    expect(verifyInclusion({ index, size, leaf, proof, root: checkpoint.root })).toBe(true);
  });

  it('grows over the edge of a tile, and each checkpoint extends the one before', async () => {
    const before = (await log.checkpoint()).checkpoint;
    await world.rows(
      `INSERT INTO pending_leaf (record_id, record_at, entry) SELECT gen_random_uuid(), clock_timestamp(),
         decode(md5(n::text) || md5(n::text) || '00000000', 'hex') FROM generate_series(1, 300) AS n`,
    );
    await until('the tree has grown', LIMIT_MS, async () => (await log.checkpoint()).checkpoint.size > 300);
    const { size, root } = (await log.checkpoint()).checkpoint;
    expect(await rootFromTiles(size, log.readTile)).toEqual(root);
    const proof = await consistencyProof(before.size, size, log.readTile);
    expect(verifyConsistency({ oldSize: before.size, oldRoot: before.root, size, root, proof })).toBe(true);
    const [full, partial] = await Promise.all([log.readTile({ level: 0, n: 0, width: 256 }), text('tile/0/000.p/7')]);
    expect(Buffer.from(full.subarray(0, 7 * 32)).toString()).toBe(partial);
    expect(await log.readTile({ level: 1, n: 0, width: 1 })).toHaveLength(32);
  });

  it('shows one checkpoint for some seconds as the one to cosign, while newer ones come', async () => {
    const seen = { newest: new Set<string>(), candidate: new Set<string>(), windows: new Set<number>() };
    // One a window, and one that was being written at the turn of a window and so took another's place after it.
    const allowed = (): number => seen.windows.size + 1;
    await until('there were more new checkpoints than the windows allow', 3 * LIMIT_MS, async () => {
      await world.rows(
        `INSERT INTO pending_leaf (record_id, record_at, entry) VALUES (gen_random_uuid(), clock_timestamp(), $1)`,
        [Buffer.alloc(36)],
      );
      seen.windows.add(Math.floor(Date.now() / WINDOW_MS));
      seen.newest.add(await text('checkpoint'));
      seen.candidate.add(await text('checkpoint/candidate'));
      seen.windows.add(Math.floor(Date.now() / WINDOW_MS));
      return seen.newest.size > allowed() + 1;
    });
    expect(seen.candidate.size).toBeLessThanOrEqual(allowed());
    await until(
      'all is in the tree',
      LIMIT_MS,
      async () => (await world.rows('SELECT FROM pending_leaf')).length === 0,
    );
    const newest = await text('checkpoint');
    await until('it is the candidate', LIMIT_MS, async () => (await text('checkpoint/candidate')) === newest);
  });

  it('says what may be kept for ever, and how it is to be read', async () => {
    const kept = 'public, max-age=31536000, immutable';
    const [tile, bundle, checkpoint] = await Promise.all(
      ['tile/0/000', 'tile/entries/000', 'checkpoint'].map((path) => log.get(path)),
    );
    expect(tile?.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'cache-control': kept });
    expect(bundle?.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'cache-control': kept });
    expect(checkpoint?.headers).toMatchObject({ 'cache-control': 'no-cache', 'access-control-allow-origin': '*' });
    expect(checkpoint?.headers['content-type']).toMatch(/^text\/plain/);
    expect((await log.get('checkpoint', 'HEAD')).body).toHaveLength(0);
  });

  it('has every epoch under its number, and nothing else', async () => {
    expect(await text('epochs/1/key')).toBe(await text('key'));
    expect(await text('epochs/1/checkpoint')).toBe(await text('checkpoint'));
    // How far the stories before this one got depends on the machine: a tile that starts behind the tree is not there.
    const behind = String(Math.ceil((await log.checkpoint()).checkpoint.size / 256) + 1).padStart(3, '0');
    for (const path of [
      `tile/0/${behind}.p/255`,
      `tile/0/${behind}`,
      'tile/0/000.p/256',
      'tile/0/0',
      'tile/9/000.p/1',
      'tile/entries/x001/000',
      'epochs/2/checkpoint',
      'epochs/01/checkpoint',
      'epochs/1/epochs/1/key',
      'checkpoint/',
      'records/000',
      `tile/0/${'x000/'.repeat(40)}000`,
    ]) {
      expect([path, ...(await problemOf(path))]).toEqual([path, 404, 'ROUTE_NOT_FOUND']);
    }
    expect(await problemOf('checkpoint/cosigned')).toEqual([404, 'NOT_COSIGNED_YET']);
    expect((await log.get('checkpoint', 'POST')).status).toBe(405);
  });

  it('goes on where it was after a restart, and sequences what was left when the gateway stopped', async () => {
    const before = await sequenced();
    await accepted(world, 'gro', someone());
    await world.gateways[0]?.process.stop();
    const [row] = await world.rows<{ pending: number }>('SELECT count(*)::int AS pending FROM pending_leaf');
    expect(row?.pending).toBe(0);
    await world.startGateway();
    world.gateways.shift();
    expect((await log.checkpoint()).checkpoint.size).toBeGreaterThan(before);
  });
});
