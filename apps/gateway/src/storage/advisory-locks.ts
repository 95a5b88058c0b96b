/**
 * Keys of the advisory locks of which there is one in a database. All keys share one space, so that two uses of one
 * number would keep each other out. They stay what they are: the processes of two releases run side by side.
 */
export const ADVISORY_LOCKS = {
  /** Held while migrations run. */
  migration: 5_536_001,
  /** Held by who appends to the log, or begins an epoch. */
  log: 5_536_002,
  /** Held during a run of retention, which may take hours. */
  retention: 5_536_003,
  /** Held while a version of the policy is recorded. */
  policyVersions: 4_837_001,
} as const;
