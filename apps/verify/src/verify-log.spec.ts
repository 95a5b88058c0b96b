import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBundle } from '#ledger/entry-bundle.js';
import { EMPTY_ROOT, leafHash } from '#ledger/hash.js';
import { appendToTree, EMPTY_EDGE, rootOfEdge } from '#ledger/tree-edge.js';
import { generateExport } from '../../../tools/log/generate-export.js';
import { FINDING_KINDS } from './finding.js';
import { COLUMNS } from './record-columns.js';
import { readCommand } from './options.js';
import { edit, editLine, editRecord, flip, removeRecord, swapEntries } from './testing/tamper-files.js';
import { verifyLog } from './verify-log.js';

const SIZE = 600;
const root = mkdtempSync(join(tmpdir(), 'ketenpoort-verify-'));
const clean = join(root, 'clean');
let copies = 0;

beforeAll(() => generateExport(clean, SIZE, () => undefined));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What is found in a copy of the export after `tamper`, as `KIND index`. */
async function found(tamper: (dir: string) => void, ...args: string[]): Promise<string[]> {
  const dir = join(root, `copy-${(copies += 1)}`);
  cpSync(clean, dir, { recursive: true });
  tamper(dir);
  const { findings } = await verify(dir, ...args);
  return findings.kept.map(({ kind, index }) => (index === undefined ? kind : `${kind} ${index}`));
}

async function verify(dir: string, ...args: string[]): ReturnType<typeof verifyLog> {
  const command = readCommand([dir, '--threads', '1', ...args]);
  if (command.name !== 'log') throw new Error('not the check of a log');
  return verifyLog(command.options, { write: () => true });
}

describe('the check of an export', () => {
  it('finds nothing in one that nobody changed, and says what it believed', async () => {
    const { epochs, findings, notes } = await verify(clean);
    expect(findings.kept).toEqual([]);
    expect(epochs).toMatchObject([{ epoch: 1, size: SIZE, records: SIZE, absent: 0, cosigned: null }]);
    expect(notes.join()).toContain('taken from the log itself');
    const key = readFileSync(join(clean, 'key'), 'utf8').trim();
    expect((await verify(clean, '--key', key)).notes.join()).not.toContain('taken from the log itself');
  });

  it('names a record whose bytes were changed, by index and id, and no other', async () => {
    const dir = join(root, 'changed-record');
    cpSync(clean, dir, { recursive: true });
    editRecord(dir, 7, (text) => text.replace('"purpose":"P02"', '"purpose":"P03"'));
    const { findings } = await verify(dir);
    const recordId = (
      JSON.parse(readFileSync(join(dir, 'columns/000.jsonl'), 'utf8').split('\n')[7] ?? '') as { id: string }
    ).id;
    const [altered, column] = findings.kept;
    expect(altered).toMatchObject({ kind: 'RECORD_ALTERED', epoch: 1, index: 7, recordId });
    expect(column).toMatchObject({
      kind: 'COLUMN_ALTERED',
      index: 7,
      recordId,
      cause: expect.stringContaining('purpose'),
    });
    expect(findings.total).toBe(2);
  });

  it.each([
    ['a salt', (dir: string) => edit(dir, 'records/000.bin', flip(4)), ['RECORD_ALTERED 0']],
    [
      'bytes that are not canonical',
      (dir: string) => editRecord(dir, 3, (text) => text.replace('"kind":', '"kind": ')),
      ['RECORD_ALTERED 3', 'RECORD_MALFORMED 3'],
    ],
    [
      'an entry',
      (dir: string) => edit(dir, 'tile/entries/000', flip(5 * 38 + 20)),
      ['ENTRY_ALTERED 5', 'RECORD_ALTERED 5', 'COLUMN_ALTERED 5', 'ROOT_MISMATCH'],
    ],
    [
      'the order of two entries',
      (dir: string) => edit(dir, 'tile/entries/000', swapEntries(1, 9)),
      [
        'COLUMN_ALTERED 1',
        'COLUMN_ALTERED 9',
        'ENTRY_MOVED 1',
        'ENTRY_MOVED 9',
        'RECORD_ALTERED 1',
        'RECORD_ALTERED 9',
        'ROOT_MISMATCH',
      ],
    ],
    ['a leaf hash in a full tile', (dir: string) => edit(dir, 'tile/0/000', flip(32 * 4)), ['TILE_ALTERED 4']],
    [
      'a leaf hash in the partial tile',
      (dir: string) => edit(dir, 'tile/0/002.p/88', flip(32 * 4)),
      ['TILE_ALTERED 516'],
    ],
    ['a hash in a tile above', (dir: string) => edit(dir, 'tile/1/000.p/2', flip(33)), ['TILE_ALTERED']],
    ['a tile that is gone', (dir: string) => rmSync(join(dir, 'tile/0/001')), ['TILE_MISSING 256']],
    ['a bundle that is gone', (dir: string) => rmSync(join(dir, 'tile/entries/001')), ['TILE_MISSING 256']],
    [
      'a tile too many',
      (dir: string) => renameSync(join(dir, 'tile/0/001'), join(dir, 'tile/0/003')),
      ['TILE_EXTRA', 'TILE_MISSING 256'],
    ],
    [
      'the signature',
      (dir: string) => edit(dir, 'checkpoint', (bytes) => Buffer.from(bytes.toString().replace(/\n600\n/, '\n599\n'))),
      ['CHECKPOINT_INVALID'],
    ],
    ['a column', (dir: string) => editLine(dir, 2, (columns) => (columns.decision = 'refuse')), ['COLUMN_ALTERED 2']],
    [
      'the organisations it concerns',
      (dir: string) => editLine(dir, 2, (columns) => (columns.concerns as string[]).pop()),
      ['COLUMN_ALTERED 2'],
    ],
    [
      'a digest beside the record',
      (dir: string) => editLine(dir, 2, (columns) => (columns.entry_digest = '00')),
      ['COLUMN_ALTERED 2'],
    ],
    ...COLUMNS.map((column): [string, (dir: string) => void, string[]] => [
      `another value in the column ${column}`,
      (dir) => editLine(dir, 9, (columns) => (columns[column] = column === 'concerns' ? ['x'] : 'x')),
      ['COLUMN_ALTERED 9'],
    ]),
    [
      'a record of a kind that its entry cannot have',
      (dir: string) => editRecord(dir, 4, (text) => text.replace('"DELIVERY"', '"ERASURE"')),
      ['COLUMN_ALTERED 4', 'RECORD_ALTERED 4', 'RETENTION_MISMATCH 4'],
    ],
    [
      'a record that was made after its entry expires',
      (dir: string) => editRecord(dir, 4, (text) => text.replace('"at":"2026', '"at":"2036')),
      ['COLUMN_ALTERED 4', 'RECORD_ALTERED 4', 'RECORD_POSTDATED 4', 'RETENTION_MISMATCH 4'],
    ],
    ['a record that is gone', (dir: string) => removeRecord(dir, 11), ['ERASURE_UNLOGGED 11']],
    [
      'records that are gone without a word',
      (dir: string) => rmSync(join(dir, 'records/001.bin')),
      ['EXPORT_INCOMPLETE 256'],
    ],
    ['columns that are gone', (dir: string) => rmSync(join(dir, 'columns/002.p/88.jsonl')), ['EXPORT_INCOMPLETE 512']],
    [
      'a record that no leaf has',
      (dir: string) => writeFileSync(join(dir, 'outside.jsonl'), '{"what":"record","recordId":"r"}\n'),
      ['RECORD_OUTSIDE_LOG'],
    ],
    [
      'a leaf behind the tree',
      (dir: string) =>
        writeFileSync(join(dir, 'outside.jsonl'), '{"what":"leaf","epoch":1,"index":600,"recordId":"r"}\n'),
      ['LEAF_OUTSIDE_TREE 600'],
    ],
    [
      'a head that is not the checkpoint',
      (dir: string) =>
        writeFileSync(join(dir, 'outside.jsonl'), '{"what":"head","epoch":1,"size":5,"checkpointSize":600}\n'),
      ['LOG_SHRUNK'],
    ],
    ['the list of what is outside', (dir: string) => rmSync(join(dir, 'outside.jsonl')), ['EXPORT_INCOMPLETE']],
  ])('finds %s', async (_what, tamper, kinds) => {
    expect((await found(tamper)).sort()).toEqual([...kinds].sort());
  });

  it('takes a column by its value, not by how its line is written', async () => {
    expect(await found((dir) => editLine(dir, 4, (columns) => (columns.concerns as string[]).reverse()))).toEqual([]);
  });

  it('finds an id that stands twice', async () => {
    const id = (dir: string, index: number): string =>
      (JSON.parse(readFileSync(join(dir, 'columns/000.jsonl'), 'utf8').split('\n')[index] ?? '') as { id: string }).id;
    const kinds = await found((dir) => editRecord(dir, 20, (text) => text.replace(id(dir, 20), id(dir, 10))));
    expect(kinds).toContain('RECORD_TWICE 20');
  });

  it('demands the term that whoever verifies knows', async () => {
    expect(await found(() => undefined, '--terms', 'DELIVERY=60,REFUSAL=90')).toEqual([]);
    expect((await found(() => undefined, '--terms', 'DELIVERY=61'))[0]).toBe('RETENTION_MISMATCH 0');
  });

  it('finds that the log has shrunk or was written anew since it was seen', async () => {
    const state = join(root, 'state.json');
    expect(await found(() => undefined, '--state', state)).toEqual([]);
    const seen = readFileSync(state, 'utf8');
    writeFileSync(state, seen.replace(`"size": ${SIZE}`, `"size": ${SIZE + 1}`));
    expect(await found(() => undefined, '--state', state)).toEqual(['LOG_SHRUNK']);
    writeFileSync(state, seen.replace(`"size": ${SIZE}`, '"size": 300'));
    expect(await found(() => undefined, '--state', state)).toEqual(['FORK']);
    expect(readFileSync(state, 'utf8')).toContain('"size": 300');
  });

  it('finds that an epoch is gone which it has seen, and goes on to remember the others', async () => {
    const state = join(root, 'epochs.json');
    await found(() => undefined, '--state', state);
    type Logs = { logs: { origin: string; size: number; root: string }[] };
    const seen = JSON.parse(readFileSync(state, 'utf8')) as Logs;
    const [first] = seen.logs;
    if (!first) throw new Error('nothing was remembered');
    const none = EMPTY_ROOT.toString('base64');
    const second = { ...first, origin: `${first.origin}/2` };
    const logs = [{ origin: first.origin, size: 0, root: none }, second, { ...first, origin: 'other.example/2' }];
    writeFileSync(state, JSON.stringify({ ...seen, logs }));
    expect(await found(() => undefined, '--state', state)).toEqual(['EPOCH_MISSING']);
    const left = (JSON.parse(readFileSync(state, 'utf8')) as Logs).logs;
    expect(left.find(({ origin }) => origin === second.origin)).toEqual(second);
    expect(left.find(({ origin }) => origin === first.origin)).toEqual(first);
  });

  it('finds nothing when it has grown since, although it keeps no tiles of the smaller tree', async () => {
    const state = join(root, 'grown.json');
    await found(() => undefined, '--state', state);
    const seen = readFileSync(state, 'utf8');
    const entries = [0, 1].flatMap((n) => decodeBundle(readFileSync(join(clean, `tile/entries/00${n}`))));
    const older = appendToTree(EMPTY_EDGE, entries.slice(0, 300).map(leafHash)).edge;
    const [, newestRoot = ''] = /"root": "([^"]+)"/.exec(seen) ?? [];
    const remembered = seen.replace(`"size": ${SIZE}`, '"size": 300');
    writeFileSync(state, remembered.replace(newestRoot, rootOfEdge(older).toString('base64')));
    expect(await found(() => undefined, '--state', state)).toEqual([]);
  });

  it('names a digest that the log does not have', async () => {
    const digests = join(root, 'digests');
    const line = JSON.parse(readFileSync(join(clean, 'columns/000.jsonl'), 'utf8').split('\n')[0] ?? '') as {
      entry_digest: string;
    };
    const base64url = Buffer.from(line.entry_digest, 'hex').toString('base64url');
    writeFileSync(digests, `${line.entry_digest}\n${base64url}\n`);
    expect(await found(() => undefined, '--digests', digests)).toEqual([]);
    writeFileSync(digests, `${base64url}\n${'A'.repeat(43)}\n`);
    expect(await found(() => undefined, '--digests', digests)).toEqual(['RECEIPT_MISSING']);
    writeFileSync(digests, '\n');
    await expect(verify(clean, '--digests', digests)).rejects.toThrow('holds no digest');
  });

  it('cannot check what is not there, or with the key of another log', async () => {
    const other = join(root, 'other');
    const key = await generateExport(other, 1, () => undefined);
    await expect(verify(join(root, 'nothing'))).rejects.toThrow('does not exist');
    expect(await found(() => undefined, '--key', key)).toEqual(['CHECKPOINT_INVALID']);
    await expect(verify(clean, '--key', key.replace('generated', 'elsewhere'))).rejects.toThrow('key');
  });

  it('explains each kind of finding', () => {
    expect(Object.values(FINDING_KINDS).every((text) => /^[a-z].{20,}$/.test(text))).toBe(true);
  });
});
