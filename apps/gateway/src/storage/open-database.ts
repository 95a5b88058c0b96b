import type { DataSource } from 'typeorm';
import type { GatewayConfig } from '../config.js';
import { GatewayStartError } from '../start-error.js';
import { createDataSource } from './data-source.js';
import { ensurePartitions } from './partitions.js';
import { checkDatabaseRights } from './rights-check.js';

/** Connects, asks for what the gateway may and may not do there, and makes room for the months to come. */
export async function openDatabase(config: GatewayConfig): Promise<DataSource> {
  const dataSource = createDataSource(config.databaseUrl, {
    poolSize: config.databasePoolSize,
    applicationName: 'ketenpoort-gateway',
  });
  try {
    await dataSource.initialize();
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'no answer';
    throw new GatewayStartError([
      {
        cause: `The database cannot be reached (${code})`,
        nextStep: 'Check DATABASE_URL, and that PostgreSQL runs and takes this role.',
      },
    ]);
  }
  const problems = await checkDatabaseRights(dataSource);
  if (problems.length === 0) {
    await ensurePartitions(dataSource);
    return dataSource;
  }
  await dataSource.destroy();
  throw new GatewayStartError(problems);
}
