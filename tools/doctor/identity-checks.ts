import { readCrls } from '#identity/crl.js';
import { readPublicFile, readSecretFile } from '#identity/key-file.js';
import { readOwnCertificate, type OwnCertificateFiles } from '#identity/own-certificate.js';
import { RevocationSet } from '#identity/revocation-set.js';
import { readTrustAnchors } from '#identity/trust-anchors.js';
import { readLogKey } from '../../apps/gateway/src/access-log/log/log-key.js';
import type { GatewayConfig } from '../../apps/gateway/src/config.js';
import { ReceiptSigner } from '../../apps/gateway/src/exchange/receipt.js';
import { readIndexKey, readMasterKeys } from '../../apps/gateway/src/storage/master-key.js';
import { warning, wrong } from './outcome.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WARN_DAYS = 30;
const FAIL_DAYS = 7;
/** A list that nobody fetched for so long that the next morning is too late. */
const CRL_WARN_HOURS = 6;
const RENEW = 'Request a new one now; both may be in use for a while (docs/operations.md, section 5).';

export const anchorsOf = (config: GatewayConfig) =>
  readTrustAnchors([config.tls.caFile, ...(config.officerCaFile ? [config.officerCaFile] : [])]);

export async function serverCertificate({ tls }: GatewayConfig): Promise<string> {
  return await certificate('server', tls);
}

export async function kafkaCertificate({ kafka }: GatewayConfig): Promise<string> {
  return kafka ? await certificate('Kafka', kafka) : 'none: no Kafka is configured';
}

/** Valid now, strong key, the key that belongs to it (all by `readOwnCertificate`), and valid for a while. */
async function certificate(which: string, files: OwnCertificateFiles): Promise<string> {
  const { certificate: own } = await readOwnCertificate(files, Date.now());
  const days = Math.floor((own.notAfter.getTime() - Date.now()) / DAY_MS);
  const cause = `The ${which} certificate expires in ${days} days`;
  if (days < FAIL_DAYS) throw wrong(cause, RENEW);
  if (days < WARN_DAYS) throw warning(cause, RENEW);
  return `valid for ${days} more days`;
}

export async function revocationLists(config: GatewayConfig): Promise<string> {
  const anchors = await anchorsOf(config);
  const crls = await readCrls(await readPublicFile(config.tls.crlFile), anchors);
  const lists = new RevocationSet(crls, anchors);
  const stale = lists.staleIssuers(Date.now());
  const fetchThem = 'Fetch the current lists of every authority into TLS_CRL_FILE.';
  if (stale.length > 0) throw wrong(`${stale.length} revocation lists are stale or missing`, fetchThem);
  const hours = Math.floor(((lists.firstNextUpdate?.getTime() ?? 0) - Date.now()) / HOUR_MS);
  if (hours < CRL_WARN_HOURS) throw warning(`A revocation list is stale in ${hours} hours`, fetchThem);
  return `${crls.length} lists, the first one stale in ${hours} hours`;
}

/** Each refuses a file that others can read (`KEY_FILE_EXPOSED`). */
export async function keys(config: GatewayConfig): Promise<string> {
  const masters = await readMasterKeys(config.masterKeyFile);
  await readIndexKey(config.indexKeyFile);
  const signer = await ReceiptSigner.from((await readSecretFile(config.receiptKeyFile)).toString('utf8'));
  await readLogKey(config.accessLog.keyFile);
  return `${masters.length} master keys, receipts signed by ${signer.keyId.slice(0, 8)}`;
}
