import { ensureWitnessKey, logVerifierKey, type WitnessKey } from '../../pki/witness-keys.js';
import type { SecretFiles } from '../../pki/secrets.js';
import { applyRegister } from '../../register/apply-register.js';
import type { DemoPaths } from '../paths.js';
import { ROSTER } from '../roster.js';

/** Not the default of the gateway: another run may have other ports, and a log keeps its name. */
export const LOG_ORIGIN = 'demo.ketenpoort.example/log';

/** Who watches the log of the demo, and by which key they know it. */
export interface LogWatchers {
  /** Verifier key of the log. */
  readonly vkey: string;
  /** By name in the roster: every agency's adapter is a witness. */
  readonly keys: ReadonlyMap<string, WitnessKey>;
}

export async function ensureWatchers(paths: DemoPaths, secrets: SecretFiles): Promise<LogWatchers> {
  const keys = new Map<string, WitnessKey>();
  for (const { name } of ROSTER) keys.set(name, await ensureWitnessKey(paths.secrets, name));
  return { vkey: await logVerifierKey(secrets.logKeyFile, LOG_ORIGIN), keys };
}

/** Repeating changes nothing. */
export async function registerWitnesses(ownerUrl: string, { keys }: LogWatchers): Promise<void> {
  const witnesses = ROSTER.flatMap(({ name, oin }) => {
    const key = keys.get(name);
    return key ? [{ name: key.name, vkey: key.vkey, oin }] : [];
  });
  await applyRegister(ownerUrl, { witnesses });
}
