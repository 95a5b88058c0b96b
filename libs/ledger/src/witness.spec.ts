import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import {
  ADD_CHECKPOINT_BYTES_MAX,
  formatAddCheckpoint,
  formatSizeAnswer,
  parseAddCheckpoint,
  parseSizeAnswer,
} from './add-checkpoint.js';
import { parseCheckpoint, signCheckpoint } from './checkpoint.js';
import { EMPTY_ROOT } from './hash.js';
import { numberedLeaves, plainRoot, PlainTree } from './fakes.js';
import { consistencyProof } from './proofs.js';
import { NoteSigner, parseNote } from './signed-note.js';
import { parseVerifierKey } from './verifier-key.js';
import {
  ADD_CHECKPOINT_STATUS,
  judgeAddCheckpoint,
  judgeCheckpoint,
  type SeenCheckpoint,
  type WitnessedLog,
} from './witness.js';

// Requests and answers of another witness: filippo.io/torchwood, cmd/litewitness/testdata/litewitness.txt.
const SIGSUM = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562';
const SIGSUM_KEY = `${SIGSUM}+5202289b+Af/cLU2Y5BJNP+r3iMDC+av9eWCD0fBJVDfzAux5zxAP`;
const NOTE_1 = `${SIGSUM}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— ${SIGSUM} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
`;
const NOTE_3 = `${SIGSUM}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— ${SIGSUM} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
`;
const NOTE_5 = `${SIGSUM}
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

— ${SIGSUM} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
`;
const TO_3 = 'KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nKgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n';
const TO_5 = `KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
KgMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE=
KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
`;
const ORIGIN = 'log.example/2026';
const logKey = NoteSigner.from(ORIGIN, generateKeyPairSync('ed25519').privateKey);
const tree = new PlainTree(numberedLeaves(40));
const otherLeaves = numberedLeaves(41).slice(1);
const rootAt = (size: number): Buffer => tree.root(size);
const seenAt = (size: number): SeenCheckpoint => ({ size, root: rootAt(size) });
const noteAt = (size: number, root = rootAt(size)): string => signCheckpoint({ origin: ORIGIN, size, root }, logKey);

describe('witness', () => {
  it('answers as another witness did on the same requests', () => {
    const verifiers = [parseVerifierKey(SIGSUM_KEY)];
    let seen: SeenCheckpoint | null = null;
    const answer = (body: string): unknown => {
      const judged = judgeAddCheckpoint(parseAddCheckpoint(body), { verifiers, seen, hasEnded: false });
      if (judged.verdict === 'cosign') seen = judged.checkpoint;
      const status = ADD_CHECKPOINT_STATUS[judged.verdict];
      return judged.verdict === 'stale' ? [status, formatSizeAnswer(judged.size)] : [status];
    };
    expect(answer(`old 0\n\n${NOTE_1}`)).toEqual([200]);
    // There the changed signature ends in 6gx=, which is no canonical base64: here that is a malformed request.
    expect(() => answer(`old 1\n${TO_3}\n${NOTE_3.replace('x6go=', 'x6gx=')}`)).toThrow('REQUEST_MALFORMED');
    expect(answer(`old 1\n${TO_3}\n${NOTE_3.replace('x6go=', 'x6gw=')}`)).toEqual([403]);
    expect(answer(`old 1\n\n${NOTE_3}`)).toEqual([422]);
    expect(answer(`old 1\n${TO_3.replace(/AA=\n$/, 'BA=\n')}\n${NOTE_3}`)).toEqual([422]);
    expect(answer(`old 1\n${TO_3}\n${NOTE_3}`)).toEqual([200]);
    expect(answer(`old 1\n${TO_3}\n${NOTE_5}`)).toEqual([409, '3\n']);
    expect(answer(`old 3\n${TO_5}\n${NOTE_5}`)).toEqual([200]);
    expect(answer(`old 0\n\n${NOTE_5}`)).toEqual([409, '5\n']);
  });

  it('cosigns every growth of a log, and the same tree again', async () => {
    for (const oldSize of [0, 1, 7, 8, 39, 40]) {
      const proof = await consistencyProof(oldSize, 40, tree.tiles(40));
      const request = parseAddCheckpoint(formatAddCheckpoint({ oldSize, proof, note: noteAt(40) }));
      const seen = oldSize === 0 ? null : seenAt(oldSize);
      const judged = judgeAddCheckpoint(request, { verifiers: [logKey.verifier], seen, hasEnded: false });
      expect(judged).toEqual({ verdict: 'cosign', checkpoint: request.claimed, body: parseNote(noteAt(40)).body });
    }
  });

  it('names a log that was forked, shrunk or rewritten', async () => {
    const proof = await consistencyProof(20, 40, tree.tiles(40));
    const checkpoint = parseCheckpoint(parseNote(noteAt(40)).body);
    expect(judgeCheckpoint(seenAt(20), checkpoint, proof)).toBe('cosign');
    expect(judgeCheckpoint(null, checkpoint, [])).toBe('cosign');
    expect(judgeCheckpoint(seenAt(20), parseCheckpoint(parseNote(noteAt(19)).body), [])).toBe('shrunk');
    const forked = { ...checkpoint, root: plainRoot(otherLeaves) };
    expect(judgeCheckpoint(seenAt(40), forked, [])).toBe('fork');
    expect(judgeCheckpoint(seenAt(20), forked, proof)).toBe('inconsistent');
    expect(judgeCheckpoint({ size: 20, root: plainRoot(otherLeaves.slice(0, 20)) }, checkpoint, proof)).toBe(
      'inconsistent',
    );
    expect(judgeCheckpoint(seenAt(20), checkpoint, proof.slice(1))).toBe('inconsistent');
    expect(judgeCheckpoint(seenAt(40), checkpoint, proof)).toBe('inconsistent');
    expect(judgeCheckpoint(null, { origin: ORIGIN, size: 0, root: EMPTY_ROOT }, [])).toBe('cosign');
    expect(judgeCheckpoint(null, { origin: ORIGIN, size: 0, root: rootAt(1) }, [])).toBe('wrong-empty-root');
  });

  it('checks in the order of C2SP tlog-witness, each failure with its status', () => {
    const stranger = NoteSigner.from(ORIGIN, generateKeyPairSync('ed25519').privateKey);
    const known: WitnessedLog = { verifiers: [logKey.verifier], seen: seenAt(20), hasEnded: false };
    const ended: WitnessedLog = { ...known, hasEnded: true };
    const strange: WitnessedLog = { ...known, verifiers: [stranger.verifier] };
    const fork = noteAt(20, plainRoot(otherLeaves.slice(0, 20)));
    const cases: [number, string, WitnessedLog | undefined, number, string][] = [
      [50, noteAt(40), undefined, 404, 'unknown-log'],
      [50, noteAt(40), strange, 403, 'untrusted'],
      [20, noteAt(40), { ...strange, hasEnded: true }, 403, 'untrusted'],
      [20, noteAt(40), ended, 422, 'inconsistent'],
      [50, noteAt(40), known, 400, 'old-size-too-large'],
      [10, fork, known, 409, 'stale'],
      [30, noteAt(40), known, 409, 'stale'],
      [20, noteAt(40), known, 422, 'inconsistent'],
      [20, fork, known, 422, 'fork'],
      [0, noteAt(0, rootAt(1)), { ...known, seen: null }, 422, 'wrong-empty-root'],
    ];
    for (const [oldSize, note, log, status, verdict] of cases) {
      const judged = judgeAddCheckpoint({ oldSize, proof: [], note }, log);
      expect([ADD_CHECKPOINT_STATUS[judged.verdict], judged.verdict]).toEqual([status, verdict]);
    }
  });
});

describe('request add-checkpoint', () => {
  const hash = EMPTY_ROOT.toString('base64');

  it('is read as it was written', () => {
    const request = { oldSize: 7, proof: [rootAt(1), rootAt(2)], note: noteAt(9) };
    expect(parseAddCheckpoint(formatAddCheckpoint(request))).toMatchObject(request);
    expect(parseAddCheckpoint(Buffer.from(formatAddCheckpoint(request)))).toMatchObject(request);
    expect(parseSizeAnswer(formatSizeAnswer(20))).toBe(20);
    for (const text of ['20', '020\n', '-1\n', '\n', '20\n20\n']) {
      expect(() => parseSizeAnswer(text)).toThrow('REQUEST_MALFORMED');
    }
  });

  it.each([
    ['no old size', `\n${noteAt(3)}`],
    ['a leading zero', `old 01\n\n${noteAt(3)}`],
    ['an empty size', `old \n\n${noteAt(3)}`],
    ['a second space', `old  1\n\n${noteAt(3)}`],
    ['CRLF', `old 1\r\n\r\n${noteAt(3)}`],
    ['a hash of another length', `old 1\nAAAA\n\n${noteAt(3)}`],
    ['a hash without padding', `old 1\n${hash.slice(0, -1)}\n\n${noteAt(3)}`],
    ['64 hashes', `old 1\n${`${hash}\n`.repeat(64)}\n${noteAt(3)}`],
    ['no checkpoint', 'old 1\n\n'],
    ['a note that is no checkpoint', 'old 1\n\nhello\n\n— a AAAAAAA=\n'],
    ['too many bytes', `old 1\n\n${'a'.repeat(ADD_CHECKPOINT_BYTES_MAX)}`],
  ])('is refused with %s', (_, body) => {
    expect(() => parseAddCheckpoint(body)).toThrow('REQUEST_MALFORMED');
  });

  it('is not written with more than 63 hashes', () => {
    const proof = Array.from({ length: 64 }, () => EMPTY_ROOT);
    expect(() => formatAddCheckpoint({ oldSize: 1, proof, note: noteAt(3) })).toThrow('REQUEST_MALFORMED');
  });
});
