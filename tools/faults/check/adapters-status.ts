import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalInterface } from '../stand/adapters.js';

const ANSWER_LIMIT_MS = 5_000;
const RAISED = 'the access log does not hold what it promised';

/** What the tool looks at in an adapter's own status. */
export interface AdapterStatus {
  readonly name: string;
  readonly parkedCases: number;
  readonly unrecordedAcknowledgements: number;
  readonly proofsWaiting: number;
  readonly alarms: readonly string[];
}

interface StatusAnswer {
  readonly parkedCases: number;
  readonly unrecordedAcknowledgements: number;
  readonly log: {
    readonly proofs: { readonly waiting: number };
    readonly alarms: number;
    readonly alarmKinds: readonly string[];
  } | null;
}

export async function readStatus({ name, url, secret }: LocalInterface): Promise<AdapterStatus> {
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await fetch(`${url}/status`, { headers, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  const { parkedCases, unrecordedAcknowledgements, log } = (await answer.json()) as StatusAnswer;
  const { alarmKinds = [], alarms = 0, proofs } = log ?? {};
  return {
    name,
    parkedCases,
    unrecordedAcknowledgements,
    proofsWaiting: proofs?.waiting ?? 0,
    alarms: alarms > 0 ? [`the adapter of ${name}: ${alarmKinds.join(', ')} (${alarms})`] : [],
  };
}

/** Kinds of all alarms that were ever raised, also those that were withdrawn: from the logs of every start. */
export async function alarmsRaised(logs: string): Promise<readonly string[]> {
  const files = (await readdir(logs)).filter((file) => file.startsWith('adapter-'));
  const kinds: string[] = [];
  for (const file of files)
    for (const line of (await readFile(join(logs, file), 'utf8')).split('\n'))
      if (line.includes(RAISED)) kinds.push((JSON.parse(line) as { alarm: string }).alarm);
  return kinds;
}
