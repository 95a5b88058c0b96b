import type { GatewayConfig } from './config.js';
import { createDataSource } from './storage/data-source.js';
import { poolOf } from './storage/pool-of.js';
import type { AuditParts } from './audit/audit-parts.js';
import { localDateAt } from './cases/calendar.js';
import type { CaseClock } from './clock.js';
import type { StartMaterials } from './start-materials.js';

/** Questions of officers that are answered at one time; others wait. */
const OFFICER_POOL_SIZE = 2;
/** A question that takes longer is refused, and says how to ask less. */
const OFFICER_STATEMENT_TIMEOUT_MS = 5_000;

/** What the calls of officers need, with connections of their own: a wide question must not keep a message waiting. */
export async function openAudit(
  { databaseUrl, accessLog }: GatewayConfig,
  { indexKey, policies }: StartMaterials,
  { clock, ...shared }: Pick<AuditParts, 'makeRecord' | 'peers'> & { readonly clock: CaseClock },
  closing: (() => Promise<void> | void)[],
): Promise<AuditParts> {
  const dataSource = createDataSource(databaseUrl, {
    poolSize: OFFICER_POOL_SIZE,
    applicationName: 'ketenpoort-officers',
    statementTimeoutMs: OFFICER_STATEMENT_TIMEOUT_MS,
  });
  await dataSource.initialize();
  closing.push(() => dataSource.destroy());
  return {
    ...shared,
    pool: poolOf(dataSource),
    versions: policies.versions,
    indexKey,
    quorum: accessLog.witnessQuorum,
    get policy() {
      return policies.at(localDateAt(clock.now()));
    },
  };
}
