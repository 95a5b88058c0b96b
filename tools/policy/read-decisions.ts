import type { Pool } from 'pg';
import type { RecordedDecision } from './replay-decision.js';

const PAGE = 2_000;

/** What the replay looks at; evaluations are a kind of record, whatever they were called by. */
const ACTIONS = ['content.read', 'case.read', 'dossier.read', 'timeline.read'];
/** Local days, the last one included; in order of the index on (at, id). */
const SELECT = `SELECT id, at::text AS at, convert_from(canonical, 'UTF8') AS record FROM ketenpoort.access_record
  WHERE at >= $1::date::timestamp AT TIME ZONE 'Europe/Amsterdam'
    AND at < ($2::date + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam'
    AND (at, id) > ($3::timestamptz, $4::uuid)
    AND (action = ANY ($5) OR kind = 'EVALUATION')
  ORDER BY at, id LIMIT ${PAGE}`;

interface Row {
  readonly id: string;
  readonly at: string;
  readonly record: string;
}

/** The members of a record that a replay uses. Cases, persons and users are left where they are. */
interface RecordText {
  readonly action: string;
  readonly peer?: { readonly kind?: RecordedDecision['peerKind'] };
  readonly purpose?: RecordedDecision['purpose'];
  readonly contract?: { readonly id: NonNullable<RecordedDecision['contract']> };
  readonly decision: {
    readonly outcome: RecordedDecision['outcome'];
    readonly code?: string;
    readonly policyVersion?: string;
    readonly role?: RecordedDecision['role'];
    readonly inputs?: Pick<RecordedDecision, 'messagePurpose' | 'endedPurposes'>;
  };
  readonly fieldGroups: { readonly released: RecordedDecision['released'] };
  readonly details?: { readonly view?: RecordedDecision['view'] };
}

/**
 * The recorded decisions of a period, a page at a time, so that any number fits.
 * @param from local date (Europe/Amsterdam), and @param to the last day that counts
 */
export async function* readDecisions(
  pool: Pool,
  from: string,
  to: string,
): AsyncGenerator<readonly RecordedDecision[], void, undefined> {
  let at = '-infinity';
  let id = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await pool.query<Row>(SELECT, [from, to, at, id, ACTIONS]);
    if (rows.length > 0) yield rows.map(decisionOf);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    ({ at, id } = last);
  }
}

function decisionOf({ id, record }: Row): RecordedDecision {
  const { action, peer, purpose, contract, decision, fieldGroups, details } = JSON.parse(record) as RecordText;
  const { outcome, code, policyVersion, role, inputs } = decision;
  return {
    id,
    action,
    outcome,
    released: fieldGroups.released,
    ...(peer?.kind ? { peerKind: peer.kind } : {}),
    ...(purpose ? { purpose } : {}),
    ...(contract ? { contract: contract.id } : {}),
    ...(code === undefined ? {} : { code }),
    ...(policyVersion === undefined ? {} : { policyVersion }),
    ...(role ? { role } : {}),
    ...inputs,
    ...(details?.view ? { view: details.view } : {}),
  };
}
