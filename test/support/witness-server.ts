import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatSizeAnswer, parseAddCheckpoint } from '#ledger/add-checkpoint.js';
import { cosign } from '#ledger/cosignature.js';
import { formatSignatureLine, NoteSigner } from '#ledger/signed-note.js';
import { formatVerifierKey, type NoteVerifier } from '#ledger/verifier-key.js';
import { ADD_CHECKPOINT_STATUS, judgeAddCheckpoint, type SeenCheckpoint } from '#ledger/witness.js';

/** A witness that the gateway calls (C2SP tlog-witness), in memory and on plain HTTP. It outlives gateways and databases. */
export class WitnessServer {
  seen: SeenCheckpoint | null = null;
  /** Statuses that it answered with, in order. */
  readonly answered: number[] = [];
  private readonly signer: NoteSigner;

  private constructor(
    private readonly server: Server,
    /** Asked at each request: the log gets its key only when it starts. */
    private readonly logKeys: () => Promise<readonly NoteVerifier[]>,
  ) {
    this.signer = NoteSigner.from(
      'witness.server.example',
      generateKeyPairSync('ed25519').privateKey,
      'cosignature/v1',
    );
  }

  static async start(logKeys: () => Promise<readonly NoteVerifier[]>): Promise<WitnessServer> {
    const server = createServer();
    const witness = new WitnessServer(server, logKeys);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        void witness.judge(Buffer.concat(chunks)).then(({ status, text }) => {
          witness.answered.push(status);
          response.writeHead(status, { 'content-type': status === 409 ? 'text/x.tlog.size' : 'text/plain' }).end(text);
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return witness;
  }

  get name(): string {
    return this.signer.name;
  }

  get vkey(): string {
    return formatVerifierKey(this.signer.verifier);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async judge(body: Buffer): Promise<{ status: number; text: string }> {
    const request = parseAddCheckpoint(body);
    const verifiers = (await this.logKeys()).filter(({ name }) => name === request.claimed.origin);
    const known = verifiers.length === 0 ? undefined : { verifiers, seen: this.seen, hasEnded: false };
    const judgement = judgeAddCheckpoint(request, known);
    const status = ADD_CHECKPOINT_STATUS[judgement.verdict];
    if (judgement.verdict === 'stale') return { status, text: formatSizeAnswer(judgement.size) };
    if (judgement.verdict !== 'cosign') return { status, text: '' };
    this.seen = { size: judgement.checkpoint.size, root: judgement.checkpoint.root };
    return { status, text: formatSignatureLine(cosign(judgement.body, this.signer, new Date())) };
  }
}
