import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares digests, so that neither content nor length of the secret shows in the time it takes. */
export function isAuthorised(header: string | undefined, secret: string): boolean {
  const given = /^Bearer (\S+)$/i.exec(header ?? '')?.[1] ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
