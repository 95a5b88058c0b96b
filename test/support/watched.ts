import { ensureWitnessKey, logVerifierKey, type WitnessKey } from '../../tools/pki/witness-keys.js';
import { AdapterProcess } from './adapter-process.js';
import { accepted } from './calls.js';
import { application, checkRequest, vNumber } from './messages.js';
import { RecordingSystem } from './recording-system.js';
import { until } from './until.js';
import { LOG_ORIGIN, peer, World } from './world.js';

export const WATCH_LIMIT_MS = 20_000;
const PROOF_WITHIN_MS = 4_000;

/** Adapters that watch the log of the story's gateway, each with a witness key of its own. */
export class Watched {
  readonly keys = new Map<string, WitnessKey>();
  readonly adapters = new Map<string, AdapterProcess>();

  private constructor(
    readonly world: World,
    readonly system: RecordingSystem,
    readonly logKey: string,
  ) {}

  static async open(...names: readonly string[]): Promise<Watched> {
    const world = await World.open();
    const vkey = await logVerifierKey(world.secrets.logKeyFile, LOG_ORIGIN);
    const watched = new Watched(world, await RecordingSystem.listen(), vkey);
    await world.startGateway();
    for (const name of names) await watched.add(name);
    return watched;
  }

  /** Registers the witness of this agency and writes its configuration; starts nothing. */
  async add(name: string): Promise<AdapterProcess> {
    const { world, system, logKey } = this;
    const key = await ensureWitnessKey(world.folder, name);
    await world.rows('INSERT INTO witness (name, vkey, oin) VALUES ($1, $2, $3)', [key.name, key.vkey, peer(name).oin]);
    const log = {
      url: `${world.gateways[0]?.publicUrl}/v1/log`,
      keys: [logKey],
      witness: { name: key.name, keyFile: key.keyFile },
      pollMs: 300,
      proofWithinMs: PROOF_WITHIN_MS,
      sampleEveryMs: 1_000,
    };
    const adapter = new AdapterProcess(world, { name, webhookUrl: system.url, log });
    this.keys.set(name, key);
    this.adapters.set(name, adapter);
    return adapter;
  }

  async alarm(name: string, kind: string): Promise<Alarm> {
    return until(`${kind} of ${name}`, WATCH_LIMIT_MS, async () => {
      const alarms = await this.adapters.get(name)?.alarms<Alarm>();
      return alarms?.find((one) => one.kind === kind);
    });
  }

  async cosignatures(name: string): Promise<readonly { size: number; root: string }[]> {
    return this.world.rows(
      `SELECT s.size::int, encode(c.root, 'hex') AS root FROM cosignature s JOIN checkpoint c USING (epoch, size)
        WHERE s.witness = $1 ORDER BY s.size`,
      [this.keys.get(name)?.name],
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.adapters.values()].map((adapter) => adapter.stop()));
    await this.system.close();
    await this.world.close();
  }
}

export interface Alarm {
  readonly kind: string;
  readonly recordId?: string;
  readonly messageId?: string;
  readonly detail: string;
}

/** An application and the request to IND: what IND fetches makes records that concern it. */
export async function newCase(world: World): Promise<{ caseId: string; messageId: string }> {
  const person = { vNumber: vNumber(), familyName: 'Proefpersoon' };
  const { caseId } = await accepted(world, 'gro', application('gro', 'GRO', person));
  const { messageId } = await accepted(world, 'gro', checkRequest('gro', caseId, person));
  return { caseId, messageId };
}
