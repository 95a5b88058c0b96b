import { randomFillSync } from 'node:crypto';

/** One call to the system's generator serves some hundred salts, keys and nonces: the call costs more than the bytes. */
const POOL_BYTES = 16_384;
/** More than this is fetched by itself. */
const MAX_FROM_POOL_BYTES = 256;

let pool = Buffer.alloc(0);
let used = 0;

/**
 * Random bytes of the operating system's generator, each given out once: a used pool is dropped, not filled anew, so what
 * was given stays as it is.
 */
export function pooledRandomBytes(size: number): Buffer {
  if (size > MAX_FROM_POOL_BYTES) return randomFillSync(Buffer.alloc(size));
  if (used + size > pool.length) {
    pool = randomFillSync(Buffer.alloc(POOL_BYTES));
    used = 0;
  }
  const bytes = pool.subarray(used, used + size);
  used += size;
  return bytes;
}
