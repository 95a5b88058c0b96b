import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgencyClient, tlsOf } from '../../tools/load/agency-client.js';
import { dossierPart, type OpenCase } from '../../tools/load/messages.js';
import { clientOf, probe } from '../../tools/pki/tls-probe.js';
import type { World } from './world.js';

/** Slow enough that receivers keep up on a busy machine: a case is handed over one message at a time. */
const PAUSE_MS = 200;

/**
 * The IND sends dossier parts of a few cases, one after another, and beside it somebody connects anew all the time; both
 * until `stop`. Whatever goes wrong at either is kept.
 */
export class SteadyLoad {
  /** CloudEvents ids that were accepted, per case, in order. */
  readonly accepted = new Map<string, string[]>();
  readonly problems: string[] = [];
  /** Handshakes that succeeded beside the kept-alive ones. */
  handshakes = 0;
  private stopped = false;
  private readonly clients: AgencyClient[] = [];
  private client: AgencyClient;
  private readonly loops: Promise<unknown>;

  constructor(
    private readonly world: World,
    private readonly port: number,
    cases: readonly OpenCase[],
  ) {
    this.client = this.clientWith('ind');
    this.loops = Promise.all([...cases.map((one) => this.send(one)), this.connect()]);
  }

  /** From the next message on with this certificate; connections of the one before stay open, as at an agency. */
  useCertificate(name: string): void {
    this.client = this.clientWith(name);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loops;
    for (const client of this.clients) await client.close();
  }

  private clientWith(name: string): AgencyClient {
    const client = new AgencyClient({ url: `https://localhost:${this.port}`, tls: tlsOf(this.world.pki, name) });
    this.clients.push(client);
    return client;
  }

  private async send(one: OpenCase): Promise<void> {
    const ids: string[] = [];
    this.accepted.set(one.caseId, ids);
    const partId = randomUUID();
    for (let version = 1; !this.stopped; version += 1) {
      const message = dossierPart('ind', one, partId, version);
      const answer = await this.client.submit(JSON.stringify(message)).catch((error: unknown) => String(error));
      if (typeof answer === 'string') this.problems.push(answer);
      else if (answer.status === 202) ids.push(message.id);
      else this.problems.push(`${answer.status} ${answer.body.toString('utf8')}`);
      await sleep(PAUSE_MS);
    }
  }

  private async connect(): Promise<void> {
    const options = clientOf(this.world.pki.caFile, this.world.pki.files('coa'));
    while (!this.stopped) {
      const { received, error } = await probe(this.port, options);
      if (received.startsWith('HTTP/1.1 404')) this.handshakes += 1;
      else this.problems.push(`handshake: ${error ?? 'no answer'}`);
      await sleep(PAUSE_MS);
    }
  }
}
