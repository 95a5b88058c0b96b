import { grantText } from '#messaging/kafkajs-admin.js';
import { type ProvisionConfig, provisionConfig } from './broker-config.js';
import { deprovision, provision, readable } from './provision.js';
import { readPeers } from './read-peers.js';

const HELP = `Makes the Kafka topics and ACLs for the gateway and all registered peers. Safe to repeat.

  npm run kafka:provision                      all peers; inactive ones lose their ACLs
  npm run kafka:provision -- --remove <oin>    delete all ACLs of one peer

Environment: DATABASE_URL (reads ketenpoort.peer), GATEWAY_OIN, KAFKA_BROKERS, KAFKA_CA_FILE, KAFKA_ADMIN_CERT_FILE,
KAFKA_ADMIN_KEY_FILE (a super user of the brokers).`;

async function removePeer(config: ProvisionConfig, oin: string): Promise<void> {
  const { brokers, certFile, keyFile, caFile } = config;
  const held = await deprovision({ brokers, adminTls: { certFile, keyFile, caFile } }, oin);
  for (const acl of held) console.log(`revoked  ${readable(acl.text)}`);
  console.log(`${held.length} ACLs revoked`);
}

async function provisionAll(config: ProvisionConfig): Promise<void> {
  const { brokers, certFile, keyFile, caFile, gatewayOin } = config;
  const peers = await readPeers(config.databaseUrl);
  const result = await provision({ brokers, adminTls: { certFile, keyFile, caFile }, gatewayOin, peers });
  for (const topic of result.topicsCreated) console.log(`topic    ${topic}`);
  for (const grant of result.granted) console.log(`granted  ${readable(grantText(grant))}`);
  for (const acl of result.revoked) console.log(`revoked  ${readable(acl.text)}`);
  for (const acl of result.foreign) console.log(`unknown  ${readable(acl.text)} (left as it is)`);
  const { topicsCreated, granted, revoked } = result;
  console.log(`${topicsCreated.length} topics created, ${granted.length} ACLs granted, ${revoked.length} revoked`);
}

async function main(args: readonly string[]): Promise<void> {
  const [option, oin, ...rest] = args;
  if (option === '--help') return console.log(HELP);
  if (option === undefined) return provisionAll(provisionConfig());
  if (option === '--remove' && oin !== undefined && rest.length === 0) return removePeer(provisionConfig(), oin);
  throw new Error(`unknown arguments; see --help`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`kafka:provision: ${error instanceof Error ? error.message : 'failed'}`);
  process.exitCode = 1;
});
