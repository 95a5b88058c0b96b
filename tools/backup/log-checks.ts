import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { consistencyProof, verifyConsistency } from '#ledger/proofs.js';
import { tileReader } from '../../apps/gateway/src/access-log/log/read-tiles.js';
import { headOfEpoch, type TreeHead } from '../../apps/gateway/src/access-log/log/tree-head.js';
import { findingLine } from '../../apps/verify/src/print-report.js';
import { verifyLog } from '../../apps/verify/src/verify-log.js';
import { warning } from '../doctor/outcome.js';
import { exportLog } from '../log/export-log.js';
import { ExportResume } from '../log/export-resume.js';
import { readPending } from '../log/export-rows.js';
import { ExportWriter } from '../log/export-writer.js';
import { wrong } from './owner-connection.js';
import type { Compared } from './compared.js';

const FINDINGS_SHOWN = 5;
const SILENT = { write: () => true };

/** Whether the tree of this head begins with that one; false also when it is smaller. */
export async function beginsWith(
  client: pg.Client,
  head: TreeHead,
  old: { readonly size: number; readonly root: Buffer },
): Promise<boolean> {
  const { size } = head.edge;
  if (old.size > size) return false;
  const proof = await consistencyProof(old.size, size, tileReader(client, head));
  return verifyConsistency({ oldSize: old.size, oldRoot: old.root, size, root: head.root, proof });
}

/** The log is the one of the backup, or has grown from it. */
export async function checkTree({ backup, client }: Compared): Promise<string> {
  const said: string[] = [];
  for (const { epoch, origin, size, root } of backup.manifest.facts.log) {
    const head = await headOfEpoch(client, epoch);
    const own = head?.edge.size ?? 0;
    const nextStep = 'Restore a backup that has them.';
    if (own < size) throw wrong(`${size - own} of ${size} leaves of ${origin} are missing`, nextStep);
    if (!head || !(await beginsWith(client, head, { size, root: Buffer.from(root, 'base64') })))
      throw wrong(`The log ${origin} is another one than that of the backup`, 'Keep both as evidence.');
    said.push(`${origin} has ${own} leaves${own > size ? `, ${own - size} more than the backup` : ''}`);
  }
  return said.join('; ') || 'no log yet';
}

/** Every record against its leaf, by the verifier that everyone has, with the keys that the backup knows. */
export async function checkRecords({ backup, client, now }: Compared): Promise<string> {
  if (now.log.length === 0) return 'no log yet';
  const { erasures } = await readPending(client);
  if (erasures > 0) {
    const cause = `${erasures} ERASURE records wait for their leaf: until then the log cannot explain what is gone`;
    throw warning(cause, 'Start a gateway, and check again.');
  }
  // Beside the database, and closed: an export holds the records.
  const folder = await mkdtemp(join(tmpdir(), 'ketenpoort-backup-'));
  try {
    const writer = new ExportWriter(folder, true);
    const quiet = { onStart: () => undefined, onLeaves: () => undefined };
    await exportLog(client, { writer, resume: ExportResume.none(folder), withRecords: true, ...quiet });
    const keys = backup.manifest.facts.log.map(({ vkey }) => vkey);
    const nothing = { witnessesFile: null, quorum: null, stateFile: null, caFile: null, digestsFile: null, terms: {} };
    const options = { log: folder, keys, threads: availableParallelism(), json: false, ...nothing };
    const { epochs, findings } = await verifyLog(options, SILENT);
    if (findings.total > 0) {
      const shown = findings.kept.slice(0, FINDINGS_SHOWN).map(findingLine);
      const next = 'npm run log -- export and npm run verify name all of them (docs/verify-the-log.md).';
      throw wrong(`The verifier found ${findings.total}: ${shown.join('; ')}`, next);
    }
    const [records, absent] = [sum(epochs.map((one) => one.records)), sum(epochs.map((one) => one.absent))];
    return `${records} records are those of the log, ${absent} were erased and say so`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
