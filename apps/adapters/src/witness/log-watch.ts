import type { Logger } from 'pino';
import type { Checkpoint } from '#ledger/checkpoint.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { consistencyProof, verifyConsistency } from '#ledger/proofs.js';
import type { NoteVerifier } from '#ledger/verifier-key.js';
import { judgeCheckpoint } from '#ledger/witness.js';
import { pause } from '../delivery/backoff.js';
import type { Alarms } from './alarms.js';
import type { CosignatureSender } from './cosignature-sender.js';
import type { LogMemory, Seen } from './log-memory.js';
import { LogUnreadable, type LogSource } from './log-reader.js';
import { openLogNote } from './open-checkpoint.js';

/** Of what was confirmed against what was seen: proofs come many to a checkpoint. */
const CONFIRMED_KEPT = 100;
const NEWEST = '';

interface Shown {
  readonly note: string;
  readonly checkpoint: Checkpoint;
}

export interface WatchParts {
  readonly source: LogSource;
  readonly memory: LogMemory;
  readonly alarms: Alarms;
  readonly verifiers: readonly NoteVerifier[];
  /** Null: this adapter watches, but cosigns nothing. */
  readonly sender: CosignatureSender | null;
  readonly pollMs: number;
  readonly log: Logger;
}

/**
 * The adapter as a witness (design 9): looks at the log every few seconds, finds each checkpoint consistent with the
 * last one, stores it, and only then cosigns it. One round at a time.
 */
export class LogWatch {
  private readonly stopping = new AbortController();
  private readonly confirmed = new Set<string>();
  private running: Promise<void> = Promise.resolve();
  private turn: Promise<void> = Promise.resolve();
  private unreadable: string | null = null;
  private current: { readonly origin: string; readonly size: number } | null = null;
  private lastLookAt: string | null = null;

  constructor(private readonly parts: WatchParts) {}

  start(): void {
    this.running = this.watch();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.turn;
  }

  /** For the status: which log, how far, and since when it cannot be read. */
  get standing(): Readonly<Record<string, unknown>> {
    const { current, lastLookAt, unreadable } = this;
    return { ...current, lastLookAt, readable: unreadable === null && lastLookAt !== null };
  }

  /** Looks once. Never rejects because of what the log serves, or that it serves nothing. */
  look(folder = NEWEST): Promise<void> {
    const round = this.turn.then(() => this.round(folder));
    this.turn = round.catch(() => undefined);
    return round;
  }

  /**
   * Whether a checkpoint that the log signed is part of the history that was seen: `ahead` when that is not as long yet,
   * `differs` after an alarm: then there are two histories.
   * @throws LogUnreadable
   */
  async confirm(folder: string, { note, checkpoint }: Shown): Promise<'confirmed' | 'ahead' | 'differs'> {
    const { origin, size, root } = checkpoint;
    const seen = this.parts.memory.seen(origin);
    if (!seen || size > seen.size) return 'ahead';
    const key = `${origin} ${size} ${root.toString('base64')}`;
    if (this.confirmed.has(key)) return 'confirmed';
    const proof = await this.proofBetween(this.current?.origin === origin ? NEWEST : folder, size, seen.size);
    const holds = verifyConsistency({ oldSize: size, oldRoot: root, size: seen.size, root: seen.root, proof });
    if (!holds) {
      await this.contradicts(origin, `inconsistent: ${size} before ${seen.size}`, [seen.note, note]);
      return 'differs';
    }
    this.confirmed.add(key);
    for (const oldest of this.confirmed) if (this.confirmed.size > CONFIRMED_KEPT) this.confirmed.delete(oldest);
    return 'confirmed';
  }

  private async watch(): Promise<void> {
    const { pollMs, log } = this.parts;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.look().catch((error: unknown) => log.error({ err: error }, 'a look at the access log failed'));
      await pause(pollMs, signal).catch(() => undefined);
    }
  }

  private async round(folder: string): Promise<void> {
    try {
      const opened = await this.open(folder, 'checkpoint/candidate');
      if (opened) await this.judge(folder, opened);
      this.lastLookAt = new Date().toISOString();
      this.sayReadable(null);
    } catch (error) {
      if (!(error instanceof LogUnreadable)) throw error;
      this.sayReadable(error.code);
    }
  }

  /** The checkpoint, when a configured key signed it; else an alarm and null. */
  private async open(folder: string, name: Parameters<LogSource['note']>[1]): Promise<Shown | null> {
    const { source, alarms, verifiers, memory } = this.parts;
    const note = await source.note(folder, name);
    const found = openLogNote(note, verifiers);
    switch (found.kind) {
      case 'trusted': {
        const { origin, size } = found.checkpoint;
        await alarms.withdraw('LOG_UNKNOWN', origin);
        if (folder === NEWEST && (await this.hasGoneBack(origin, note))) return null;
        if (folder === NEWEST) this.current = { origin, size: Math.max(size, memory.seen(origin)?.size ?? 0) };
        return { note, checkpoint: found.checkpoint };
      }
      case 'unknown-log':
        await alarms.raise('LOG_UNKNOWN', found.origin, {
          origin: found.origin,
          detail: 'no key is configured for it',
        });
        return null;
      case 'not-signed': {
        const origin = found.origin ?? verifiers.at(-1)?.name ?? '';
        await alarms.raise('LOG_SIGNATURE_INVALID', origin, { origin, detail: found.code });
        return null;
      }
    }
  }

  /** After a restart the newest epoch is never an older one again: what was recorded since would be gone unseen. */
  private async hasGoneBack(origin: string, note: string): Promise<boolean> {
    const later = this.parts.memory.laterEpoch(origin);
    if (!later) return false;
    const detail = `${origin} again, after ${later.seen.size} of ${later.origin}`;
    const evidence = [later.seen.note, note];
    await this.parts.alarms.raise('LOG_SHRUNK', later.origin, { origin: later.origin, detail, evidence });
    return true;
  }

  private async judge(folder: string, { note, checkpoint }: Shown): Promise<void> {
    const { memory, alarms, sender } = this.parts;
    const { origin, size, root } = checkpoint;
    const seen = memory.seen(origin);
    if (seen && size < seen.size) return this.lookAtNewest(folder, origin, seen);
    if (alarms.isSuspect(origin)) return;
    const proof = await this.proofBetween(folder, seen?.size ?? 0, size);
    const verdict = judgeCheckpoint(seen, checkpoint, proof);
    if (verdict !== 'cosign') {
      return this.contradicts(origin, `${verdict}: ${size} after ${seen?.size ?? 0}`, [
        ...(seen ? [seen.note] : []),
        note,
      ]);
    }
    // Stored first: a crash after this leaves at worst a checkpoint that is not cosigned.
    if (size !== seen?.size) await memory.remember(origin, { size, root, note });
    const answer = await sender?.send(origin, size, note);
    if (answer === 'smaller') {
      await alarms.raise('LOG_SHRUNK', origin, { origin, detail: `the gateway has less than ${size}` });
    }
    if (answer === 'forked') await this.contradicts(origin, `the gateway has another root of ${size}`, [note]);
  }

  /** The candidate may be an old one; the newest checkpoint tells whether the log went back. */
  private async lookAtNewest(folder: string, origin: string, seen: Seen): Promise<void> {
    const newest = await this.open(folder, 'checkpoint');
    if (newest?.checkpoint.origin !== origin || newest.checkpoint.size >= seen.size) return;
    const detail = `${newest.checkpoint.size} after ${seen.size}`;
    await this.parts.alarms.raise('LOG_SHRUNK', origin, { origin, detail, evidence: [seen.note, newest.note] });
    // The gateway learns what it has lost, and stops before it writes another history.
    await this.parts.sender?.remind(seen.note);
  }

  /** Two histories. The gateway is shown what was seen before: is it the restored one, then it stops at that. */
  private async contradicts(origin: string, detail: string, evidence: readonly string[]): Promise<void> {
    const { alarms, memory, sender } = this.parts;
    await alarms.raise('LOG_FORKED', origin, { origin, detail, evidence });
    const seen = memory.seen(origin);
    if (seen) await sender?.remind(seen.note);
  }

  private async proofBetween(folder: string, oldSize: number, size: number): Promise<Buffer[]> {
    try {
      return await consistencyProof(oldSize, size, this.parts.source.tiles(folder));
    } catch (error) {
      throw error instanceof LedgerError ? new LogUnreadable(error.code) : error;
    }
  }

  /** Once when it begins, and once when it is over. */
  private sayReadable(code: string | null): void {
    if (code === this.unreadable) return;
    this.unreadable = code;
    if (code === null) this.parts.log.info('the access log can be read again');
    else this.parts.log.warn({ reason: code }, 'the access log cannot be read, trying again');
  }
}
