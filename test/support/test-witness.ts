import { generateKeyPairSync } from 'node:crypto';
import type { Response } from 'supertest';
import { addSignatures, cosign } from '#ledger/cosignature.js';
import { NoteSigner, parseNote } from '#ledger/signed-note.js';
import { formatVerifierKey } from '#ledger/verifier-key.js';
import { PublicLog } from './public-log.js';
import { peer, type World } from './world.js';

/** A witness at an agency, without the care of a real one: it cosigns whatever it is told to. */
export class TestWitness {
  private readonly signer: NoteSigner;

  constructor(
    private readonly world: World,
    /** Roster name of the agency. */
    private readonly agency: string,
  ) {
    const { privateKey } = generateKeyPairSync('ed25519');
    this.signer = NoteSigner.from(`witness.${agency}.example`, privateKey, 'cosignature/v1');
  }

  get name(): string {
    return this.signer.name;
  }

  async register(): Promise<this> {
    const row = [this.name, formatVerifierKey(this.signer.verifier), peer(this.agency).oin];
    await this.world.rows('INSERT INTO witness (name, vkey, oin) VALUES ($1, $2, $3)', row);
    return this;
  }

  /** The note with this witness's signature below. */
  cosigned(note: string): string {
    return addSignatures(note, [cosign(parseNote(note).body, this.signer, new Date())]);
  }

  async post(note: string, as = this.agency): Promise<Response> {
    return await this.world.as(as).post('/v1/log/cosignatures').set('content-type', 'text/plain').send(note);
  }

  /** Cosigns the newest checkpoint, and gives back its size. */
  async cosignNewest(): Promise<number> {
    const { body } = await new PublicLog(this.world).get('checkpoint');
    const answer = await this.post(this.cosigned(body.toString()));
    if (answer.status !== 204) throw new Error(`${this.name}: ${answer.status} ${answer.text}`);
    return Number(body.toString().split('\n')[1]);
  }
}
