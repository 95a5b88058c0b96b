import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { formatSizeAnswer, parseAddCheckpoint, SIZE_CONTENT_TYPE } from '#ledger/add-checkpoint.js';
import { cosign } from '#ledger/cosignature.js';
import { isLaterEpoch } from '#ledger/epoch-origin.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { formatSignatureLine, type NoteSigner } from '#ledger/signed-note.js';
import type { NoteVerifier } from '#ledger/verifier-key.js';
import {
  ADD_CHECKPOINT_STATUS,
  judgeAddCheckpoint,
  type AddCheckpointVerdict,
  type SeenCheckpoint,
  type WitnessedLog,
} from '#ledger/witness.js';
import { WitnessUsageError } from './witness-options.js';

const SEEN = 'seen/';

export interface WitnessAnswer {
  readonly status: number;
  readonly verdict: AddCheckpointVerdict;
  readonly contentType: string;
  readonly text: string;
  /** What the request claims to be about; only a claim unless it was cosigned. */
  readonly claim?: { readonly origin: string; readonly size: number };
}

/** C2SP tlog-witness over a durable state: what it has cosigned is on disk before the cosignature leaves. */
export class Witness {
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly level: ClassicLevel,
    private readonly logs: readonly NoteVerifier[],
    private readonly signer: NoteSigner,
  ) {}

  /** Throws WitnessUsageError when another process has this state open. */
  static async open(folder: string, logs: readonly NoteVerifier[], signer: NoteSigner): Promise<Witness> {
    const level = new ClassicLevel(join(folder, 'seen'));
    await level.open().catch(() => {
      throw new WitnessUsageError(`The state in ${folder} cannot be opened. Does another witness run on it?`);
    });
    return new Witness(level, logs, signer);
  }

  /** Judges one `add-checkpoint` body. One at a time: between reading and writing the state nothing else happens. */
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer> {
    const answer = this.turn.then(() => this.judge(body));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    await this.turn;
    await this.level.close();
  }

  private async judge(body: Uint8Array): Promise<WitnessAnswer> {
    const request = parsed(body);
    if (!request) return plain('malformed');
    const { origin, size } = request.claimed;
    const claim = { origin, size };
    const verifiers = this.logs.filter(({ name }) => name === origin);
    const log = verifiers.length === 0 ? undefined : { verifiers, ...(await this.memoryOf(origin)) };
    const judgement = judgeAddCheckpoint(request, log);
    if (judgement.verdict === 'stale') {
      return { ...plain('stale'), contentType: SIZE_CONTENT_TYPE, text: formatSizeAnswer(judgement.size), claim };
    }
    if (judgement.verdict !== 'cosign') return { ...plain(judgement.verdict), claim };
    await this.remember(origin, judgement.checkpoint);
    const line = formatSignatureLine(cosign(judgement.body, this.signer, new Date()));
    return { ...plain('cosign'), text: line, claim };
  }

  private async memoryOf(origin: string): Promise<Omit<WitnessedLog, 'verifiers'>> {
    const origins = await this.level.keys({ gte: SEEN, lt: `${SEEN}\uffff` }).all();
    const hasEnded = origins.some((key) => isLaterEpoch(key.slice(SEEN.length), origin));
    return { seen: await this.seen(origin), hasEnded };
  }

  private async seen(origin: string): Promise<SeenCheckpoint | null> {
    const value = await this.level.get(SEEN + origin);
    if (value === undefined) return null;
    const { size, root } = JSON.parse(value) as { size: number; root: string };
    return { size, root: Buffer.from(root, 'base64') };
  }

  private async remember(origin: string, { size, root }: SeenCheckpoint): Promise<void> {
    await this.level.put(SEEN + origin, JSON.stringify({ size, root: root.toString('base64') }), { sync: true });
  }
}

function plain(verdict: AddCheckpointVerdict): WitnessAnswer {
  const status = ADD_CHECKPOINT_STATUS[verdict];
  return { status, verdict, contentType: 'text/plain; charset=utf-8', text: `${verdict}\n` };
}

/** Null when it is no such request. */
function parsed(body: Uint8Array): ReturnType<typeof parseAddCheckpoint> | null {
  try {
    return parseAddCheckpoint(body);
  } catch (error) {
    if (error instanceof LedgerError) return null;
    throw error;
  }
}
