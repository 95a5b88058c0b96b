import { setTimeout as sleep } from 'node:timers/promises';
import { type AgencyClient, bodyOf } from './agency-client.js';
import {
  admission,
  application,
  checkRequest,
  coaAnswer,
  type Event,
  indAnswer,
  type OpenCase,
  personNumber,
} from './messages.js';

/** How far a case is brought: grounds answered; admitted with a stay, so that the dossier is requested. */
export type CaseStage = 'answered' | 'admitted';

export interface OpenCasesOptions {
  readonly count: number;
  readonly stage: CaseStage;
  /** Names in the roster; the cases are spread over them. Default Amsterdam alone. */
  readonly municipalities?: readonly string[];
  /** Number of the first person: callers of one database use different ones. Default 0. */
  readonly firstPerson?: number;
  /** Cases under way at once. Default 32. */
  readonly concurrency?: number;
}

export interface Accepted {
  readonly messageId: string;
  readonly caseId: string;
  readonly acceptedAt: string;
  readonly receipt: string;
}

/** How long a message is repeated while the gateway asks for patience (503) or cannot be reached. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 200;

/** Sends until it is accepted: repeats on 503 and on a lost connection, throws on every other answer. */
export async function accepted(client: AgencyClient, message: Event): Promise<Accepted> {
  const body = JSON.stringify(message);
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const answer = await client.submit(body).catch((error: unknown) => error as Error);
    if (!(answer instanceof Error) && answer.status !== 503) return bodyOf<Accepted>(answer, 202);
    if (Date.now() > end) throw new Error(`${String(message.type)} was not accepted in time`);
    await sleep(AGAIN_MS);
  }
}

/** Brings cases to a stage through the gateway's own interface, message by message, as agencies would. */
export async function openCases(
  client: (name: string) => AgencyClient,
  { count, stage, municipalities = ['ams'], firstPerson = 0, concurrency = 32 }: OpenCasesOptions,
): Promise<readonly OpenCase[]> {
  const cases: OpenCase[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      const municipality = municipalities[n % municipalities.length] ?? 'ams';
      cases[n] = await openCase(client, municipality, personNumber(firstPerson + n), stage);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  return cases;
}

async function openCase(
  client: (name: string) => AgencyClient,
  municipality: string,
  person: OpenCase['person'],
  stage: CaseStage,
): Promise<OpenCase> {
  const { caseId } = await accepted(client(municipality), application(municipality, person));
  const opened = { caseId, municipality, person };
  await accepted(client(municipality), checkRequest(opened));
  await Promise.all([accepted(client('ind'), indAnswer(opened)), accepted(client('coa'), coaAnswer(opened))]);
  if (stage === 'admitted') await accepted(client(municipality), admission(opened));
  return opened;
}
