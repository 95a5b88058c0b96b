import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCosignedCheckpoint } from '#ledger/cosignature.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { NoteSigner } from '#ledger/signed-note.js';
import { parseVerifierKey } from '#ledger/verifier-key.js';
import { freePort } from '../tools/support/free-port.js';
import { startProcess, type ManagedProcess } from '../tools/support/child-process.js';
import { accepted } from './support/calls.js';
import { runBuilt } from './support/log-copies.js';
import { application, vNumber } from './support/messages.js';
import { PublicLog } from './support/public-log.js';
import { until } from './support/until.js';
import { World } from './support/world.js';

const LIMIT_MS = 15_000;
const NAME = 'toezicht.example/getuige';
let world: World;
let log: PublicLog;
let folder: string;
let port: number;
let witness: ManagedProcess;

/** `npm run witness`, as an operator who is not the gateway's runs it: its own folder, and the log's key on paper. */
async function startWitness(name: string): Promise<ManagedProcess> {
  const options = ['--listen', `127.0.0.1:${port}`, '--state', join(folder, 'state'), '--name', NAME];
  return await startProcess({
    name: 'witness',
    command: process.execPath,
    args: ['dist/apps/verify/src/witness/main.js', ...options, '--log-key', join(folder, 'log.key')],
    logFile: join(folder, name),
    isReady: (text) => text().includes('witness ready'),
    readyWithinMs: LIMIT_MS,
  });
}

const keyOf = (process: ManagedProcess): string => /^key (\S+)$/m.exec(process.logTail(50))?.[1] ?? '';
const someMessage = () =>
  accepted(world, 'gro', application('gro', 'GRO', { vNumber: vNumber(), familyName: 'Proefpersoon' }));
const cosignedSizes = async (): Promise<number[]> =>
  (await world.rows<{ size: string }>('SELECT size FROM cosignature WHERE witness = $1 ORDER BY size', [NAME])).map(
    ({ size }) => Number(size),
  );

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  log = new PublicLog(world);
  folder = join(world.folder, 'witness');
  port = await freePort();
  await mkdir(folder, { recursive: true });
  await until('the log has its key', LIMIT_MS, async () => (await log.get('key')).status === 200);
  await writeFile(join(folder, 'log.key'), (await log.get('key')).body);
  witness = await startWitness('first.log');
}, 60_000);
afterAll(async () => {
  await witness?.stop();
  await world?.close();
});

describe('the witness program, called by the gateway', () => {
  it('is registered by the key that it prints, and cosigns what the log grows to', async () => {
    const document = { witnesses: [{ name: NAME, vkey: keyOf(witness), url: `http://127.0.0.1:${port}` }] };
    await writeFile(join(folder, 'register.json'), JSON.stringify(document));
    const args = ['apply', join(folder, 'register.json')];
    const ran = await runBuilt('dist/tools/register/main.js', args, { DATABASE_OWNER_URL: world.ownerUrl });
    expect([ran.exitCode, ran.stderr]).toEqual([0, '']);
    await someMessage();
    const [first = 0] = await until('it has cosigned', LIMIT_MS, async () => {
      const sizes = await cosignedSizes();
      return sizes.length > 0 ? sizes : null;
    });
    await someMessage();
    await until('and the next too', LIMIT_MS, async () => ((await cosignedSizes()).at(-1) ?? 0) > first);
  });

  it('goes on from what it has seen after kill -9, with the same key', async () => {
    const [key, before] = [keyOf(witness), (await cosignedSizes()).at(-1) ?? 0];
    process.kill(witness.pid, 'SIGKILL');
    await until('it is gone', LIMIT_MS, () => witness.exit());
    await someMessage();
    witness = await startWitness('second.log');
    expect(keyOf(witness)).toBe(key);
    await until('it cosigns again', LIMIT_MS, async () => ((await cosignedSizes()).at(-1) ?? 0) > before);
    expect(await world.rows('SELECT kind FROM log_alarm')).toEqual([]);
  });

  it('makes checkpoints that whoever trusts it opens with its key alone', async () => {
    const trust = {
      log: parseVerifierKey((await log.get('key')).body.toString().trim()),
      witnesses: [parseVerifierKey(keyOf(witness))],
      quorum: 1,
    };
    const note = (await log.get('checkpoint/cosigned')).body;
    expect(openCosignedCheckpoint(note, trust).checkpoint.size).toBeGreaterThan(0);
    const { privateKey } = generateKeyPairSync('ed25519');
    const stranger = NoteSigner.from(NAME, privateKey, 'cosignature/v1').verifier;
    expect(() => openCosignedCheckpoint(note, { ...trust, witnesses: [stranger] })).toThrow(LedgerError);
  });
});
