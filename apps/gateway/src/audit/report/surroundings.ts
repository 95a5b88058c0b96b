import type { CaseParty } from '../../cases/case-snapshot.js';
import type { PeerRegister } from '../../peers/peer-register.js';
import type { Policy } from '../../policy/policy.js';
import type { Surroundings } from './report-entry.js';
import type { SqlReader } from '../../access-log/log/sql-reader.js';

const CASES = `SELECT id, municipality_oin AS "municipalityOin", snapshot->'parties' AS parties
  FROM lvv_case WHERE person_id = $1 ORDER BY opened_at LIMIT 1000`;

interface CaseRow {
  readonly id: string;
  readonly municipalityOin: string;
  readonly parties: readonly CaseParty[];
}

export interface PersonCases {
  readonly cases: readonly string[];
  readonly around: Surroundings;
}

/** The cases of a person and the organisations around them, by which each record finds who answers for it. */
export async function personCases(
  client: SqlReader,
  sources: { readonly peers: Pick<PeerRegister, 'byOin' | 'ofKind'>; readonly policy: Policy },
  personId: string,
  coordinator: string,
): Promise<PersonCases> {
  const { rows } = await client.query<CaseRow & Record<string, unknown>>(CASES, [personId]);
  const municipalities = new Map(rows.map((row) => [row.id, row.municipalityOin]));
  const { peers, policy } = sources;
  return {
    cases: rows.map((row) => row.id),
    around: {
      kindOf: (oin) => peers.byOin(oin)?.kind,
      police: peers.ofKind('AVIM')[0]?.oin ?? null,
      parties: new Set(rows.flatMap((row) => row.parties.map((party) => party.oin))),
      municipalityOf: (caseId) => municipalities.get(caseId),
      coordinator,
      activities: policy.activities,
    },
  };
}
