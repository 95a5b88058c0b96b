import type { PeerKind, PurposeCode, Role } from '#contracts/domain.js';
import type { Policy } from './policy.js';

/**
 * The one column of the release table for this kind of peer and this purpose, or null. Never taken from a request.
 * MR, NE (running grants), RS (rights procedure), GO and FG (officers) do not follow from a peer's kind.
 */
export function roleOf(policy: Policy, kind: PeerKind, purpose: PurposeCode): Role | null {
  return policy.roles[`${kind};${purpose}`] ?? null;
}
