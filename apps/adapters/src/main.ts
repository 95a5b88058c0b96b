import 'reflect-metadata';
import { CONTRACTS } from '#contracts/catalogue.js';
import { Adapter } from './adapter.js';
import { ConfigError } from './config/config.js';
import { loadConfig } from './config/read-config.js';
import { contractBook } from './contract-book.js';
import { createLog } from './log.js';

const HELP = `ketenpoort adapter: connects the systems of an agency to the gateway

  node dist/apps/adapters/src/main.js <config.json> [<config.json> ...]

One configuration file per agency; several files run several agencies in this process.
Prints 'adapter ready <name> <local address>' per agency. SIGTERM or Ctrl-C stops in order.
See docs/adapter-guide.md.
`;

/** Longer than the limits of one adapter's stop together: whatever hangs after that is not worth waiting for. */
const STOP_LIMIT_MS = 25_000;

async function startAll(files: readonly string[]): Promise<readonly Adapter[]> {
  // All configurations first: a mistake in the last one should not show after the first has begun to work.
  const loaded = await Promise.all(files.map((file) => loadConfig(file, CONTRACTS)));
  const adapters: Adapter[] = [];
  for (const one of loaded) {
    const adapter = await Adapter.create(one, contractBook, createLog(one.config.name, one.config.logLevel));
    adapters.push(adapter);
    process.stdout.write(`adapter ready ${one.config.name} ${await adapter.start()}\n`);
  }
  return adapters;
}

/** A signal that comes while they start is followed once they have. */
function stopOnSignal(starting: Promise<readonly Adapter[]>): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    starting
      .then((adapters) => Promise.all(adapters.map((one) => one.stop())))
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.length === 0) {
    process.stdout.write(HELP);
    process.exitCode = args.length === 0 ? 2 : 0;
    return;
  }
  try {
    const starting = startAll(args);
    stopOnSignal(starting);
    await starting;
  } catch (error) {
    const reason =
      error instanceof ConfigError
        ? error.message
        : `cannot start: ${error instanceof Error ? error.message : 'unknown error'}`;
    process.stderr.write(`${reason}\n`);
    process.exit(1);
  }
}

await main(process.argv.slice(2));
