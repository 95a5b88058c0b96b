import { migrate } from '../../../apps/gateway/src/storage/data-source.js';
import { type EmbeddedPostgres, startPostgres } from '../../database/embedded-postgres.js';
import type { DemoPaths } from '../paths.js';

const DATABASE = 'ketenpoort';

export interface DemoDatabase {
  readonly ownerUrl: string;
  /** Role of the gateway: no owner, no right to change records. */
  readonly appUrl: string;
  stop(): Promise<void>;
}

/** Starts PostgreSQL on the data of the last time and brings its tables up to date. */
export async function prepareDatabase(paths: DemoPaths, log: (line: string) => void): Promise<DemoDatabase> {
  const postgres: EmbeddedPostgres = await startPostgres({ dataDir: paths.database, log });
  try {
    await postgres.createDatabase(DATABASE);
    await migrate(postgres.ownerUrl(DATABASE));
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return { ownerUrl: postgres.ownerUrl(DATABASE), appUrl: postgres.appUrl(DATABASE), stop: () => postgres.stop() };
}
