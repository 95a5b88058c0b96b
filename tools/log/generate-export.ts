import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { leafHash } from '#ledger/hash.js';
import { signCheckpoint } from '#ledger/checkpoint.js';
import { NoteSigner } from '#ledger/signed-note.js';
import { TILE_WIDTH, tileOfTree } from '#ledger/tiles.js';
import { appendToTree, EMPTY_EDGE, rootOfEdge } from '#ledger/tree-edge.js';
import { formatVerifierKey } from '#ledger/verifier-key.js';
import {
  prepareRecord,
  type AccessRecordInput,
  type PreparedRecord,
} from '../../apps/gateway/src/access-log/access-record.js';
import {
  ABOUT,
  CHECKPOINT,
  FORMAT,
  KEY,
  OUTSIDE,
  WITNESSES,
  type AboutExport,
} from '../../apps/verify/src/export-layout.js';
import { columnsOf } from '../../apps/verify/src/record-columns.js';
import { ExportWriter, type ExportedLeaf } from './export-writer.js';

const ORIGIN = 'generated.example/log';
const FIRST_AT = Date.UTC(2026, 0, 1);
const APART_MS = 700;
const TERMS = { DELIVERY: 60, CONSULTATION: 60, EVALUATION: 60, REFUSAL: 60, ADMIN: 60, ERASURE: null };

/** Writes an export of synthetic records of about 1 kB, made by the code that the gateway runs; gives the log's key. */
export async function generateExport(folder: string, size: number, onLeaves: (count: number) => void): Promise<string> {
  const writer = new ExportWriter(folder, true);
  await writer.open();
  let edge = EMPTY_EDGE;
  for (let n = 0; n * TILE_WIDTH < size; n += 1) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const leaves = Array.from({ length: width }, (_, position) => leafOf(recordAt(n * TILE_WIDTH + position)));
    await writer.bundle('', n, leaves);
    const grown = appendToTree(
      edge,
      leaves.map(({ entry }) => leafHash(entry)),
    );
    for (const tile of grown.tiles) await writer.tile('', { ...tile, width: TILE_WIDTH }, tile.hashes);
    edge = grown.edge;
    onLeaves(width);
  }
  for (const [level, hashes] of edge.levels.entries()) {
    const id = tileOfTree(size, level, Math.floor(size / TILE_WIDTH ** (level + 1)));
    if (id && hashes.length > 0) await writer.tile('', id, hashes);
  }
  const signer = NoteSigner.from(ORIGIN, generateKeyPairSync('ed25519').privateKey);
  const key = formatVerifierKey(signer.verifier);
  await writer.text(CHECKPOINT, signCheckpoint({ origin: ORIGIN, size, root: rootOfEdge(edge) }, signer));
  await writer.text(KEY, `${key}\n`);
  await writer.text(WITNESSES, '[]\n');
  await writer.list(OUTSIDE, []);
  const epochs = [{ epoch: 1, origin: ORIGIN, size }];
  const about: AboutExport = { format: FORMAT, at: new Date().toISOString(), epochs, withRecords: true, pending: 0 };
  await writer.text(ABOUT, `${JSON.stringify(about, null, 2)}\n`);
  return key;
}

/** A record as the gateway makes it for a content that was read. */
function recordAt(index: number): PreparedRecord {
  const municipality = '00000099000000000101';
  const input: AccessRecordInput = {
    kind: 'DELIVERY',
    peer: { oin: '00000099000000000302', kind: 'DTV', thumbprint: randomBytes(32).toString('hex') },
    ...{ source: municipality, municipality, recipients: ['00000099000000000302', '00000099000000000301'] },
    purpose: 'P02',
    legalBases: ['LB3'],
    processingActivity: 'https://ketenpoort.example/verwerkingen/bekendmaking-dtv',
    ...{ caseId: randomUUID(), messageId: randomUUID(), covenantId: randomUUID() },
    subjects: [{ index: randomBytes(32), id: randomBytes(45).toString('base64url') }],
    action: 'content.read',
    contract: { id: 'M05', version: 1 },
    decision: {
      ...{ outcome: 'permit', policyVersion: '2026.1', role: 'DT' },
      inputs: { messagePurpose: 'P02', endedPurposes: [] },
      reasons: ['P02 is the purpose of the message', 'DTV is DT for P02'],
    },
    fieldGroups: { released: ['FG01', 'FG02', 'FG03', 'FG04', 'FG08'], withheld: [] },
    ...{ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') },
  };
  return prepareRecord(input, { now: new Date(FIRST_AT + index * APART_MS), randomBytes, terms: TERMS });
}

function leafOf({ id, entry, canonical, salt }: PreparedRecord): ExportedLeaf {
  return {
    recordId: id,
    entry,
    record: { canonical, salt, columns: columnsOf(JSON.parse(canonical.toString()), entry) },
  };
}
