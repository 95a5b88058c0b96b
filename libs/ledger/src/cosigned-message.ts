const TIMESTAMP_BYTES = 8;
const ED25519_SIGNATURE_BYTES = 64;

/** What a witness signs (C2SP tlog-cosignature, "Ed25519 signed message"): header, time and the text of the checkpoint. */
export function cosignedMessage(checkpointBody: string, at: Date): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${posixSeconds(at)}\n${checkpointBody}`);
}

/** `timestamped_signature` of C2SP tlog-cosignature: the time as big-endian uint64, then the signature. */
export function writeCosignature(at: Date, signature: Uint8Array): Buffer {
  const time = Buffer.alloc(TIMESTAMP_BYTES);
  time.writeBigUInt64BE(BigInt(posixSeconds(at)));
  return Buffer.concat([time, signature]);
}

/** Reads what `writeCosignature` writes; null on another length or a time that no Date can hold. */
export function readCosignature(bytes: Uint8Array): { readonly at: Date; readonly signature: Uint8Array } | null {
  if (bytes.length !== TIMESTAMP_BYTES + ED25519_SIGNATURE_BYTES) return null;
  const seconds = Buffer.from(bytes.subarray(0, TIMESTAMP_BYTES)).readBigUInt64BE();
  const at = new Date(Number(seconds) * 1000);
  // A checkpoint's cosignature says when: zero means "no statement about time", which only subtrees may have.
  return seconds > 0n && !Number.isNaN(at.getTime()) ? { at, signature: bytes.subarray(TIMESTAMP_BYTES) } : null;
}

function posixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
