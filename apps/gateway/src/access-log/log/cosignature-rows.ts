import type { Cosignature } from '#ledger/cosignature.js';
import { formatSignatureLine } from '#ledger/signed-note.js';
import type { SqlReader } from './sql-reader.js';

/** The first one of a witness stays: a later time says nothing more. */
const INSERT = `INSERT INTO ketenpoort.cosignature (epoch, size, witness, line, at)
  SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::timestamptz[]) ON CONFLICT DO NOTHING`;
const LAST = 'SELECT max(size) AS size FROM ketenpoort.cosignature WHERE epoch = $1 AND witness = $2';

/** A verified cosignature with the name under which its witness is registered. */
export interface NamedCosignature {
  readonly witness: string;
  readonly cosignature: Cosignature;
}

export async function insertCosignatures(
  client: SqlReader,
  { epoch, size }: { readonly epoch: number; readonly size: number },
  given: readonly NamedCosignature[],
): Promise<void> {
  await client.query(INSERT, [
    epoch,
    size,
    given.map(({ witness }) => witness),
    given.map(({ cosignature }) => formatSignatureLine(cosignature).trimEnd()),
    given.map(({ cosignature }) => cosignature.at),
  ]);
}

/** Size of the largest checkpoint that this witness cosigned, as far as is known here; 0 when there is none. */
export async function lastCosignedSize(client: SqlReader, epoch: number, witness: string): Promise<number> {
  const { rows } = await client.query<{ size: string | null }>(LAST, [epoch, witness]);
  return Number(rows[0]?.size ?? 0);
}
