/** Addresses by role, with `%` for the name of the database. */
export type ServerUrls = Readonly<Record<'super' | 'owner' | 'app' | 'retention' | 'reader', string>>;

/** What the setup of the run made for all stories (global-setup.mjs). */
export interface StoriesRun {
  /** Removed after the run. */
  readonly folder: string;
  /** Of the one PostgreSQL server of the run. */
  readonly urls: ServerUrls;
  /** A migrated database, and one with the demo's register in it besides, to make copies of; nobody is connected. */
  readonly schemaTemplate: string;
  readonly template: string;
  /** Certificates that stand in that register. A story that issues or revokes does so in a copy. */
  readonly pkiDir: string;
}

export function storiesRun(): StoriesRun {
  const { KETENPOORT_STORIES: run } = process.env;
  if (run === undefined) throw new Error('stories run under jest, with test/support/global-setup.mjs');
  return JSON.parse(run) as StoriesRun;
}
