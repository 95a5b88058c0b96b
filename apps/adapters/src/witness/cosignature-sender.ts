import type { Logger } from 'pino';
import { addSignatures, cosign } from '#ledger/cosignature.js';
import { parseNote, type NoteSigner } from '#ledger/signed-note.js';
import { errorCode } from '../error-code.js';
import { GatewayProblem } from '../gateway/gateway-errors.js';

/** `POST /v1/log/cosignatures`; GatewayClient is the real one. */
export interface CosignatureSink {
  /** @throws GatewayProblem (409 LOG_SMALLER_THAN_WITNESSED among them), GatewayUnreachable */
  cosignature(note: string): Promise<void>;
}

/** The gateway took it; it has a smaller log than this, or another one of this size; or nothing is known yet. */
export type SendOutcome = 'taken' | 'smaller' | 'forked' | 'later';

/** A gateway that has less than we cosigned is told so again: it may have been mended. */
const REMIND_MS = 30_000;

/** Signs what the watch has stored, and posts it until the gateway has it. */
export class CosignatureSender {
  private taken: { readonly origin: string; readonly size: number; readonly at: string } | null = null;
  private remindedAt = 0;
  private said: string | null = null;

  constructor(
    private readonly signer: NoteSigner,
    private readonly sink: CosignatureSink,
    private readonly log: Logger,
  ) {}

  get verifier(): NoteSigner['verifier'] {
    return this.signer.verifier;
  }

  /** The newest checkpoint that the gateway has our cosignature of, since the start. */
  get newest(): { readonly origin: string; readonly size: number; readonly at: string } | null {
    return this.taken;
  }

  /** Cosigns and posts, once until it is taken. Never rejects: the next round sends again what was not answered. */
  async send(origin: string, size: number, note: string): Promise<SendOutcome> {
    if (this.taken?.origin === origin && this.taken.size === size) return 'taken';
    const outcome = await this.post(note);
    if (outcome === 'taken') this.taken = { origin, size, at: new Date().toISOString() };
    return outcome;
  }

  /** Shows a gateway whose log went back the larger checkpoint that it signed, also when it took that one before. */
  async remind(note: string): Promise<void> {
    if (Date.now() < this.remindedAt + REMIND_MS) return;
    if ((await this.post(note)) !== 'later') this.remindedAt = Date.now();
  }

  private async post(note: string): Promise<SendOutcome> {
    const cosignature = cosign(parseNote(note).body, this.signer, new Date());
    try {
      await this.sink.cosignature(addSignatures(note, [cosignature]));
      this.said = null;
      return 'taken';
    } catch (error) {
      const code = errorCode(error);
      if (error instanceof GatewayProblem && code === 'LOG_SMALLER_THAN_WITNESSED') return 'smaller';
      if (error instanceof GatewayProblem && code === 'LOG_FORKED') return 'forked';
      if (code !== this.said) this.log.warn({ reason: code }, 'cosignature not delivered, trying again');
      this.said = code;
      return 'later';
    }
  }
}
