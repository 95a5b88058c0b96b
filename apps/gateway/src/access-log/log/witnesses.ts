import { parseVerifierKey, type NoteVerifier } from '#ledger/verifier-key.js';
import type { SqlReader } from './sql-reader.js';

/** A registered witness. One of `oin` (it polls and posts) and `url` (the gateway calls it) is set. */
export interface Witness {
  readonly name: string;
  readonly verifier: NoteVerifier;
  readonly oin: string | null;
  readonly url: string | null;
}

interface Row {
  readonly name: string;
  readonly vkey: string;
  readonly oin: string | null;
  readonly url: string | null;
}

const ACTIVE = 'SELECT name, vkey, oin, url FROM ketenpoort.witness WHERE active ORDER BY name';

/** The active witnesses by name. The register was checked when it was applied, so each key can be read. */
export async function activeWitnesses(client: SqlReader): Promise<readonly Witness[]> {
  const { rows } = await client.query<Row & Record<string, unknown>>(ACTIVE);
  return rows.map(({ name, vkey, oin, url }) => ({ name, verifier: parseVerifierKey(vkey), oin, url }));
}
