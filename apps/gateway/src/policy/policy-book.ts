import type { Policy } from './policy.js';
import { PolicyError } from './policy-error.js';

/**
 * All versions of the policy that the gateway knows, oldest first. A version holds from its first day until the first
 * day of the next one, so that a change takes effect at midnight (Europe/Amsterdam) without a restart.
 */
export class PolicyBook {
  private constructor(readonly versions: readonly Policy[]) {}

  /** @throws PolicyError on an empty book, and on two versions of one name or one first day. */
  static of(policies: readonly Policy[]): PolicyBook {
    if (policies.length === 0) throw new PolicyError('', 0, 'holds no version');
    const versions = policies.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
    for (const [index, { version, validFrom }] of versions.entries()) {
      const others = versions.slice(index + 1);
      if (others.some((other) => other.version === version)) {
        throw new PolicyError(version, 0, 'stands here twice: a version is never changed, a change is a new version');
      }
      const sameDay = others.find((other) => other.validFrom === validFrom);
      if (sameDay) throw new PolicyError(version, 0, `holds from ${validFrom}, and so does ${sameDay.version}`);
    }
    return new PolicyBook(versions);
  }

  /** The version in force on a local date (Europe/Amsterdam). @throws PolicyError when none is yet: nothing is decided. */
  at(localDate: string): Policy {
    const inForce = this.versions.findLast(({ validFrom }) => validFrom <= localDate);
    if (!inForce) throw new PolicyError('', 0, `no version is in force on ${localDate}`);
    return inForce;
  }

  /** The version with the last first day: in force, or the next to be. Documents are made of it. */
  get newest(): Policy {
    return this.versions.at(-1) as Policy;
  }

  /** The version of this name, whether or not it is in force. */
  named(version: string): Policy | undefined {
    return this.versions.find((policy) => policy.version === version);
  }
}
