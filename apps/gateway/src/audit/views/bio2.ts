import type { PlainRecord } from '../search/plain-record.js';

/** One line of the audit log that BIO2 8.15.01 asks for. The only standard view with the person who acted. */
export interface AuditLine {
  readonly timestamp: string;
  /** The organisation, and its own reference of the person where one acted. */
  readonly actor: { readonly organisation: string | null; readonly person: string | null };
  readonly action: string;
  readonly object: string;
  readonly result: string;
  /** Where it came from: the certificate of the connection, or for a refused connection its address. */
  readonly origin: string;
  readonly record: string;
}

/**
 * For the security team of the organisation that acted. No key, token or content stands in a record, so none can stand
 * here (8.15.02); a certificate thumbprint is public.
 */
export function auditLine(record: PlainRecord): AuditLine {
  const { peer, decision, handshake } = record;
  const thumbprint = peer?.thumbprint === undefined ? 'none' : `certificate:${peer.thumbprint}`;
  const officer = peer?.officer === undefined ? null : `${peer.officer}:${peer.thumbprint ?? ''}`;
  return {
    timestamp: record.at,
    actor: { organisation: peer?.oin ?? null, person: record.userReference ?? officer },
    action: record.action,
    object: objectOf(record),
    result: decision.outcome === 'permit' ? 'permit' : `refuse:${decision.code ?? 'unknown'}`,
    origin: handshake === undefined ? thumbprint : `address:${handshake.address}`,
    record: record.id,
  };
}

function objectOf({ messageId, messageIds, caseId, contract }: PlainRecord): string {
  const named = [
    ...(caseId === undefined ? [] : [`case:${caseId}`]),
    ...(messageId === undefined ? [] : [`message:${messageId}`]),
    ...(messageIds === undefined ? [] : [`messages:${messageIds.length}`]),
    ...(contract === undefined ? [] : [`contract:${contract.id}`]),
  ];
  return named.length === 0 ? 'none' : named.join(' ');
}
