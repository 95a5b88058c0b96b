import type { PoolClient } from 'pg';
import { proveInclusion, type InclusionProof } from '../../access-log/log/inclusion-proofs.js';
import { GatewayError } from '../../errors.js';
import type { AuditParts } from '../audit-parts.js';
import { runningGrant } from '../grants/national-view.js';
import type { Inquiry, Looked } from '../look-up.js';
import { hiddenActivities, isConfidential, isVisible } from '../sight.js';
import { readEntryRow, type EntryRow } from './entry-row.js';
import { entryView, type EntryView } from './entry-view.js';
import { readRecord, shownTo, type PlainRecord, type ShownRecord } from './plain-record.js';

export interface Entry {
  /** The record in words. */
  readonly entry: EntryView;
  /** The plain record, without what points to an employee of another organisation. */
  readonly record: PlainRecord;
  readonly hidden: ShownRecord['hidden'];
  /** What the entry in the log commits to: the exact bytes, and the salt. See `evidenceFor`. */
  readonly evidence: { readonly canonical: string; readonly salt: string } | null;
  /** Null while the record is no leaf yet. */
  readonly proof: InclusionProof | null;
}

/** One record, for an officer whom it concerns or who has a running national view. */
export async function readEntry(
  client: PoolClient,
  parts: AuditParts,
  { caller }: Inquiry,
  id: string,
): Promise<Looked<Entry>> {
  const row = await readEntryRow(client, id);
  const own = { oin: caller.oin, hidden: hiddenActivities(parts.versions, caller.kind), grantId: null };
  const grantId = row && !isVisible(own, row) ? await runningGrant(client, parts, caller) : null;
  if (!row || !isVisible({ ...own, grantId }, row)) return notAvailable(id, row ? 'not in sight' : 'no such record');
  const record = readRecord(row.canonical);
  const shown = shownTo(caller.oin, record);
  return {
    ok: true,
    answer: {
      entry: entryView(parts, caller.oin, record),
      record: shown.record,
      hidden: shown.hidden,
      evidence: evidenceFor(caller.oin, row, shown),
      proof: await proveInclusion(client, row.leaf, parts.quorum),
    },
    noted: { ...aboutEntry(parts, id, row), released: ['FG01', 'FG31'], ...(grantId === null ? {} : { grantId }) },
  };
}

export function notAvailable(id: string, reason: string): Looked<never> {
  const error = new GatewayError('ENTRY_NOT_AVAILABLE', 'not available', { reason });
  return { ok: false, error, noted: { reasons: [], details: { entry: id } } };
}

/**
 * A look at a record is about the same person and case, and concerns the same municipality. Of a record that only the
 * controllers of a confidential activity may know, the look is theirs as well: it belongs to that activity and names no
 * municipality, whose officer would find it.
 */
export function aboutEntry({ versions }: Pick<AuditParts, 'versions'>, id: string, { subjects, canonical }: EntryRow) {
  const { caseId, municipality, processingActivity } = readRecord(canonical);
  const shared = municipality === undefined ? {} : { municipality };
  return {
    reasons: [],
    details: { entry: id },
    ...(caseId === undefined ? {} : { caseId }),
    ...(isConfidential(versions, processingActivity) ? { processingActivity } : shared),
    subjects: subjects.map((index) => ({ index, id: 'entry' })),
  };
}

/**
 * Only whole: the commitment in the log covers every byte. To an organisation that the record concerns, and not when a
 * reference to another's employee stands in it. Then the salt stays inside as well: with the salt and the rest of the
 * record, a short reference can be found by trying.
 */
function evidenceFor(oin: string, { concerns, canonical, salt }: EntryRow, { hidden }: ShownRecord): Entry['evidence'] {
  if (hidden.length > 0 || !(concerns ?? []).includes(oin)) return null;
  return { canonical: canonical.toString('base64'), salt: salt.toString('base64') };
}
