import type { DataSource } from 'typeorm';
import { readCrls } from '#identity/crl.js';
import { IdentityError } from '#identity/identity-error.js';
import { readPublicFile, readSecretFile } from '#identity/key-file.js';
import { readOwnCertificate } from '#identity/own-certificate.js';
import type { RotatingFiles } from '#identity/rotating-files.js';
import { readTrustAnchors } from '#identity/trust-anchors.js';
import { readLogKey, type LogKey } from './access-log/log/log-key.js';
import { localDateAt } from './cases/calendar.js';
import type { CaseClock } from './clock.js';
import type { GatewayConfig } from './config.js';
import { ReceiptSigner } from './exchange/receipt.js';
import { loadPolicyBook } from './policy/load-policy-book.js';
import type { PolicyBook } from './policy/policy-book.js';
import { checkErasures } from './retention/check-erasures.js';
import { GatewayStartError, type StartProblem } from './start-error.js';
import { authorityFiles, openListenerIdentity, type ListenerIdentity } from './start-listeners.js';
import { problemsOf } from './start-problems.js';
import type { MasterKey } from './storage/content-crypto.js';
import { readIndexKey, readMasterKeys } from './storage/master-key.js';
import { openDatabase } from './storage/open-database.js';
import { poolOf } from './storage/pool-of.js';

/** Everything from outside that the gateway is built from: opened, read and checked. */
export interface StartMaterials {
  readonly dataSource: DataSource;
  readonly listening: RotatingFiles<ListenerIdentity>;
  readonly masterKeys: readonly MasterKey[];
  readonly indexKey: Buffer;
  readonly signer: ReceiptSigner;
  readonly logKey: LogKey;
  readonly policies: PolicyBook;
}

/**
 * Opens and reads what the configuration points to. Everything is tried, so that an operator gets all problems at once
 * and not one at each start. @throws GatewayStartError
 */
export async function gatherMaterials(config: GatewayConfig, clock: CaseClock): Promise<StartMaterials> {
  const dataSource = openDatabase(config);
  const parts = {
    listening: openListenerIdentity(config),
    // Read with the certificate as well; here for its own problems, whatever is wrong with that.
    anchors: readTrustAnchors(authorityFiles(config)),
    crl: checkRevocationLists(config, authorityFiles(config)),
    masterKeys: readMasterKeys(config.masterKeyFile),
    indexKey: readIndexKey(config.indexKeyFile),
    signer: readReceiptKey(config.receiptKeyFile),
    logKey: readLogKey(config.accessLog.keyFile),
    // In a promise: what is wrong with it is then reported with the rest.
    policies: Promise.resolve().then(() => policiesInForce(config.policyDir, clock)),
    kafka: checkKafkaFiles(config),
    dataSource,
    erasures: erasuresStand(dataSource, config.erasureJournalFile),
  };
  const settled = await Promise.allSettled(Object.values(parts));
  const problems = settled.flatMap((one) => (one.status === 'rejected' ? problemsOf(one.reason) : []));
  if (problems.length > 0) {
    await parts.dataSource.then(
      (dataSource) => dataSource.destroy(),
      () => undefined,
    );
    throw new GatewayStartError(distinct(problems));
  }
  return {
    dataSource: await parts.dataSource,
    listening: await parts.listening,
    masterKeys: await parts.masterKeys,
    indexKey: await parts.indexKey,
    signer: await parts.signer,
    logKey: await parts.logKey,
    policies: await parts.policies,
  };
}

/** A database that cannot be opened is reported by itself. */
async function erasuresStand(opening: Promise<DataSource>, journalFile: string | null): Promise<void> {
  const dataSource = await opening.catch(() => null);
  if (dataSource) await checkErasures(poolOf(dataSource), journalFile);
}

/** Only whether they can be used: `Revocation` reads them again and watches them. Missing ones are refused or alarmed. */
async function checkRevocationLists(config: GatewayConfig, caFiles: readonly string[]): Promise<void> {
  try {
    const lists = await readPublicFile(config.tls.crlFile);
    // What is wrong with the anchors is reported by itself.
    const anchors = await readTrustAnchors(caFiles).catch(() => null);
    if (anchors) await readCrls(lists, anchors);
  } catch (error) {
    const missing = error instanceof IdentityError && error.code === 'FILE_MISSING';
    if (!missing || config.crlStale === 'refuse') throw error;
  }
}

/** The producer reads them at each connection; a mistake in them would show as a broker that never answers. */
async function checkKafkaFiles({ kafka }: GatewayConfig): Promise<void> {
  if (!kafka) return;
  await readOwnCertificate(kafka, Date.now());
  await readTrustAnchors([kafka.caFile]);
}

async function readReceiptKey(path: string): Promise<ReceiptSigner> {
  const pem = (await readSecretFile(path)).toString('utf8');
  return ReceiptSigner.from(pem).catch(() => {
    const nextStep = `Make one with: (umask 077; openssl genpkey -algorithm ed25519 -out ${path}), or put the right one back.`;
    throw new GatewayStartError([{ cause: `Key file ${path} holds no Ed25519 private key (PKCS#8 PEM)`, nextStep }]);
  });
}

/** A policy that is not yet in force decides nothing: the gateway would refuse or release by tomorrow's rules. */
function policiesInForce(dir: string, clock: CaseClock): PolicyBook {
  const book = loadPolicyBook(dir);
  const today = localDateAt(clock.now());
  const [first] = book.versions;
  if (first === undefined || first.validFrom <= today) return book;
  const nextStep = 'Put back the version that is in force, or wait until this one is.';
  throw new GatewayStartError([{ cause: `Policy ${first.version} is not in force today`, nextStep }]);
}

/** One missing file can spoil several parts. */
function distinct(problems: readonly StartProblem[]): readonly StartProblem[] {
  return [...new Map(problems.map((one) => [one.cause, one])).values()];
}
