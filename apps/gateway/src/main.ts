import 'reflect-metadata';
import { pino } from 'pino';
import { readConfig } from './config.js';
import { problemsOf } from './start-problems.js';

const EXIT_REFUSED = 2;
/** After this the process ends even if something still hangs. */
const STOP_LIMIT_MS = 20_000;

/** The gateway alone, configured by environment (`npm start`). */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const stopped = stopSignal();
  // Loaded only now: a wrong configuration is then refused at once, without waiting for everything that serves.
  const { startGateway } = await import('./start.js');
  const log = pino({ level: config.logLevel, base: { service: 'ketenpoort-gateway' } });
  const gateway = await startGateway(config, log);
  log.info(
    {
      port: gateway.port,
      publicPort: gateway.publicPort,
      managementPort: gateway.managementPort,
      kafka: config.kafka !== null,
    },
    'gateway ready',
  );
  log.info({ signal: await stopped }, 'stopping');
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  await gateway.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

/** The first signal that asks to stop. Listened for from the beginning: one that comes during the start counts too. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
  });
}

main().catch((error: unknown) => {
  process.stderr.write('The gateway does not start:\n');
  for (const { cause, nextStep } of problemsOf(error))
    process.stderr.write(`  - ${cause}\n    Next step: ${nextStep}\n`);
  process.exit(EXIT_REFUSED);
});
