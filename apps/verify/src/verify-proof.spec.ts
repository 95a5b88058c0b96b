import { afterAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signCheckpoint } from '#ledger/checkpoint.js';
import { cosign } from '#ledger/cosignature.js';
import { entryBytes, recordCommitment } from '#ledger/entry.js';
import { leafHash, nodeHash } from '#ledger/hash.js';
import { formatSignatureLine, NoteSigner, parseNote } from '#ledger/signed-note.js';
import { formatTlogProof } from '#ledger/tlog-proof.js';
import { formatVerifierKey } from '#ledger/verifier-key.js';
import { readCommand } from './options.js';
import { verifyProof, type ProofReport } from './verify-proof.js';

const root = mkdtempSync(join(tmpdir(), 'ketenpoort-proof-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const newKey = () => generateKeyPairSync('ed25519').privateKey;
const log = NoteSigner.from('proof.example/log', newKey());
const witness = NoteSigner.from('witness.example', newKey(), 'cosignature/v1');
const key = formatVerifierKey(log.verifier);
const recordId = '01a201aa-0674-7ae6-8ae6-1ae6e0981ae6';
const canonical = Buffer.from(`{"action":"content.read","at":"2026-11-20T10:00:00.000Z","id":"${recordId}"}`);
const salt = randomBytes(32);
const entry = entryBytes({
  retentionClass: 'RELEASE',
  expiresMonth: '2031-11',
  commitment: recordCommitment(salt, canonical),
});
/** A tree of two leaves, ours the second: the path is the first. */
const sibling = leafHash(randomBytes(36));
const signed = signCheckpoint({ origin: log.name, size: 2, root: nodeHash(sibling, leafHash(entry)) }, log);
const note = signed + formatSignatureLine(cosign(parseNote(signed).body, witness, new Date()));
const record = { canonical: canonical.toString('base64'), salt: salt.toString('base64') };
const answer = {
  ...{ recordId, epoch: 1, origin: log.name, index: 1, entry: entry.toString('base64') },
  ...{ checkpoint: { size: 2, note, quorum: true }, proof: [sibling.toString('base64')] },
};

const DAY_MS = 86_400_000;
const RECORDED_MS = Date.parse('2026-11-20T10:00:00Z');

function check(content: unknown, ...args: string[]): ProofReport {
  return checkAt(RECORDED_MS, content, ...args);
}

function checkAt(now: number, content: unknown, ...args: string[]): ProofReport {
  const file = join(root, `proof-${Math.random()}`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const command = readCommand(['proof', file, ...args]);
  if (command.name !== 'proof') throw new Error('not the check of a proof');
  return verifyProof(command.file, command.recordFile, command.options, now);
}
const kinds = (content: unknown, ...args: string[]): string[] =>
  check(content, '--key', key, ...args).findings.map(({ kind }) => kind);

describe('the check of a proof', () => {
  it('holds the answer of the log, the proofs of a report and a tlog-proof to the key', () => {
    expect(check({ ...answer, record }, '--key', key)).toMatchObject({ proofs: 1, withRecord: 1, findings: [] });
    expect(check({ items: [{ ...answer, record }, answer] }, '--key', key)).toMatchObject({
      proofs: 2,
      withRecord: 1,
      findings: [],
    });
    expect(kinds(formatTlogProof({ index: 1, proof: [sibling], note, extra: entry }))).toEqual([]);
  });

  it('finds another entry, path, place, checkpoint or key', () => {
    expect(kinds({ ...answer, entry: randomBytes(36).toString('base64') })).toEqual(['ENTRY_ALTERED']);
    expect(kinds({ ...answer, proof: [randomBytes(32).toString('base64')] })).toEqual(['ENTRY_ALTERED']);
    expect(kinds({ ...answer, index: 0 })).toEqual(['ENTRY_ALTERED']);
    expect(kinds({ ...answer, checkpoint: { note: note.replace('\n2\n', '\n3\n') } })).toEqual(['CHECKPOINT_INVALID']);
    const other = formatVerifierKey(NoteSigner.from(log.name, newKey()).verifier);
    expect(check(answer, '--key', other).findings[0]?.kind).toBe('CHECKPOINT_INVALID');
  });

  it('finds another record, salt or id', () => {
    const changed = Buffer.from(canonical.toString().replace('read', 'rode')).toString('base64');
    expect(kinds({ ...answer, record: { ...record, canonical: changed } })).toEqual(['RECORD_ALTERED']);
    expect(kinds({ ...answer, record: { ...record, salt: randomBytes(32).toString('base64') } })).toEqual([
      'RECORD_ALTERED',
    ]);
    expect(kinds({ ...answer, recordId: recordId.replace('0', '1'), record })).toEqual(['RECORD_ALTERED']);
    const recordFile = join(root, 'record.json');
    writeFileSync(recordFile, JSON.stringify({ ...record, canonical: changed }));
    expect(kinds(answer, '--record', recordFile)).toEqual(['RECORD_ALTERED']);
  });

  it('finds a record of a time that has not come', () => {
    const found = (now: number): string[] =>
      checkAt(now, { ...answer, record }, '--key', key).findings.map(({ kind }) => kind);
    expect(found(RECORDED_MS - DAY_MS)).toEqual([]);
    expect(found(RECORDED_MS - DAY_MS - 1)).toEqual(['RECORD_POSTDATED']);
  });

  it('counts the witnesses that are known', () => {
    const witnesses = join(root, 'witnesses');
    const stranger = NoteSigner.from('other.example', newKey(), 'cosignature/v1');
    const trust = (...signers: NoteSigner[]): void =>
      writeFileSync(witnesses, `# known\n${signers.map(({ verifier }) => formatVerifierKey(verifier)).join('\n')}\n`);
    trust(witness);
    expect(kinds(answer, '--witnesses', witnesses)).toEqual([]);
    trust(witness, stranger);
    expect(kinds(answer, '--witnesses', witnesses)).toEqual(['QUORUM_MISSING']);
    expect(kinds(answer, '--witnesses', witnesses, '--quorum', '1')).toEqual([]);
    const forged = note.replace(/.(?=[^\n]{4}\n$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
    trust(witness);
    expect(kinds({ ...answer, checkpoint: { note: forged } }, '--witnesses', witnesses)).toEqual([
      'COSIGNATURE_INVALID',
      'QUORUM_MISSING',
    ]);
  });

  it('refuses to check without a key, or what is no proof', () => {
    expect(() => check(answer)).toThrow('--key');
    for (const content of ['{', 'c2sp', {}, { ...answer, entry: 'AAAA' }, { ...answer, proof: 1 }]) {
      expect(() => kinds(content)).toThrow();
    }
  });
});
