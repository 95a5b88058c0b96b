import { readFile } from 'node:fs/promises';
import { formatAddCheckpoint, parseSizeAnswer } from '#ledger/add-checkpoint.js';
import { openCheckpoint } from '#ledger/checkpoint.js';
import { parseVerifierKey } from '#ledger/verifier-key.js';
import { largestWitnessed } from '../../apps/gateway/src/access-log/log/alarms.js';
import { newestCheckpoint } from '../../apps/gateway/src/access-log/log/checkpoints.js';
import { newestHead, type TreeHead } from '../../apps/gateway/src/access-log/log/tree-head.js';
import { activeWitnesses } from '../../apps/gateway/src/access-log/log/witnesses.js';
import { warning } from '../doctor/outcome.js';
import { wrong } from './owner-connection.js';
import type { Compared } from './compared.js';
import { beginsWith } from './log-checks.js';

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_CHARACTERS = 16 * 1024;
const RESTART = 'Restore a newer backup that has them. Is there none: npm run log -- restart (docs/operations.md).';

/** The largest log that somebody outside has seen: what this database lacks of it was lost after the backup. */
interface Seen {
  readonly by: string;
  readonly size: number;
}

/**
 * Asks each witness server what it has seen, as the gateway does at its start, and changes nothing here. An agency's
 * adapter cannot be asked: it shows a restored gateway what it has seen by itself, or its checkpoint is given in a file.
 */
export async function checkWitnesses({ client, checkpointFile }: Compared): Promise<string> {
  const head = await newestHead(client);
  const own = head && (await newestCheckpoint(client, head.epoch));
  if (!head || !own) return 'no log yet';
  const seen: Seen[] = [{ by: 'a witness that raised SHRINK', size: await largestWitnessed(client, head.epoch) }];
  if (checkpointFile !== undefined)
    seen.push(await ofFile(checkpointFile, head, (old) => beginsWith(client, head, old)));
  const silent: string[] = [];
  const [called, others] = [await activeWitnesses(client), [] as string[]];
  for (const { name, url } of called) {
    if (url === null) others.push(name);
    else {
      const size = await ask(url, own).catch(() => null);
      if (size === null) silent.push(name);
      else seen.push({ by: name, size });
    }
  }
  const most = seen.reduce((a, b) => (b.size > a.size ? b : a));
  const { size } = head.edge;
  if (most.size > size) throw wrong(`${most.size - size} leaves that ${most.by} has seen are missing: ${size} of ${most.size} are here`, RESTART); // prettier-ignore
  if (silent.length > 0)
    throw warning(`${silent.join(', ')} did not answer`, 'Ask again; the gateway asks too when it starts.');
  const adapters = others.length === 0 ? '' : `; ${others.length} at agencies say so when the gateway runs`;
  return `nobody who was asked has seen more than ${size} leaves${adapters}`;
}

/** Size that the witness has. Our own size as the old one, without a proof: only the same tree is cosigned by that. */
async function ask(url: string, own: { readonly size: number; readonly note: string }): Promise<number> {
  const response = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: formatAddCheckpoint({ oldSize: own.size, proof: [], note: own.note }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (response.status === 200) return own.size;
  if (response.status === 409 && text.length <= MAX_ANSWER_CHARACTERS) return parseSizeAnswer(text);
  throw new Error(`the witness answered ${response.status}`);
}

async function ofFile(
  file: string,
  head: TreeHead,
  isOurs: (old: { size: number; root: Buffer }) => Promise<boolean>,
): Promise<Seen> {
  const note = await readFile(file, 'utf8').catch(() => {
    throw wrong(`${file} cannot be read`, 'Let --checkpoint name a file with one signed checkpoint.');
  });
  let checkpoint: { readonly size: number; readonly root: Buffer };
  try {
    checkpoint = openCheckpoint(note, parseVerifierKey(head.vkey)).checkpoint;
  } catch {
    throw wrong(`${file} holds no checkpoint that ${head.origin} signed`, 'Take one of the newest epoch of this log.');
  }
  if (checkpoint.size <= head.edge.size && !(await isOurs(checkpoint)))
    throw wrong(`${file} is of another tree than this log`, 'Keep both as evidence: somebody signed two histories.');
  return { by: file, size: checkpoint.size };
}
