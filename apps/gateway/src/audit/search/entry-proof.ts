import type { PoolClient } from 'pg';
import { proveInclusion, type InclusionProof } from '../../access-log/log/inclusion-proofs.js';
import { GatewayError } from '../../errors.js';
import type { AuditParts } from '../audit-parts.js';
import { runningGrant } from '../grants/national-view.js';
import type { Inquiry, Looked } from '../look-up.js';
import { hiddenActivities, isVisible } from '../sight.js';
import { readEntryRow } from './entry-row.js';
import { aboutEntry, notAvailable } from './read-entry.js';

const RETRY_AFTER_SECONDS = '1';

/**
 * That a record stands in the log; hashes only. For an officer who may see the record, and for the system of an
 * organisation that it concerns. That one holds its digest already and asks for each of its records, so its questions
 * leave no records of their own; what is refused does.
 */
export async function entryProof(
  client: PoolClient,
  parts: AuditParts,
  { caller }: Inquiry,
  id: string,
): Promise<Looked<InclusionProof>> {
  const row = await readEntryRow(client, id);
  const person = caller.officer !== undefined;
  const own = { oin: caller.oin, hidden: person ? hiddenActivities(parts.versions, caller.kind) : [], grantId: null };
  const grantId = row && person && !isVisible(own, row) ? await runningGrant(client, parts, caller) : null;
  if (!row || !isVisible({ ...own, grantId }, row)) return notAvailable(id, row ? 'not in sight' : 'no such record');
  const noted = { ...aboutEntry(parts, id, row), ...(grantId === null ? {} : { grantId }) };
  const proof = await proveInclusion(client, row.leaf, parts.quorum);
  const silent = person ? {} : ({ unrecorded: true } as const);
  if (proof) return { ok: true, answer: proof, noted: { ...noted, released: ['FG00'] }, ...silent };
  const headers = { 'retry-after': RETRY_AFTER_SECONDS };
  const error = new GatewayError('NOT_SEQUENCED_YET', 'the record is written, and not yet a leaf', { headers });
  return { ok: false, error, noted, ...silent };
}
