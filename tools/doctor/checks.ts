import { CONTRACTS } from '#contracts/catalogue.js';
import type { GatewayConfig } from '../../apps/gateway/src/config.js';
import { brokerRights, brokers } from './broker-check.js';
import { archive, clock, erasures, partitions, policy, rights } from './database-checks.js';
import { backup, disk } from './host-checks.js';
import { anchorsOf, kafkaCertificate, keys, revocationLists, serverCertificate } from './identity-checks.js';
import { checkLog } from './log-check.js';
import { peerCertificates } from './peer-certificates.js';

/** One thing the gateway needs. `run` says what it found, or throws a `Warning` or an error with cause and next step. */
export interface Check {
  readonly name: string;
  readonly run: (config: GatewayConfig, env: NodeJS.ProcessEnv) => Promise<string>;
}

export const CHECKS: readonly Check[] = [
  { name: 'server certificate', run: serverCertificate },
  { name: 'trust anchors', run: async (config) => `${(await anchorsOf(config)).length} authorities` },
  { name: 'revocation lists', run: revocationLists },
  { name: 'peer certificates', run: peerCertificates },
  { name: 'keys', run: keys },
  { name: 'contracts', run: () => Promise.resolve(`${CONTRACTS.length} contracts`) },
  { name: 'database', run: rights },
  { name: 'clock', run: clock },
  { name: 'partitions', run: partitions },
  { name: 'policy', run: policy },
  { name: 'erasures', run: erasures },
  { name: 'log', run: checkLog },
  { name: 'kafka certificate', run: kafkaCertificate },
  { name: 'brokers', run: brokers },
  { name: 'broker rights', run: brokerRights },
  { name: 'disk', run: disk },
  { name: 'archive', run: archive },
  { name: 'backup', run: (config, env) => backup(config, env.BACKUP_STAMP_FILE) },
];
