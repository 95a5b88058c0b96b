import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { signCheckpoint } from './checkpoint.js';
import { addSignatures, cosign } from './cosignature.js';
import { numberedLeaves, PlainTree } from './fakes.js';
import { LedgerError } from './ledger-error.js';
import { NoteSigner, parseNote } from './signed-note.js';
import { EXTRA_BYTES_MAX, formatTlogProof, parseTlogProof, verifyTlogProof } from './tlog-proof.js';

const ORIGIN = 'log.example/2026';
const key = (name: string, type: 'ed25519' | 'cosignature/v1' = 'ed25519'): NoteSigner =>
  NoteSigner.from(name, generateKeyPairSync('ed25519').privateKey, type);
const log = key(ORIGIN);
const witnesses = [key('w1.example', 'cosignature/v1'), key('w2.example', 'cosignature/v1')];
const leaves = numberedLeaves(5);
const tree = new PlainTree(leaves);
const signed = signCheckpoint({ origin: ORIGIN, size: 5, root: tree.root() }, log);
const note = addSignatures(
  signed,
  witnesses.map((witness) => cosign(parseNote(signed).body, witness, new Date('2026-11-01T00:00:00Z'))),
);
const file = formatTlogProof({ index: 3, proof: tree.inclusion(3), note });
const trust = {
  leaf: leaves[3] as Buffer,
  log: log.verifier,
  witnesses: witnesses.map(({ verifier }) => verifier),
  quorum: 2,
};

describe('tlog-proof', () => {
  // Forms of transparency-dev/formats, proof/tlog_proof_test.go.
  it('is written as C2SP tlog-proof says, with and without extra data', () => {
    const hash = Buffer.alloc(32, 1);
    const line = hash.toString('base64');
    expect(formatTlogProof({ index: 5, proof: [hash, hash], note: 'checkpoint\n' })).toBe(
      `c2sp.org/tlog-proof@v1\nindex 5\n${line}\n${line}\n\ncheckpoint\n`,
    );
    expect(
      formatTlogProof({ index: 0, proof: [], note: 'checkpoint\n', extra: Buffer.from('extra information') }),
    ).toBe('c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 0\n\ncheckpoint\n');
  });

  it('is read as it was written', () => {
    const proof = { index: 9, proof: tree.inclusion(3), note };
    expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof);
    const extra = Buffer.alloc(EXTRA_BYTES_MAX, 7);
    expect(parseTlogProof(Buffer.from(formatTlogProof({ ...proof, extra })))).toEqual({ ...proof, extra });
  });

  const line = Buffer.alloc(32).toString('base64');
  it.each([
    ['another header', `c2sp.org/tlog-proof@v2\nindex 0\n\n${note}`],
    ['no index', `c2sp.org/tlog-proof@v1\n\n${note}`],
    ['a negative index', `c2sp.org/tlog-proof@v1\nindex -5\n\n${note}`],
    ['a leading zero', `c2sp.org/tlog-proof@v1\nindex 05\n\n${note}`],
    ['extra data that is not base64', `c2sp.org/tlog-proof@v1\nextra !!\nindex 0\n\n${note}`],
    ['empty extra data', `c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n${note}`],
    ['extra data behind the index', `c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\n${note}`],
    ['a hash that is not base64', `c2sp.org/tlog-proof@v1\nindex 0\n!!\n\n${note}`],
    ['a hash of 64 bytes', `c2sp.org/tlog-proof@v1\nindex 0\n${Buffer.alloc(64).toString('base64')}\n\n${note}`],
    ['54 hashes', `c2sp.org/tlog-proof@v1\nindex 0\n${`${line}\n`.repeat(54)}\n${note}`],
    ['CRLF', file.replaceAll('\n', '\r\n')],
    ['no checkpoint', `c2sp.org/tlog-proof@v1\nindex 0\n`],
    ['too many bytes', `${file}${' '.repeat(200_000)}`],
  ])('is refused with %s', (_, text) => {
    expect(() => parseTlogProof(text)).toThrow('PROOF_MALFORMED');
  });

  it('shows that a leaf is in the log, and that the quorum of witnesses saw it', () => {
    const verified = verifyTlogProof(file, trust);
    expect(verified.index).toBe(3);
    expect(verified.opened.checkpoint.size).toBe(5);
    expect(verified.opened.cosignatures.map(({ name }) => name)).toEqual(['w1.example', 'w2.example']);
  });

  it('shows nothing for another leaf, place, log or a larger quorum', () => {
    expect(() => verifyTlogProof(file, { ...trust, leaf: leaves[2] as Buffer })).toThrow('PROOF_INVALID');
    expect(() => verifyTlogProof(file.replace('index 3', 'index 2'), trust)).toThrow('PROOF_INVALID');
    expect(() => verifyTlogProof(file, { ...trust, log: key(ORIGIN).verifier })).toThrow('NOTE_UNSIGNED');
    expect(() => verifyTlogProof(file, { ...trust, quorum: 3 })).toThrow('QUORUM_MISSING');
    const few = { ...trust, witnesses: trust.witnesses.slice(1) };
    expect(() => verifyTlogProof(file, few)).toThrow('QUORUM_MISSING');
  });

  it('is refused with any byte turned', () => {
    const bytes = Buffer.from(file);
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(() => verifyTlogProof(flipped, trust)).toThrow(LedgerError);
    }
  });
});
