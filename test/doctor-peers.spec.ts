import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openKafka } from '#messaging/kafka-connection.js';
import { type Grant, grantText, KafkajsAdmin } from '#messaging/kafkajs-admin.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { notificationsTopic } from '#messaging/topics.js';
import { readConfig, type GatewayConfig } from '../apps/gateway/src/config.js';
import { peerPrincipal } from '../tools/broker/principal.js';
import { CHECKS } from '../tools/doctor/checks.js';
import { outcomeOf, type Outcome } from '../tools/doctor/outcome.js';
import { sharedKafka, type SharedKafka } from './support/shared-kafka.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

// The first story that needs Kafka starts it.
jest.setTimeout(120_000);
const LIMIT_MS = 15_000;
const [DTV, COA] = [peer('dtv').oin, peer('coa').oin];

let kafka: SharedKafka;
let world: World;

beforeAll(async () => {
  kafka = await sharedKafka();
  // With certificates of its own: what is revoked here stays a peer's elsewhere.
  world = await World.open();
});
afterAll(() => world?.close());

/** One check of the doctor, as the operator of the gateway with the brokers' administrator at hand. */
async function check(
  name: string,
  changes: Readonly<Record<string, string>> = {},
  change: Partial<GatewayConfig> = {},
): Promise<Outcome> {
  const found = CHECKS.find((one) => one.name === name);
  if (!found) throw new Error(`no check ${name}`);
  const admin = kafka.pki.files('kafka-admin');
  const env = {
    ...world.environment({ agency: 1, public: 1, management: 1 }),
    ...kafka.environment,
    KAFKA_ADMIN_CERT_FILE: admin.certFile,
    KAFKA_ADMIN_KEY_FILE: admin.keyFile,
    PEER_CERTIFICATES_DIR: world.pki.dir,
    ...changes,
  };
  return outcomeOf(name, () => found.run({ ...readConfig(env), ...change }, env));
}

const causeOf = ({ level, problems }: Outcome): string => `${level}: ${problems.map(({ cause }) => cause).join('; ')}`;

/** With the brokers' administrator, until both they and we know it. */
async function asAdmin<Result>(work: (admin: KafkajsAdmin) => Promise<Result>): Promise<Result> {
  const files = kafka.pki.files('kafka-admin');
  const connection = { brokers: kafka.brokers, caFile: kafka.pki.caFile, ...files, clientId: 'story' };
  const admin = await KafkajsAdmin.connect(connection, SILENT_LOG);
  return work(admin).finally(() => admin.close());
}

/** What the doctor says while this right is given, or taken away. */
async function whileChanged(grant: Grant, given: boolean): Promise<Outcome> {
  const set = (is: boolean) =>
    asAdmin(async (admin) => {
      const held = async () => (await admin.held()).filter(({ text }) => text === grantText(grant));
      if (is) await admin.grant([grant]);
      else await admin.revoke(await held());
      await until('the brokers know it', LIMIT_MS, async () => (await held()).length === Number(is));
    });
  await set(given);
  return check('broker rights').finally(() => set(!given));
}

const readBy = (principal: string, name: string, prefixed = false): Grant => ({
  principal,
  resource: 'TOPIC',
  name,
  prefixed,
  operation: 'READ',
});

describe('the doctor at the brokers', () => {
  it('finds the topics with their partitions, and each right where it belongs', async () => {
    const found = await check('brokers');
    expect([found.level, found.found]).toEqual(['ok', expect.stringMatching(/topics are there, of 12 partitions$/)]);
    const rights = await check('broker rights');
    expect([rights.level, rights.found]).toEqual(['ok', expect.stringMatching(/only \d+ peers may read/)]);
  });

  it('names a peer that may read the topic of another', async () => {
    const outcome = await whileChanged(readBy(peerPrincipal(COA), notificationsTopic(DTV)), true);
    expect(causeOf(outcome)).toBe(
      `fail: Too much is allowed: ${COA} ALLOW READ TOPIC ${notificationsTopic(DTV)} from *`,
    );
    expect(outcome.problems[0]?.nextStep).toContain('npm run kafka:provision');
  });

  it('names somebody else who may read all topics of ours', async () => {
    const outcome = await whileChanged(readBy('User:reporting', 'ketenpoort', true), true);
    expect(causeOf(outcome)).toBe('fail: Too much is allowed: User:reporting ALLOW READ TOPIC ketenpoort* from *');
    expect(outcome.problems[0]?.nextStep).toContain('take those away yourself');
  });

  it('leaves alone what somebody else may do with other topics', async () => {
    expect(causeOf(await whileChanged(readBy('User:reporting', 'other'), true))).toBe('ok: ');
  });

  it('names what a peer may not, and needs', async () => {
    const outcome = await whileChanged(readBy(peerPrincipal(DTV), notificationsTopic(DTV)), false);
    expect(causeOf(outcome)).toBe(
      `fail: Not allowed, and needed: ${DTV} ALLOW READ TOPIC ${notificationsTopic(DTV)} from *`,
    );
  });

  it('says that the certificate of the gateway may not ask, and what to give instead', async () => {
    const { KAFKA_CERT_FILE = '', KAFKA_KEY_FILE = '' } = kafka.environment;
    const asGateway = { KAFKA_ADMIN_CERT_FILE: KAFKA_CERT_FILE, KAFKA_ADMIN_KEY_FILE: KAFKA_KEY_FILE };
    expect(causeOf(await check('broker rights', asGateway))).toContain('do not show their ACLs to this certificate');
    const without = await check('broker rights', { KAFKA_ADMIN_CERT_FILE: '' }, { mode: 'production' });
    expect(causeOf(without)).toMatch(/^warn: Nobody asked the brokers/);
  });

  // Last: the topic is made anew by the next story.
  it('names a topic of another number of partitions', async () => {
    const topic = notificationsTopic(COA);
    const files = kafka.pki.files('kafka-admin');
    const connection = { brokers: kafka.brokers, caFile: kafka.pki.caFile, ...files, clientId: 'story' };
    const admin = (await openKafka(connection, SILENT_LOG)).admin();
    await admin.connect();
    await admin.createPartitions({ topicPartitions: [{ topic, count: 13 }] }).finally(() => admin.disconnect());
    const cause = `fail: ${topic} has 13 partitions, not 12`;
    expect(await until('it is found', LIMIT_MS, async () => causeOf(await check('brokers')) === cause)).toBe(true);
  });
});

describe('the doctor among the certificates of peers', () => {
  it('judges each by its file, and says of the others that a thumbprint has no date', async () => {
    expect(await check('peer certificates')).toMatchObject({ level: 'ok', found: expect.stringMatching(/longer than 30 days$/) }); // prettier-ignore
    const empty = join(world.folder, 'no-certificates');
    mkdirSync(empty);
    const blind = await check('peer certificates', { PEER_CERTIFICATES_DIR: empty });
    expect([blind.level, blind.found]).toEqual([
      'ok',
      expect.stringMatching(/of \d+ peers only thumbprints are known/),
    ]);
  });

  it('names one that is revoked and still registered, and a peer that has no other', async () => {
    await world.pki.revoke('coa');
    expect(causeOf(await check('peer certificates'))).toMatch(
      new RegExp(`^fail: .*\\(${COA}\\) has no certificate that is not revoked$`),
    );
  });

  it('names one that ends soon, unless its successor is registered', async () => {
    await world.pki.issuePeer({ name: 'coa-next', oin: COA, title: 'COA', days: 20 });
    const row = [world.pki.thumbprint('coa-next'), COA, 'next'];
    await world.rows('INSERT INTO peer_certificate (thumbprint, oin, label) VALUES ($1, $2, $3)', row);
    await world.rows('UPDATE peer_certificate SET active = false WHERE oin = $1 AND label <> $2', [COA, 'next']);
    expect(causeOf(await check('peer certificates'))).toMatch(
      new RegExp(`^warn: The certificate of .*\\(${COA}\\) ends in 19 days$`),
    );
  });

  it('knows the date of one that has connected from the gateway that runs', async () => {
    await world.startGateway();
    const managed = {
      MANAGEMENT_PORT: new URL(world.gateways[0]?.managementUrl ?? '').port,
      PEER_CERTIFICATES_DIR: '',
    };
    await world.pki.issuePeer({ name: 'coa-next', oin: COA, title: 'COA', days: 5 });
    await world.rows('UPDATE peer_certificate SET thumbprint = $1 WHERE label = $2', [world.pki.thumbprint('coa-next'), 'next']); // prettier-ignore
    const said = async (): Promise<boolean> => {
      await world.as('coa-next').get('/v1/inbox');
      return causeOf(await check('peer certificates', managed)).endsWith(`(${COA}) ends in 4 days`);
    };
    expect(await until('it is found', LIMIT_MS, said)).toBe(true);
  });
});
