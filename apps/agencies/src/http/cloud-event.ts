import type { ContractId } from '#contracts/contract.js';
import type { ReceivedEntry } from '../book/book-entry.js';

/** The part of a delivered CloudEvent (structured mode) that an agency's system looks at. */
type Incoming = Omit<ReceivedEntry, 'at'>;

/**
 * Reads a webhook body. Answers null when it is not a CloudEvent with data of a contract that `contractOf` knows: the
 * adapter must then not believe that the system has it.
 */
export function readCloudEvent(body: unknown, contractOf: (type: string) => ContractId | undefined): Incoming | null {
  if (typeof body !== 'object' || body === null) return null;
  const { source, id, type, time, caseid, data } = body as Record<string, unknown>;
  if (typeof source !== 'string' || typeof id !== 'string' || typeof type !== 'string') return null;
  if (typeof data !== 'object' || data === null) return null;
  const contract = contractOf(type);
  if (contract === undefined) return null;
  return {
    kind: 'received',
    source,
    id,
    type,
    contract,
    caseid: typeof caseid === 'string' ? caseid : null,
    time: typeof time === 'string' ? time : '',
    data: data as Record<string, unknown>,
  };
}
