import 'reflect-metadata';
import { pino } from 'pino';
import { IdentityError } from '#identity/identity-error.js';
import { readConfig } from './config.js';
import { PolicyError } from './policy/policy-error.js';
import { GatewayStartError, type StartProblem } from './start-error.js';
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
    { port: gateway.port, managementPort: gateway.managementPort, kafka: config.kafka !== null },
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

function problemsOf(error: unknown): readonly StartProblem[] {
  if (error instanceof GatewayStartError) return error.problems;
  if (error instanceof IdentityError) return [{ cause: error.detail, nextStep: error.nextStep }];
  if (error instanceof PolicyError)
    return [
      { cause: error.message, nextStep: 'Restore the policy files, or check them with: npm run policy -- check' },
    ];
  if ((error as { code?: unknown }).code === 'EADDRINUSE')
    return [
      { cause: 'A port is in use', nextStep: 'Stop the other process, or set GATEWAY_PORT and MANAGEMENT_PORT.' },
    ];
  return [
    {
      cause: `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`,
      nextStep: 'Report this to the maintainers.',
    },
  ];
}

main().catch((error: unknown) => {
  process.stderr.write('The gateway does not start:\n');
  for (const { cause, nextStep } of problemsOf(error))
    process.stderr.write(`  - ${cause}\n    Next step: ${nextStep}\n`);
  process.exit(EXIT_REFUSED);
});
