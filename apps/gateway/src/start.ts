import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { ShiftableClock } from './clock.js';
import type { Closing } from './closing.js';
import type { GatewayConfig } from './config.js';
import { DeliverySignal } from './delivery/delivery-signal.js';
import { exportViews } from './audit/views/export-views.js';
import { refusal } from './exchange/exchange.js';
import { GatewayModule, type GatewayParts } from './gateway.module.js';
import { createAgencyServer, httpsServerOf } from './http/agency-server.js';
import { Drain } from './http/drain.js';
import type { ManagementParts } from './management-server.js';
import { METRICS } from './metrics/gateway-metrics.js';
import { attachPeerGate, type PeerGate } from './peers/peer-gate.js';
import { AccessLog } from './access-log/log/access-log.js';
import { recordPolicyVersions } from './access-log/policy-versions.js';
import { recordMaker } from './access-log/record-maker.js';
import { recordTerms } from './retention/terms.js';
import { startPublicServer } from './public/public-server.js';
import { openAudit } from './start-audit.js';
import { buildExchange, policyInForce } from './start-exchange.js';
import { openIdentity, type Identity } from './start-identity.js';
import { readFigures } from './start-metrics.js';
import { startTracing } from './start-tracing.js';
import { openReports } from './start-reports.js';
import { followCertificates } from './start-listeners.js';
import { gatherMaterials, type StartMaterials } from './start-materials.js';
import { keepPartitionsAhead } from './storage/partitions.js';
import { poolOf } from './storage/pool-of.js';
import type { Place } from './workers/place.js';

export interface RunningGateway {
  readonly port: number;
  readonly publicPort: number;
  /** What the management listener answers with, wherever that is. */
  readonly management: ManagementParts;
  /** Stops taking, finishes what runs, flushes, closes; in this order. */
  close(): Promise<void>;
}

/** Builds the gateway from its configuration and listens. Rejects with cause and next step when it may not start. */
export async function startGateway(config: GatewayConfig, log: Logger, place: Place): Promise<RunningGateway> {
  const closing: Closing[] = [];
  let stopping = false;
  const close = async (): Promise<void> => {
    stopping = true;
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const { clock, ticketKeys } = place;
    const materials = await gatherMaterials(config, clock);
    const { dataSource } = materials;
    const noPartitions = (): void => log.error('the next monthly partitions could not be made');
    closing.push(() => dataSource.destroy(), keepPartitionsAhead(dataSource, noPartitions));
    const makeRecord = recordMaker(() => recordTerms(policyInForce(materials, clock)));
    await recordPolicyVersions(poolOf(dataSource), makeRecord, materials.policies.versions);
    const signal = new DeliverySignal(config.databaseUrl, log);
    // Closed after everything that writes records.
    const accessLog = await openAccessLog(config, materials, signal, log);
    closing.push(() => accessLog.close());
    closing.push(startTracing(config));
    const views = exportViews(config.otlp, poolOf(dataSource), () => policyInForce(materials, clock), log);
    closing.push(() => views?.close());
    const identity = await openIdentity(config, materials, makeRecord, ticketKeys.agencies, log, closing);
    const sources = { config, materials, makeRecord, clock, signal, log };
    const { exchange } = await buildExchange(sources, identity.peers, closing);
    const audit = await openAudit(config, materials, { makeRecord, clock, peers: identity.peers }, closing);
    const app = await serveAgencies(
      config,
      materials,
      { exchange, accessLog, audit, reports: openReports(sources, audit) },
      identity,
      log,
    );
    closing.push(() => exchange.close());
    const publicServer = await servePublic(config, materials, accessLog);
    const agencies = { server: httpsServerOf(app), ticketKeys: ticketKeys.agencies };
    const listeners = [agencies, { server: publicServer, ticketKeys: ticketKeys.public }];
    const drains = listeners.map(({ server }) => new Drain(server));
    closing.push(
      () => app.close(),
      async () => void (await Promise.all(drains.map((one) => one.drain(config.capacity.lingerMs)))),
      () => exchange.stopWaiting(),
    );
    const { revocation } = identity;
    closing.push(followCertificates(materials.listening, listeners, revocation, log));
    readFigures({ config, pool: poolOf(dataSource), exchange, accessLog, revocation, views }, closing);
    const trouble = (): Promise<string | null> =>
      dataSource.query('SELECT 1').then(
        () => accessLog.health.trouble,
        () => 'the database does not answer',
      );
    return {
      port: portOf(httpsServerOf(app)),
      publicPort: portOf(publicServer),
      management: {
        trouble: () => (stopping ? Promise.resolve('the gateway is stopping') : trouble()),
        metrics: (wanted) => METRICS.snapshot(wanted),
        shiftCaseClock: config.mode === 'demo' ? (instant) => shifted(clock, instant) : null,
      },
      close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

function openAccessLog(
  { accessLog }: GatewayConfig,
  { dataSource, logKey: key }: StartMaterials,
  signal: DeliverySignal,
  log: Logger,
): Promise<AccessLog> {
  const { origin, witnessQuorum: quorum, maxLagSeconds } = accessLog;
  const onWork = (listener: () => void): (() => void) => signal.onWork(listener);
  return AccessLog.open({ pool: poolOf(dataSource), key, origin, quorum, maxLagSeconds, log, onWork });
}

function servePublic(
  { publicPort: port, host, url: gatewayUrl }: GatewayConfig,
  { listening, signer }: StartMaterials,
  { readPart: readLog }: AccessLog,
): Promise<Server> {
  const documents = { gatewayUrl, readLog, receiptKeys: signer.publicJwks };
  return startPublicServer({ port, host, ...documents, tls: listening.current.tls });
}

async function serveAgencies(
  config: GatewayConfig,
  { listening }: StartMaterials,
  parts: GatewayParts,
  identity: Identity,
  log: Logger,
) {
  let gate: PeerGate | null = null;
  const app = await createAgencyServer(GatewayModule.with(parts), {
    tls: listening.current.tls,
    log,
    requestsPerSecond: config.capacity.peerRequestsPerSecond,
    refusalOfWork: () => parts.accessLog.health.refusal(),
    identify: (socket) => standing(gate).peerOf(socket),
    identifyOfficer: (socket) => standing(gate).officerOf(socket),
    onRefusedPeer: async (error, socket, trace) => {
      const certificate = gate?.certificateOf(socket);
      const stranger = certificate
        ? { ...(certificate.oin === null ? {} : { oin: certificate.oin }), thumbprint: certificate.thumbprint }
        : {};
      await parts.exchange.recordRefusal(refusal(stranger, 'connection.use', error, trace));
    },
  });
  gate = attachPeerGate(httpsServerOf(app), {
    register: identity.peers,
    revocation: identity.revocation,
    refusals: identity.refusals,
    officerAuthorities: () => listening.current.officerAnchors.map((anchor) => anchor.certificate.subject),
  });
  await app.listen(config.port, config.host);
  return app;
}

function standing(gate: PeerGate | null): PeerGate {
  if (!gate) throw new Error('a request came in before the gate stood');
  return gate;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function shifted(clock: ShiftableClock, instant: string): Promise<string> {
  clock.shiftTo(instant);
  return Promise.resolve(clock.now().toISOString());
}
