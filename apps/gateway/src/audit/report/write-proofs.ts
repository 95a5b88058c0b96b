import type { Pool } from 'pg';
import type { SqlReader } from '../../access-log/log/sql-reader.js';
import { recordTime } from '../../access-log/record-time.js';
import { InclusionProofs } from '../../access-log/log/inclusion-proofs.js';
import type { DocumentLine, ReportDocument } from './report-document.js';

export interface ProofSources {
  readonly pool: Pool;
  /** Cosignatures that make a checkpoint one to prove with; null for a majority of the active witnesses. */
  readonly quorum: number | null;
}

/** What a proof shows when the record does not go along with it. */
const WITHOUT_RECORD = {
  EMPLOYEE:
    'Dit bewijst dat deze regel in het logboek staat en niet is veranderd. De hele tekst van de regel staat er niet bij, ' +
    'want daarin staat een verwijzing naar een medewerker.',
  OTHERS:
    'Dit bewijst dat deze regel in het logboek staat en niet is veranderd. De hele tekst van de regel staat er niet bij, ' +
    'want die kan ook over anderen gaan.',
} as const;
const EXPLANATION =
  'Bewijs bij het overzicht van wie uw gegevens zag. Elke regel van het overzicht heeft hier zijn plaats in het logboek. ' +
  'Controleren zonder de poort: npm run verify -- proof <dit bestand> --key <sleutel van het logboek>.';
/** Proofs that are made at one time, between two looks at other requests. */
const PROOFS_A_TIME = 100;
const RECORDS = `SELECT canonical, salt, id FROM access_record WHERE id = ANY ($1::uuid[]) AND at >= $2 AND at <= $3`;

/**
 * The proofs of all lines, in pieces: for each the entry (36 bytes), its place and the way to a signed checkpoint. The
 * record and its salt go along where they name no employee and cannot name others; then the text can be held to the entry.
 */
export async function* writeProofs(sources: ProofSources, document: ReportDocument): AsyncGenerator<string> {
  const proofs = new InclusionProofs(sources.pool, sources.quorum);
  const pending: string[] = [];
  yield `{"reportId":${JSON.stringify(document.reportId)},"explanation":${JSON.stringify(EXPLANATION)},"items":[`;
  let separator = '';
  for await (const page of document.lines()) {
    for (let from = 0; from < page.length; from += PROOFS_A_TIME) {
      for (const item of await itemsOf(sources.pool, proofs, page.slice(from, from + PROOFS_A_TIME), pending)) {
        yield separator + JSON.stringify(item);
        separator = ',';
      }
    }
  }
  const [key, checkpoint] = [proofs.keys.at(-1), proofs.checkpoints.at(-1)];
  const end = { pending, keys: proofs.keys, ...(key ? { key } : {}), ...(checkpoint ? { checkpoint } : {}) };
  yield `],${JSON.stringify(end).slice(1)}`;
}

async function itemsOf(
  client: SqlReader,
  proofs: InclusionProofs,
  lines: readonly DocumentLine[],
  pending: string[],
): Promise<readonly object[]> {
  const found = await proofs.of(lines.map(({ id }) => id));
  const records = await recordsOf(
    client,
    lines.filter(({ closed }) => closed === null),
  );
  return lines.flatMap(({ number, id, closed }) => {
    const proof = found.get(id);
    if (!proof) {
      pending.push(id);
      return [];
    }
    const record = records.get(id);
    // The same once more as a file of its own: a bundle needs it once.
    const { tlogProof: _file, ...place } = proof;
    return [{ number, ...place, ...(record ? { record } : { withoutRecord: WITHOUT_RECORD[closed ?? 'OTHERS'] }) }];
  });
}

async function recordsOf(client: SqlReader, lines: readonly DocumentLine[]) {
  const ids = lines.map(({ id }) => id);
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return new Map<string, object>();
  const values = [ids, recordTime(first), recordTime(last)];
  const { rows } = await client.query<{ id: string; canonical: Buffer; salt: Buffer }>(RECORDS, values);
  return new Map(
    rows.map(({ id, canonical, salt }) => [
      id,
      { canonical: canonical.toString('base64'), salt: salt.toString('base64') },
    ]),
  );
}
