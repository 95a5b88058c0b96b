import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { openCheckpoint } from '#ledger/checkpoint.js';
import { entryDigest } from '#ledger/entry.js';
import { leafHash } from '#ledger/hash.js';
import { verifyInclusion } from '#ledger/proofs.js';
import { parseTlogProof } from '#ledger/tlog-proof.js';
import { parseVerifierKey } from '#ledger/verifier-key.js';
import type { InclusionProof } from '../apps/gateway/src/access-log/log/inclusion-proofs.js';
import { accepted, consult, recordsDuring } from './support/calls.js';
import { application, vNumber } from './support/messages.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

const LIMIT_MS = 60_000;
const SOON_MS = 15_000;

let world: World;
let recordId: string;
let digest: string;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  const { caseId } = await accepted(
    world,
    'ams',
    application('ams', 'AMS', { vNumber: vNumber(), familyName: 'Blad' }),
  );
  const answer = await consult(world, 'ams', caseId, { 'purpose-of-use': 'P01', 'user-reference': 'ams-medewerker-3' });
  ({ id: recordId, digest } = (answer.body as { accessRecord: { id: string; digest: string } }).accessRecord);
  await until('the record is a leaf', SOON_MS, async () => (await proofFor('ams')).status === 200);
}, LIMIT_MS);
afterAll(() => world.close());

const proofFor = async (name: string, id = recordId): Promise<Response> =>
  await world.as(name).get(`/v1/access-log-entries/${id}/inclusion-proof`);
const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

describe('an inclusion proof', () => {
  it('leads from the digest that the reader holds to the root of a checkpoint that the log signed', async () => {
    const { body } = (await proofFor('ams')) as { body: InclusionProof };
    const entry = bytes(body.entry);
    expect(entryDigest(entry).toString('base64url')).toBe(digest);
    expect(leafHash(entry).toString('base64')).toBe(body.leafHash);
    const [head] = await world.rows<{ vkey: string }>('SELECT vkey FROM tree_head');
    const { checkpoint } = openCheckpoint(body.checkpoint.note, parseVerifierKey(head?.vkey ?? ''));
    expect(checkpoint).toMatchObject({ origin: body.origin, size: body.checkpoint.size });
    const claim = { index: body.index, size: checkpoint.size, leaf: leafHash(entry), root: checkpoint.root };
    const proof = body.proof.map(bytes);
    expect(verifyInclusion({ ...claim, proof })).toBe(true);
    expect(verifyInclusion({ ...claim, index: body.index + 1, proof })).toBe(false);
    expect(parseTlogProof(body.tlogProof)).toMatchObject({
      index: body.index,
      note: body.checkpoint.note,
      extra: entry,
    });
    // No witness is registered here: the log alone vouches for it, and says so.
    expect(body.checkpoint.quorum).toBe(false);
  });

  it('comes with the entry as well; an officer who asks is recorded, a system that checks its own record is not', async () => {
    const entry = await world.as('fg-ams').get(`/v1/access-log-entries/${recordId}`);
    expect((entry.body as { proof: InclusionProof }).proof).toMatchObject({ recordId, index: expect.any(Number) });
    const officer = await recordsDuring(world, () => proofFor('fg-ams'));
    expect(officer.answer.status).toBe(200);
    const recorded = {
      action: 'log.proof',
      peer: { oin: peer('ams').oin, officer: 'FG' },
      details: { entry: recordId },
    };
    expect(officer.records).toMatchObject([{ id: officer.answer.headers['access-record'], ...recorded }]);
    const system = await recordsDuring(world, () => proofFor('ams'));
    expect([system.answer.status, system.answer.headers['access-record']]).toEqual([200, undefined]);
    expect(system.records).toEqual([]);
  });

  it('is not available to whom the record does not concern, nor of what does not exist', async () => {
    for (const [name, id] of [['gro', recordId], ['fg-gro', recordId], ['gro', randomUUID()], ['gro', 'x']] as const) {
      const { answer, records } = await recordsDuring(world, () => proofFor(name, id));
      expect([answer.status, answer.body.code]).toEqual([404, 'ENTRY_NOT_AVAILABLE']);
      expect(records).toMatchObject([{ kind: 'REFUSAL', action: 'log.proof' }]);
    }
  }); // prettier-ignore

  it('of a record that is no leaf yet comes later, and says when to ask again', async () => {
    const blocker = await world.rows<{ id: string }>(
      `SELECT id FROM access_record WHERE peer_oin = $1 ORDER BY at DESC LIMIT 1`,
      [peer('ams').oin],
    );
    // As between the commit of a record and the next cycle of the sequencer.
    await world.rows('ALTER TABLE leaf DISABLE TRIGGER append_only');
    await until('it is a leaf', SOON_MS, async () => (await proofFor('ams', blocker[0]?.id)).status === 200);
    await world.rows('DELETE FROM leaf WHERE record_id = $1', [blocker[0]?.id]);
    const answer = await proofFor('ams', blocker[0]?.id);
    expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([404, 'NOT_SEQUENCED_YET', '1']);
    const entry = await world.as('fg-ams').get(`/v1/access-log-entries/${blocker[0]?.id}`);
    expect((entry.body as { proof: null }).proof).toBeNull();
  });
});
