import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatAddCheckpoint } from '#ledger/add-checkpoint.js';
import { signCheckpoint } from '#ledger/checkpoint.js';
import { openCosignedCheckpoint } from '#ledger/cosignature.js';
import { numberedLeaves, PlainTree } from '#ledger/fakes.js';
import { NoteSigner } from '#ledger/signed-note.js';
import { parseVerifierKey } from '#ledger/verifier-key.js';
import { openWitnessKey } from './witness-key.js';
import { readWitnessOptions } from './witness-options.js';
import { WitnessServer } from './witness-server.js';
import { Witness } from './witness.js';

const ORIGIN = 'log.example/test';
const NAME = 'witness.example';
const logKey = NoteSigner.from(ORIGIN, generateKeyPairSync('ed25519').privateKey);
const nextKey = NoteSigner.from(`${ORIGIN}/2`, generateKeyPairSync('ed25519').privateKey);
const tree = new PlainTree(numberedLeaves(20));
const other = new PlainTree(numberedLeaves(21).slice(1));

let folder: string;
let witness: Witness;
let server: WitnessServer;
let url: string;
const said: string[] = [];

async function open(): Promise<void> {
  const signer = await openWitnessKey(folder, NAME);
  witness = await Witness.open(folder, [logKey.verifier, nextKey.verifier], signer);
  server = new WitnessServer(witness, (line) => void said.push(line));
  url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}/add-checkpoint`;
}

async function close(): Promise<void> {
  await server.close();
  await witness.close();
}

beforeEach(async () => {
  said.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'kp-witness-'));
  await open();
});

afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const noteOf = (of: PlainTree, size: number, signer = logKey): string =>
  signCheckpoint({ origin: signer.name, size, root: of.root(size) }, signer);
const request = (oldSize: number, size: number, of = tree, signer = logKey): string => {
  const proof = oldSize === 0 ? [] : of.consistency(oldSize, size);
  return formatAddCheckpoint({ oldSize, proof, note: noteOf(of, size, signer) });
};
async function post(body: string | Buffer): Promise<{ status: number; text: string; type: string | null }> {
  const answer = await fetch(url, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body) });
  return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') };
}

describe('a witness', () => {
  it('cosigns a checkpoint that extends the last one, under the key that it prints', async () => {
    expect((await post(request(0, 5))).status).toBe(200);
    const { status, text } = await post(request(5, 9));
    expect(status).toBe(200);
    const key = parseVerifierKey((await readFile(join(folder, 'witness.vkey'), 'utf8')).trim());
    const trust = { log: logKey.verifier, witnesses: [key], quorum: 1 };
    expect(openCosignedCheckpoint(noteOf(tree, 9) + text, trust).cosignatures[0]?.name).toBe(NAME);
    expect(said).toEqual([`cosign "${ORIGIN}" 5`, `cosign "${ORIGIN}" 9`]);
  });

  it('answers the size that it has to another old size', async () => {
    await post(request(0, 5));
    expect(await post(request(3, 9))).toEqual({ status: 409, text: '5\n', type: 'text/x.tlog.size' });
  });

  it.each([
    ['another root of the same size', () => request(5, 5, other), 422],
    ['a tree that does not begin with what it has', () => request(5, 9, other), 422],
    ['a size below the old one', () => request(5, 9).replace(/^[\s\S]*\n\n(?=log)/, `old 10\n\n`), 400],
    ['another log', () => request(5, 9).replaceAll(ORIGIN, 'other.example/log'), 404],
    [
      'a checkpoint of that log under another key',
      () => {
        const stranger = NoteSigner.from(ORIGIN, generateKeyPairSync('ed25519').privateKey);
        return formatAddCheckpoint({ oldSize: 5, proof: tree.consistency(5, 9), note: noteOf(tree, 9, stranger) });
      },
      403,
    ],
    ['what is no request', () => 'hello', 400],
  ])('refuses %s, and keeps what it has', async (_what, body, status) => {
    await post(request(0, 5));
    expect((await post(body())).status).toBe(status);
    expect((await post(request(5, 9))).status).toBe(200);
  });

  it('remembers what it cosigned after a restart', async () => {
    await post(request(0, 5));
    await close();
    await open();
    expect((await post(request(0, 9))).text).toBe('5\n');
    expect((await post(request(5, 5, other))).status).toBe(422);
  });

  it('cosigns nothing more of an epoch that a later one has ended, though it grows', async () => {
    await post(request(0, 5));
    expect((await post(request(0, 1, other, nextKey))).status).toBe(200);
    await close();
    await open();
    expect(await post(request(5, 9))).toMatchObject({ status: 422, text: 'inconsistent\n' });
    expect((await post(request(1, 3, other, nextKey))).status).toBe(200);
  });

  it('cosigns one of two histories that come at the same time', async () => {
    const answers = await Promise.all([post(request(0, 7)), post(request(0, 7, other))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('reads no more than a request can have, and has one address', async () => {
    expect((await post(Buffer.alloc(200_000, 'a'))).status).toBe(413);
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(url.replace('add-checkpoint', 'other'), { method: 'POST' })).status).toBe(404);
  });
});

describe('its state folder', () => {
  it('is used by one witness at a time', async () => {
    const signer = await openWitnessKey(folder, NAME);
    await expect(Witness.open(folder, [logKey.verifier], signer)).rejects.toThrow('Does another witness run on it?');
  });

  it('keeps key and name, and lets nobody else read the key', async () => {
    const first = (await openWitnessKey(folder, NAME)).verifier;
    expect((await openWitnessKey(folder, 'another.name')).verifier).toEqual(first);
    expect((await stat(join(folder, 'witness.key'))).mode & 0o777).toBe(0o600);
    await chmod(join(folder, 'witness.key'), 0o644);
    await expect(openWitnessKey(folder, NAME)).rejects.toThrow('can be read by others');
  });
});

describe('its command line', () => {
  it('is read, with several keys', () => {
    const args = [
      '--listen',
      '127.0.0.1:9700',
      '--state',
      '/w',
      '--log-key',
      'a',
      '--log-key',
      'b',
      '--name',
      'w.example',
    ];
    expect(readWitnessOptions(args)).toEqual({
      host: '127.0.0.1',
      port: 9700,
      state: '/w',
      logKeyFiles: ['a', 'b'],
      name: 'w.example',
    });
    expect(readWitnessOptions(['--help'])).toBe('help');
  });

  it.each([
    [['--state', '/w', '--log-key', 'a'], '--listen'],
    [['--listen', '127.0.0.1:1', '--log-key', 'a'], '--state'],
    [['--listen', '127.0.0.1:1', '--state', '/w'], '--log-key'],
    [['--port', '1'], '--port'],
  ])('says what is missing: %p', (args, what) => {
    expect(() => readWitnessOptions(args)).toThrow(what);
  });
});
