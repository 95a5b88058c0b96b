import 'reflect-metadata';
import cluster from 'node:cluster';
import type { AddressInfo } from 'node:net';
import { pino, type Logger } from 'pino';
import { readConfig, type GatewayConfig } from './config.js';
import { problemsOf } from './start-problems.js';

const EXIT_FAILED = 1;
const EXIT_REFUSED = 2;
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The gateway, configured by environment (`npm start`): one process, or with GATEWAY_WORKERS several on one port. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const worker = cluster.isWorker ? { worker: process.env.GATEWAY_WORKER } : {};
  const log = pino({ level: config.logLevel, base: { service: 'ketenpoort-gateway', ...worker } });
  if (cluster.isWorker) await serveAsWorker(config, log);
  else if (config.capacity.workers > 1) await serveWithWorkers(config, log);
  else await serveAlone(config, log);
}

// What serves is loaded only once it is needed: a wrong configuration is refused at once, and a primary stays small.
async function serveAlone(config: GatewayConfig, log: Logger): Promise<void> {
  const stopped = stopSignal();
  const { startGateway } = await import('./start.js');
  const { ownPlace } = await import('./workers/place.js');
  const { startManagementServer } = await import('./management-server.js');
  const gateway = await startGateway(config, log, ownPlace(config.caseClockAt));
  // Last: it says that the gateway is ready.
  const server = await startManagementServer(config.managementPort, gateway.management);
  const managementPort = (server.address() as AddressInfo).port;
  const { port, publicPort } = gateway;
  log.info({ port, publicPort, managementPort, kafka: config.kafka !== null }, 'gateway ready');
  log.info({ signal: await stopped }, 'stopping');
  await endWithin(config.capacity.stopLimitMs, () => gateway.close());
}

async function serveWithWorkers(config: GatewayConfig, log: Logger): Promise<void> {
  const stopped = stopSignal();
  const { Primary } = await import('./workers/primary.js');
  const { WorkerRefused } = await import('./workers/worker-pool.js');
  const giveUp = (): void => process.exit(EXIT_FAILED);
  const primary = await Primary.start(config, log, giveUp).catch((error: unknown) => {
    // It has said why itself.
    if (error instanceof WorkerRefused) process.exit(error.end.code ?? EXIT_FAILED);
    throw error;
  });
  process.on('SIGHUP', () => void primary.restart());
  const { managementPort } = primary;
  log.info({ workers: config.capacity.workers, managementPort, kafka: config.kafka !== null }, 'gateway ready');
  log.info({ signal: await stopped }, 'stopping');
  // Each worker is held to its own limit.
  await primary.close();
  process.exit(0);
}

async function serveAsWorker(config: GatewayConfig, log: Logger): Promise<void> {
  // A terminal tells all its processes that it is gone; to the workers it means nothing.
  process.on('SIGHUP', () => undefined);
  const { WorkerChannel } = await import('./workers/worker-channel.js');
  let asked = (): void => undefined;
  const askedToStop = new Promise<void>((resolve) => (asked = resolve));
  const channel = await WorkerChannel.open(asked);
  const stopped = stopSignal();
  const { startGateway } = await import('./start.js');
  const gateway = await startGateway(config, log, channel.place);
  channel.ready(gateway.management);
  log.info({ port: gateway.port, publicPort: gateway.publicPort }, 'worker ready');
  await Promise.race([askedToStop, stopped.then(() => channel.leaving())]);
  await endWithin(config.capacity.stopLimitMs, async () => {
    await gateway.close();
    await channel.end();
  });
}

async function endWithin(limitMs: number, close: () => Promise<void>): Promise<void> {
  setTimeout(() => process.exit(EXIT_FAILED), limitMs).unref();
  await close().then(
    () => process.exit(0),
    () => process.exit(EXIT_FAILED),
  );
}

/** The first signal that asks to stop. Listened for from the beginning: one that comes during the start counts too. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of STOP_SIGNALS) process.once(name, resolve);
  });
}

main().catch((error: unknown) => {
  process.stderr.write('The gateway does not start:\n');
  for (const { cause, nextStep } of problemsOf(error))
    process.stderr.write(`  - ${cause}\n    Next step: ${nextStep}\n`);
  process.exit(EXIT_REFUSED);
});
