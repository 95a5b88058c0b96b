import type { DataSource } from 'typeorm';
import { CONTRACTS } from '#contracts/catalogue.js';
import { readCrls } from '#identity/crl.js';
import { readPublicFile, readSecretFile } from '#identity/key-file.js';
import { readOwnCertificate } from '#identity/own-certificate.js';
import { RevocationSet } from '#identity/revocation-set.js';
import { readTrustAnchors } from '#identity/trust-anchors.js';
import { KafkajsAdmin } from '#messaging/kafkajs-admin.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { readLogKey } from '../../apps/gateway/src/access-log/log/log-key.js';
import type { GatewayConfig } from '../../apps/gateway/src/config.js';
import { ReceiptSigner } from '../../apps/gateway/src/exchange/receipt.js';
import { loadPolicyBook } from '../../apps/gateway/src/policy/load-policy-book.js';
import { checkErasures } from '../../apps/gateway/src/retention/check-erasures.js';
import { GatewayStartError } from '../../apps/gateway/src/start-error.js';
import { createDataSource } from '../../apps/gateway/src/storage/data-source.js';
import { readIndexKey, readMasterKeys } from '../../apps/gateway/src/storage/master-key.js';
import { poolOf } from '../../apps/gateway/src/storage/pool-of.js';
import { loadPeers } from '../../apps/gateway/src/storage/register-reader.js';
import { checkDatabaseRights } from '../../apps/gateway/src/storage/rights-check.js';
import { checkLog } from './log-check.js';

/** One thing the gateway needs. `run` says what it found, or throws with cause and next step. */
export interface Check {
  readonly name: string;
  readonly run: (config: GatewayConfig) => Promise<string>;
}

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;
const MAX_SKEW_MS = 2_000;

const wrong = (cause: string, nextStep: string): GatewayStartError => new GatewayStartError([{ cause, nextStep }]);
const anchorsOf = (config: GatewayConfig) =>
  readTrustAnchors([config.tls.caFile, ...(config.officerCaFile ? [config.officerCaFile] : [])]);

export const CHECKS: readonly Check[] = [
  { name: 'server certificate', run: serverCertificate },
  { name: 'trust anchors', run: async (config) => `${(await anchorsOf(config)).length} authorities` },
  { name: 'revocation lists', run: revocationLists },
  { name: 'keys', run: keys },
  { name: 'policy', run: (config) => Promise.resolve(policyVersions(config)) },
  { name: 'contracts', run: () => Promise.resolve(`${CONTRACTS.length} contracts`) },
  { name: 'database', run: database },
  { name: 'erasures', run: erasures },
  { name: 'log', run: checkLog },
  { name: 'brokers', run: brokers },
];

async function serverCertificate({ tls }: GatewayConfig): Promise<string> {
  const { certificate } = await readOwnCertificate(tls, Date.now());
  const days = Math.floor((certificate.notAfter.getTime() - Date.now()) / DAY_MS);
  if (days < WARN_DAYS)
    throw wrong(
      `The server certificate expires in ${days} days`,
      'Request a new one now; both may be in use for a while.',
    );
  return `valid for ${days} more days`;
}

async function revocationLists(config: GatewayConfig): Promise<string> {
  const anchors = await anchorsOf(config);
  const crls = await readCrls(await readPublicFile(config.tls.crlFile), anchors);
  const stale = new RevocationSet(crls, anchors).staleIssuers(Date.now());
  if (stale.length > 0)
    throw wrong(
      `${stale.length} revocation lists are stale or missing`,
      'Fetch the current lists of every authority into TLS_CRL_FILE.',
    );
  return `${crls.length} lists, all current`;
}

async function keys(config: GatewayConfig): Promise<string> {
  const masters = await readMasterKeys(config.masterKeyFile);
  await readIndexKey(config.indexKeyFile);
  const signer = await ReceiptSigner.from((await readSecretFile(config.receiptKeyFile)).toString('utf8'));
  await readLogKey(config.accessLog.keyFile);
  return `${masters.length} master keys, receipts signed by ${signer.keyId.slice(0, 8)}`;
}

/** All versions are checked; which one holds follows from the date alone. */
function policyVersions({ policyDir }: GatewayConfig): string {
  const { versions } = loadPolicyBook(policyDir);
  return versions.map(({ version, validFrom }) => `version ${version} from ${validFrom}`).join(', ');
}

async function database(config: GatewayConfig): Promise<string> {
  return withDatabase(config, async (dataSource) => {
    const problems = await checkDatabaseRights(dataSource);
    if (problems.length > 0) throw new GatewayStartError(problems);
    const [clock] = await dataSource.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    const skewMs = Math.abs(Date.now() - (clock?.now.getTime() ?? 0));
    if (skewMs > MAX_SKEW_MS)
      throw wrong(`The clocks of gateway and database differ by ${skewMs} ms`, 'Synchronise both with NTP.');
    return `rights, schema and clock are right; ${(await loadPeers(dataSource)).length} peers registered`;
  });
}

function erasures(config: GatewayConfig): Promise<string> {
  return withDatabase(config, (dataSource) => checkErasures(poolOf(dataSource), config.erasureJournalFile));
}

async function withDatabase(config: GatewayConfig, work: (from: DataSource) => Promise<string>): Promise<string> {
  const dataSource = createDataSource(config.databaseUrl, { poolSize: 1, applicationName: 'ketenpoort-doctor' });
  try {
    await dataSource.initialize();
  } catch {
    throw wrong('The database cannot be reached', 'Check DATABASE_URL, and that PostgreSQL runs and takes this role.');
  }
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function brokers(config: GatewayConfig): Promise<string> {
  if (!config.kafka) return 'none configured: agencies read their inbox';
  const admin = await KafkajsAdmin.connect({ ...config.kafka, clientId: 'ketenpoort-doctor' }, SILENT_LOG).catch(() => {
    throw wrong(
      'The brokers cannot be reached over mutual TLS',
      'Check KAFKA_BROKERS and the KAFKA_* files, and that the broker runs.',
    );
  });
  await admin.close();
  return `reached ${config.kafka.brokers.join(', ')}`;
}
