import 'reflect-metadata';
import { pino } from 'pino';
import { readConfig } from './config.js';
import { problemsOf } from './start-problems.js';
import { startGateway } from './start.js';

const EXIT_REFUSED = 2;
/** After this the process ends even if something still hangs. */
const STOP_LIMIT_MS = 20_000;

/** The gateway alone, configured by environment (`npm start`). */
async function main(): Promise<void> {
  const config = readConfig(process.env);
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
  const stop = (signal: string): void => {
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    void gateway.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write('The gateway does not start:\n');
  for (const { cause, nextStep } of problemsOf(error))
    process.stderr.write(`  - ${cause}\n    Next step: ${nextStep}\n`);
  process.exit(EXIT_REFUSED);
});
