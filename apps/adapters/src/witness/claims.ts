/** What an answer of the gateway lets its holder demand later: the record that it made, and the digest of its entry. */
export interface AccessRecordRef {
  readonly id: string;
  /** SHA-256 of the entry, base64url. */
  readonly digest: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DIGEST = /^[A-Za-z0-9_-]{43}$/;

export function isAccessRecord(value: unknown): value is AccessRecordRef {
  const { id, digest } = (value ?? {}) as Partial<Record<keyof AccessRecordRef, unknown>>;
  return typeof id === 'string' && UUID.test(id) && typeof digest === 'string' && DIGEST.test(digest);
}

/** From the receipt of an accepted message: a compact JWS. Null when it holds no such thing. */
export function recordOfReceipt(receipt: unknown): AccessRecordRef | null {
  if (typeof receipt !== 'string') return null;
  const payload = parse(Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const { recordId: id, entryDigest: digest } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  const record = { id, digest };
  return isAccessRecord(record) ? record : null;
}

/** From the JSON body of a content or consultation answer. */
export function recordOfAnswer(body: Buffer): AccessRecordRef | null {
  const answer = parse(body.toString('utf8')) as { readonly accessRecord?: unknown } | null;
  return isAccessRecord(answer?.accessRecord) ? answer.accessRecord : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
