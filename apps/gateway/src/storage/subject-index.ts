import { createHmac } from 'node:crypto';

/** 128 bits: enough that no two (recipient, case) pairs meet. */
const PARTITION_KEY_BYTES = 16;
const SEPARATOR = '\u0000';

/**
 * Keyed index of a V-number (32 bytes): finds a person's rows without naming the person. Without the key it cannot be
 * recomputed, although there are only ten thousand million V-numbers.
 */
export function subjectIndex(indexKey: Buffer, vNumber: string): Buffer {
  return keyed(indexKey, 'subject-index', [vNumber]);
}

/**
 * Pseudonym of a case towards one recipient (22 characters, base64url): the Kafka record key. Another recipient sees
 * another one, so that topics cannot be joined. Pass the message id for a message without a case.
 */
export function partitionKey(indexKey: Buffer, recipientOin: string, caseOrMessageId: string): string {
  const digest = keyed(indexKey, 'partition-key', [recipientOin, caseOrMessageId]);
  return digest.subarray(0, PARTITION_KEY_BYTES).toString('base64url');
}

function keyed(key: Buffer, domain: string, parts: readonly string[]): Buffer {
  return createHmac('sha256', key)
    .update([`ketenpoort/${domain}/v1`, ...parts].join(SEPARATOR), 'utf8')
    .digest();
}
