import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.js';
import { addSignatures, cosign, cosignaturesOf, openCosignedCheckpoint, verifyCosignature } from './cosignature.js';
import { formatSignatureLine, NoteSigner, parseNote, signNote } from './signed-note.js';

// The examples of C2SP tlog-checkpoint and tlog-cosignature.
const BODY = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const LOG_LINE =
  '— example.com/behind-the-sofa ' +
  'Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
const WITNESS_LINE =
  '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5' +
  'nNo0xUe+mbIUBkBIfZ+qnA==\n';
const ROOT = Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64');
const ORIGIN = 'example.com/behind-the-sofa';

const signer = (name: string, type: 'ed25519' | 'cosignature/v1' = 'ed25519'): NoteSigner =>
  NoteSigner.from(name, generateKeyPairSync('ed25519').privateKey, type);
const log = signer(ORIGIN);
const first = signer('w1.example', 'cosignature/v1');
const second = signer('w2.example', 'cosignature/v1');
const at = new Date('2023-03-20T12:25:47Z');
const note = signCheckpoint({ origin: ORIGIN, size: 20_852_163, root: ROOT }, log);

describe('checkpoint', () => {
  it('is written and read as C2SP tlog-checkpoint shows', () => {
    const checkpoint = { origin: ORIGIN, size: 20_852_163, root: ROOT };
    expect(formatCheckpoint(checkpoint)).toBe(BODY);
    expect(parseCheckpoint(BODY)).toEqual(checkpoint);
    expect(parseNote(`${BODY}\n${LOG_LINE}${WITNESS_LINE}`).signatures.map(formatSignatureLine)).toEqual([
      LOG_LINE,
      WITNESS_LINE,
    ]);
    const extended = { ...checkpoint, extensions: ['one', 'two'] };
    expect(parseCheckpoint(formatCheckpoint(extended))).toEqual(extended);
  });

  it('comes back for every size and root', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, bytes) => {
        const checkpoint = { origin: 'a', size, root: Buffer.from(bytes) };
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  const base64 = ROOT.toString('base64');
  it.each([
    ['a leading zero', `a\n01\n${base64}\n`],
    ['a sign', `a\n+1\n${base64}\n`],
    ['a size beyond 2^53', `a\n9007199254740992\n${base64}\n`],
    ['a hexadecimal size', `a\n0x10\n${base64}\n`],
    ['a space', `a\n1 \n${base64}\n`],
    ['no origin', `\n1\n${base64}\n`],
    ['two lines', `a\n1\n`],
    ['an unfinished line', `a\n1\n${base64}`],
    ['an empty extension', `a\n1\n${base64}\n\n`],
    ['CRLF', `a\r\n1\r\n${base64}\r\n`],
    ['a short root', `a\n1\n${ROOT.subarray(1).toString('base64')}\n`],
    ['a root without padding', `a\n1\n${base64.slice(0, -1)}\n`],
  ])('is refused with %s', (_, body) => {
    expect(() => parseCheckpoint(body)).toThrow('CHECKPOINT_MALFORMED');
  });

  it('opens for the key of its log only, and is of the log that it names', () => {
    expect(openCheckpoint(note, log.verifier).checkpoint.size).toBe(20_852_163);
    expect(() => openCheckpoint(note, signer(ORIGIN).verifier)).toThrow('NOTE_UNSIGNED');
    expect(() => signCheckpoint({ origin: 'other', size: 1, root: ROOT }, log)).toThrow('ORIGIN_MISMATCH');
    const strange = signNote(`other\n1\n${base64}\n`, log);
    expect(() => openCheckpoint(strange, log.verifier)).toThrow('ORIGIN_MISMATCH');
    expect(openCheckpoint(strange, log.verifier, [], 'other').checkpoint.origin).toBe('other');
    const onlyWitness = `${BODY}\n${formatSignatureLine(cosign(BODY, first, at))}`;
    expect(() => openCheckpoint(onlyWitness, log.verifier, [first.verifier])).toThrow('NOTE_UNSIGNED');
  });

  it('is not written with an origin, root or extension that would not be read', () => {
    const checkpoint = { origin: 'a', size: 1, root: ROOT };
    for (const wrong of [{ origin: '' }, { origin: 'a\nb' }, { root: ROOT.subarray(1) }, { extensions: [''] }]) {
      expect(() => formatCheckpoint({ ...checkpoint, ...wrong })).toThrow('CHECKPOINT_MALFORMED');
    }
    expect(() => formatCheckpoint({ ...checkpoint, size: -1 })).toThrow('SIZE_INVALID');
  });
});

describe('cosignature', () => {
  it('signs header, time and text as C2SP tlog-cosignature shows, with the time in front', () => {
    const { signature } = cosign(BODY, first, at);
    const message = `cosignature/v1\ntime 1679315147\n${BODY}`;
    expect(signature).toEqual(
      Buffer.concat([Buffer.from('00000000641850cb', 'hex'), first.sign(Buffer.from(message))]),
    );
    // The time in the example of C2SP is the same second.
    expect(parseNote(`${BODY}\n${WITNESS_LINE}`).signatures[0]?.signature.subarray(0, 8)).toEqual(
      signature.subarray(0, 8),
    );
  });

  it('is verified with its time, and with any byte turned it is not', () => {
    const made = cosign(BODY, first, at);
    expect(verifyCosignature(BODY, made, first.verifier)?.at).toEqual(at);
    for (let index = 0; index < made.signature.length; index += 1) {
      const signature = Buffer.from(made.signature);
      signature[index] = (signature[index] ?? 0) ^ 1;
      expect(verifyCosignature(BODY, { ...made, signature }, first.verifier)).toBeNull();
    }
    for (let index = 0; index < BODY.length; index += 1) {
      const body = BODY.slice(0, index) + String.fromCharCode(BODY.charCodeAt(index) ^ 1) + BODY.slice(index + 1);
      expect(verifyCosignature(body, made, first.verifier)).toBeNull();
    }
    expect(verifyCosignature(BODY, made, second.verifier)).toBeNull();
    expect(verifyCosignature(BODY, { ...made, signature: made.signature.subarray(1) }, first.verifier)).toBeNull();
  });

  it('is made by a witness key over a checkpoint only, and a witness key signs nothing else', () => {
    expect(() => cosign(BODY, log, at)).toThrow('KEY_MALFORMED');
    expect(() => cosign('any text\n', first, at)).toThrow('CHECKPOINT_MALFORMED');
    expect(() => signNote(BODY, first)).toThrow('KEY_MALFORMED');
  });

  it('counts once for each witness, the newest', () => {
    const later = new Date(at.getTime() + 60_000);
    const made = [cosign(BODY, first, later), cosign(BODY, first, at), cosign(BODY, first, later)];
    const cosigned = addSignatures(note, made);
    expect(cosigned.split('\n— ')).toHaveLength(4);
    const opened = openCheckpoint(cosigned, log.verifier, [first.verifier]);
    expect(cosignaturesOf(opened).map(({ witness, at: time }) => [witness.name, time])).toEqual([
      ['w1.example', later],
    ]);
    const trust = { log: log.verifier, witnesses: [first.verifier, second.verifier] };
    expect(openCosignedCheckpoint(cosigned, { ...trust, quorum: 1 }).cosignatures).toHaveLength(1);
    expect(() => openCosignedCheckpoint(cosigned, { ...trust, quorum: 2 })).toThrow('QUORUM_MISSING');
    const both = addSignatures(cosigned, [cosign(BODY, second, at)]);
    expect(openCosignedCheckpoint(both, { ...trust, quorum: 2 }).cosignatures).toHaveLength(2);
  });

  it('does not count twice for a witness with two keys, nor for a log that signs twice', () => {
    const renewed = signer('w1.example', 'cosignature/v1');
    const cosigned = addSignatures(note, [cosign(BODY, first, at), cosign(BODY, renewed, at)]);
    const witnesses = [first.verifier, renewed.verifier];
    expect(() => openCosignedCheckpoint(cosigned, { log: log.verifier, witnesses, quorum: 2 })).toThrow(
      'QUORUM_MISSING',
    );
    expect(openCosignedCheckpoint(note, { log: log.verifier, witnesses: [], quorum: 0 }).cosignatures).toEqual([]);
  });
});
