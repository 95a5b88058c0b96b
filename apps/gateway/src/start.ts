import type { AddressInfo, Server } from 'node:net';
import type { Logger } from 'pino';
import { readSecretFile } from '#identity/key-file.js';
import { serverTlsOptions } from '#identity/tls-options.js';
import { readTrustAnchors, type TrustAnchor } from '#identity/trust-anchors.js';
import { KafkajsProducer } from '#messaging/kafkajs-producer.js';
import type { DataSource } from 'typeorm';
import { ShiftableClock } from './clock.js';
import type { GatewayConfig } from './config.js';
import { readBacklog } from './delivery/backlog.js';
import { DeadLetters } from './delivery/dead-letters.js';
import { DeliverySignal } from './delivery/delivery-signal.js';
import { dropOneDelivery } from './delivery/drop-one.js';
import { Numberer } from './delivery/numberer.js';
import { Relay } from './delivery/relay.js';
import { Exchange, refusal } from './exchange/exchange.js';
import { ReceiptSigner } from './exchange/receipt.js';
import { TimerLoop } from './exchange/timer-loop.js';
import { GatewayModule } from './gateway.module.js';
import { createAgencyServer, httpsServerOf } from './http/agency-server.js';
import { startManagementServer } from './management-server.js';
import { attachPeerGate, type PeerGate } from './peers/peer-gate.js';
import { HandshakeRefusals } from './peers/handshake-refusals.js';
import { PeerRegister } from './peers/peer-register.js';
import { Revocation } from './peers/revocation.js';
import { handshakeRecorder } from './access-log/handshake-records.js';
import { localDateOf } from './cases/calendar.js';
import { isInForce, loadPolicy } from './policy/load-policy.js';
import type { Policy } from './policy/policy.js';
import { startPublicServer } from './public/public-server.js';
import { GatewayStartError } from './start-error.js';
import { ContentCipher } from './storage/content-crypto.js';
import { readIndexKey, readMasterKeys } from './storage/master-key.js';
import { openDatabase } from './storage/open-database.js';
import { poolOf } from './storage/pool-of.js';
import { RegisterCache } from './storage/register-cache.js';
import { loadOfficers, loadPeers } from './storage/register-reader.js';

export interface RunningGateway {
  readonly port: number;
  readonly publicPort: number;
  readonly managementPort: number;
  /** Stops taking, finishes what runs, flushes, closes; in this order. */
  close(): Promise<void>;
}

type Closing = () => Promise<void> | void;

/** Builds the gateway from its configuration and listens. Rejects with cause and next step when it may not start. */
export async function startGateway(config: GatewayConfig, log: Logger): Promise<RunningGateway> {
  const closing: Closing[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const dataSource = await openDatabase(config);
    closing.push(() => dataSource.destroy());
    const identity = await openIdentity(config, dataSource, log, closing);
    const { exchange, clock, relay, timers } = await buildExchange(config, dataSource, identity.peers, log, closing);
    const app = await serveAgencies(config, exchange, identity, log);
    closing.push(() => exchange.close());
    closing.push(
      () => app.close(),
      () => exchange.stopWaiting(),
    );
    const management = await startManagementServer(config.managementPort, {
      isReady: () =>
        dataSource.query('SELECT 1').then(
          () => true,
          () => false,
        ),
      metrics: async () => ({
        queue_depth: exchange.queueDepth,
        relay_on: relay ? 1 : 0,
        case_alarms: timers.alarmsRaised,
        ...(await readBacklog(poolOf(dataSource))),
      }),
      caseClock: config.mode === 'demo' ? clock : null,
    });
    closing.push(() => closed(management));
    const { publicPort, host, url: gatewayUrl, tls } = config;
    const publicServer = await startPublicServer({ port: publicPort, host, gatewayUrl, ...tls });
    closing.push(() => closed(publicServer));
    return {
      port: portOf(httpsServerOf(app)),
      publicPort: portOf(publicServer),
      managementPort: portOf(management),
      close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

interface Identity {
  readonly peers: PeerRegister;
  readonly revocation: Revocation;
  readonly refusals: HandshakeRefusals;
  readonly officerAnchors: readonly TrustAnchor[];
}

async function openIdentity(
  config: GatewayConfig,
  dataSource: DataSource,
  log: Logger,
  closing: Closing[],
): Promise<Identity> {
  const anchors = await readTrustAnchors([config.tls.caFile, ...(config.officerCaFile ? [config.officerCaFile] : [])]);
  const officerAnchors = config.officerCaFile ? await readTrustAnchors([config.officerCaFile]) : [];
  const reader = { loadPeers: () => loadPeers(dataSource), loadOfficers: () => loadOfficers(dataSource) };
  const onRefreshFailure = (): void => log.warn('the peer register could not be refreshed; the last one is in use');
  const peers = await PeerRegister.open({ reader, mode: config.mode, onRefreshFailure });
  closing.push(() => peers.close());
  const revocation = await Revocation.open({
    crlFile: config.tls.crlFile,
    anchors,
    stale: config.crlStale,
    onAlarm: (alarm) => log.error({ alarm: alarm.kind }, 'revocation list alarm'),
  });
  closing.push(() => revocation.close());
  const refusals = new HandshakeRefusals({ sink: handshakeRecorder(poolOf(dataSource), log) });
  closing.push(() => refusals.close());
  return { peers, revocation, refusals, officerAnchors };
}

async function buildExchange(
  config: GatewayConfig,
  dataSource: DataSource,
  peers: PeerRegister,
  log: Logger,
  closing: Closing[],
) {
  const pool = poolOf(dataSource);
  const clock = new ShiftableClock(config.caseClockAt);
  const origin = { gatewayOin: config.oin, gatewayUrl: config.url };
  const signal = new DeliverySignal(config.databaseUrl, log);
  const signer = await ReceiptSigner.from((await readSecretFile(config.receiptKeyFile)).toString('utf8'));
  const register = await RegisterCache.open(
    dataSource,
    clock,
    (kind) => peers.ofKind(kind)[0]?.oin,
    () => log.warn('the register could not be refreshed'),
  );
  closing.push(() => register.close());
  const producer = config.kafka ? new KafkajsProducer({ ...config.kafka, clientId: 'ketenpoort-gateway' }, log) : null;
  const relay = producer ? new Relay(pool, producer, origin, log) : null;
  const dropOne = config.dropOneDelivery ? dropOneDelivery(pool, log) : null;
  const numberer = new Numberer(pool, signal, log, () => (relay?.wake(), signal.raise()), dropOne);
  const deadLetters = new DeadLetters(pool, producer, origin, log);
  const exchange = new Exchange({
    gatewayOin: config.oin,
    receiptKeyId: signer.keyId,
    cipher: new ContentCipher(await readMasterKeys(config.masterKeyFile)),
    indexKey: await readIndexKey(config.indexKeyFile),
    register,
    pool,
    mode: config.mode,
    policy: policyInForce(config.policyDir, clock),
    clock,
    signal,
    signer,
    origin,
  });
  const timers = new TimerLoop(pool, exchange, clock, log);
  await signal.open();
  closing.push(
    () => signal.close(),
    () => relay?.close(),
    () => numberer.close(),
    () => deadLetters.close(),
    () => timers.close(),
  );
  return { exchange, clock, relay, timers };
}

/** A policy that is not yet in force decides nothing: the gateway would refuse or release by tomorrow's rules. */
function policyInForce(dir: string, clock: ShiftableClock): Policy {
  const policy = loadPolicy(dir);
  if (isInForce(policy, localDateOf(clock.now().toISOString()))) return policy;
  const nextStep = 'Put back the version that is in force, or wait until this one is.';
  throw new GatewayStartError([{ cause: `Policy ${policy.version} is not in force today`, nextStep }]);
}

async function serveAgencies(config: GatewayConfig, exchange: Exchange, identity: Identity, log: Logger) {
  const caFiles = [config.tls.caFile, ...(config.officerCaFile ? [config.officerCaFile] : [])];
  const tls = await serverTlsOptions({ certFile: config.tls.certFile, keyFile: config.tls.keyFile, caFiles });
  let gate: PeerGate | null = null;
  const app = await createAgencyServer(GatewayModule.with(exchange), {
    tls,
    log,
    identify: (socket) => {
      if (!gate) throw new Error('a request came in before the gate stood');
      return gate.peerOf(socket);
    },
    onRefusedPeer: async (error, socket, trace) => {
      const certificate = gate?.certificateOf(socket);
      const stranger = certificate
        ? { ...(certificate.oin === null ? {} : { oin: certificate.oin }), thumbprint: certificate.thumbprint }
        : {};
      await exchange.recordRefusal(refusal(stranger, 'connection.use', error, trace.traceparent));
    },
  });
  gate = attachPeerGate(httpsServerOf(app), {
    register: identity.peers,
    revocation: identity.revocation,
    refusals: identity.refusals,
    officerAuthorities: identity.officerAnchors.map((anchor) => anchor.certificate.subject),
  });
  await app.listen(config.port, config.host);
  return app;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
