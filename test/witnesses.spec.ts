import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { signCheckpoint } from '#ledger/checkpoint.js';
import { openCosignedCheckpoint } from '#ledger/cosignature.js';
import { NoteSigner } from '#ledger/signed-note.js';
import { noteVerifier, parseVerifierKey } from '#ledger/verifier-key.js';
import { accepted, submit } from './support/calls.js';
import { application, vNumber, type Event } from './support/messages.js';
import { PublicLog } from './support/public-log.js';
import { TestWitness } from './support/test-witness.js';
import { until } from './support/until.js';
import { WitnessServer } from './support/witness-server.js';
import { LOG_ORIGIN, World } from './support/world.js';

const LIMIT_MS = 10_000;
let world: World;
let log: PublicLog;
let coa: TestWitness;
let dtv: TestWitness;
let server: WitnessServer;

beforeAll(async () => {
  world = await World.open();
  const logKey = createPrivateKey(readFileSync(world.secrets.logKeyFile));
  server = await WitnessServer.start(() => Promise.resolve([noteVerifier(LOG_ORIGIN, createPublicKey(logKey))]));
  await world.startGateway();
  log = new PublicLog(world);
  [coa, dtv] = [new TestWitness(world, 'coa'), new TestWitness(world, 'dtv')];
}, 60_000);
afterAll(async () => {
  await world?.close();
  await server?.close();
});

const someone = (): Event => application('gro', 'GRO', { vNumber: vNumber(), familyName: 'Proefpersoon' });
const noteOf = async (path: string): Promise<string> => (await log.get(path)).body.toString();
const alarms = () => world.rows<{ kind: string; witness: string }>('SELECT kind, witness FROM log_alarm ORDER BY id');

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${world.gateways[0]?.managementUrl}/metrics`)).text();
  return Number(new RegExp(`^ketenpoort_${name} (.*)$`, 'm').exec(text)?.[1]);
}

/** A checkpoint of this size with the key of the log itself, as it would be after a lost backup or by its thief. */
function signedByLog(size: number, root = Buffer.alloc(32, 7)): string {
  const signer = NoteSigner.from(LOG_ORIGIN, createPrivateKey(readFileSync(world.secrets.logKeyFile)));
  return signCheckpoint({ origin: LOG_ORIGIN, size, root }, signer);
}

describe('cosignatures', () => {
  it('are taken from the registered witness of the caller alone', async () => {
    const note = await noteOf('checkpoint');
    expect((await coa.post(coa.cosigned(note))).body.code).toBe('WITNESS_UNKNOWN');
    await Promise.all([coa.register(), dtv.register()]);
    expect((await coa.post(note)).body.code).toBe('COSIGNATURE_INVALID');
    expect((await coa.post(dtv.cosigned(note))).body.code).toBe('COSIGNATURE_INVALID');
    expect((await coa.post(coa.cosigned(note.replace('story.', 'other.')))).body.code).toBe('COSIGNATURE_INVALID');
    expect((await coa.post(coa.cosigned(note).replace(/^(— witness\S+ .{8})./m, '$1_'))).status).toBe(400);
    expect((await coa.post(`${coa.cosigned(note)}${'x'.repeat(9_000)}`)).status).toBe(413);
    expect((await coa.post('')).status).toBe(400);
  });

  it('are kept once, and make a checkpoint to prove with when the quorum has signed', async () => {
    const note = await noteOf('checkpoint');
    expect((await coa.post(coa.cosigned(note))).status).toBe(204);
    expect((await coa.post(coa.cosigned(note))).status).toBe(204);
    expect((await log.get('checkpoint/cosigned')).status).toBe(404);
    expect((await dtv.post(dtv.cosigned(note))).status).toBe(204);
    const rows = await world.rows<{ witness: string; vkey: string }>(
      'SELECT c.witness, w.vkey FROM cosignature c JOIN witness w ON w.name = c.witness ORDER BY c.witness',
    );
    expect(rows.map(({ witness }) => witness)).toEqual([coa.name, dtv.name]);
    const trust = {
      log: parseVerifierKey((await noteOf('key')).trim()),
      witnesses: rows.map(({ vkey }) => parseVerifierKey(vkey)),
      quorum: 2,
    };
    const opened = openCosignedCheckpoint(await noteOf('checkpoint/cosigned'), trust);
    expect(opened.body).toBe(note.slice(0, opened.body.length));
    expect(await metric('log_cosigned_size')).toBe(opened.checkpoint.size);
  });
});

describe('a witness that the gateway calls', () => {
  it('is shown each new checkpoint with the proof that it extends the one before, and its word is kept', async () => {
    await world.rows('INSERT INTO witness (name, vkey, url) VALUES ($1, $2, $3)', [
      server.name,
      server.vkey,
      server.url,
    ]);
    await until('the witness has cosigned', LIMIT_MS, () => server.seen);
    const before = server.seen?.size ?? 0;
    await accepted(world, 'gro', someone());
    await until('it has cosigned the next one too', LIMIT_MS, () => (server.seen?.size ?? 0) > before);
    const cosigned = () => world.rows('SELECT size FROM cosignature WHERE witness = $1', [server.name]);
    await until('both are kept', LIMIT_MS, async () => (await cosigned()).length >= 2);
    expect(server.answered.every((status) => status === 200)).toBe(true);
  });

  it('is told what it has seen already by its own answer', async () => {
    await world.rows('ALTER TABLE cosignature DISABLE TRIGGER append_only');
    await world.rows('DELETE FROM cosignature WHERE witness = $1', [server.name]);
    await world.rows('ALTER TABLE cosignature ENABLE TRIGGER append_only');
    await accepted(world, 'gro', someone());
    await until(
      'it has cosigned again',
      LIMIT_MS,
      () => server.answered.includes(409) && server.answered.at(-1) === 200,
    );
    expect(await alarms()).toEqual([]);
  });
});

describe('a witness that knows another log', () => {
  it('halts it: nothing is appended, all work is refused and says so, and reading the log goes on', async () => {
    const size = (await log.checkpoint()).checkpoint.size;
    const answer = await coa.post(coa.cosigned(signedByLog(size + 5)));
    expect([answer.status, answer.body.code]).toEqual([409, 'LOG_SMALLER_THAN_WITNESSED']);
    const refused = await until('work is refused', LIMIT_MS, async () => {
      const tried = await submit(world, 'gro', someone());
      return tried.status === 503 ? tried : null;
    });
    expect([refused.body.code, refused.headers['retry-after']]).toEqual(['LOG_UNAVAILABLE', '10']);
    const before = await world.rows('SELECT id FROM access_record');
    expect((await submit(world, 'gro', someone())).status).toBe(503);
    expect((await world.as('gro').get('/v1/inbox')).status).toBe(503);
    expect(await world.rows('SELECT id FROM access_record')).toHaveLength(before.length);
    expect((await world.as('gro').get('/v1/contracts')).status).toBe(200);
    const ready = await fetch(`${world.gateways[0]?.managementUrl}/health/ready`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining(`has seen size ${size + 5}`)]);
    expect([await metric('log_halted'), await metric('log_alarms')]).toEqual([1, 1]);
    expect(world.logs()).toContain('a witness knows another log; the log is halted');
    expect((await log.checkpoint()).checkpoint.size).toBe(size);
  });

  it('is one alarm however often it says so, and a fork is another', async () => {
    const { size } = (await log.checkpoint()).checkpoint;
    expect((await coa.post(coa.cosigned(signedByLog(size + 5)))).status).toBe(409);
    const answer = await dtv.post(dtv.cosigned(signedByLog(size)));
    expect([answer.status, answer.body.code]).toEqual([409, 'LOG_FORKED']);
    expect(await alarms()).toEqual([
      { kind: 'SHRINK', witness: coa.name },
      { kind: 'FORK', witness: dtv.name },
    ]);
  });
});
