const DAY_MS = 86_400_000;
const WARN_DAYS = 30;
const FAIL_DAYS = 7;

export interface JudgedPeer {
  readonly oin: string;
  readonly name: string;
  /** Of its registered certificates those that can be read. */
  readonly certificates: readonly { readonly notAfter: Date; readonly revoked: boolean }[];
  /** How many are known by their thumbprint alone. */
  readonly unknown: number;
  /** End of the certificate with which it last connected, in milliseconds since 1970. */
  readonly connectedUntil: number | null;
}

export interface PeersJudged {
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
  /** OINs of peers of which nothing but thumbprints is known. */
  readonly unknown: readonly string[];
}

/**
 * A peer goes on as long as one of its certificates does: an old one beside its successor may end. A revoked one that is
 * still registered as active is refused anyhow, and somebody should know that it is.
 */
export function judgePeers(peers: readonly JudgedPeer[], nowMs: number): PeersJudged {
  const failures: string[] = [];
  const warnings: string[] = [];
  const unknown: string[] = [];
  for (const peer of peers) {
    const who = `${peer.name} (${peer.oin})`;
    const revoked = peer.certificates.filter((one) => one.revoked).length;
    const good = peer.certificates.filter((one) => !one.revoked).map(({ notAfter }) => notAfter.getTime());
    if (revoked > 0 && good.length + peer.unknown === 0) failures.push(`${who} has no certificate that is not revoked`);
    else if (revoked > 0) warnings.push(`${revoked} certificates of ${who} are revoked and still registered as active`);
    if (peer.certificates.length + peer.unknown === 0) warnings.push(`${who} is active and has no certificate`);
    // One that nobody can read may be the successor.
    const ends = peer.unknown > 0 ? [] : good;
    const until = Math.max(...ends, peer.unknown > 0 ? (peer.connectedUntil ?? -Infinity) : -Infinity);
    if (until === -Infinity) {
      if (peer.unknown > 0) unknown.push(peer.oin);
      continue;
    }
    const days = Math.floor((until - nowMs) / DAY_MS);
    const ending = days < 0 ? `of ${who} has expired` : `of ${who} ends in ${days} days`;
    if (days < FAIL_DAYS) failures.push(`The certificate ${ending}`);
    else if (days < WARN_DAYS) warnings.push(`The certificate ${ending}`);
  }
  return { failures, warnings, unknown };
}
