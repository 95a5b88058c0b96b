import { fileURLToPath } from 'node:url';
import { Generator } from '../load/generator.js';
import { Bed } from './bed/bed.js';
import { measureAccept } from './measures/accept.js';
import { readOptions, USAGE } from './options.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist\/$/, '');

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const startedAt = Date.now();
  const say = (line: string): void =>
    void process.stderr.write(`[${((Date.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s] ${line}\n`);
  const bed = await Bed.open(ROOT, say);
  const generator = new Generator();
  bed.defer('load generator', () => generator.close());
  const stop = (): void => void bed.close().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  try {
    const section = await measureAccept({ bed, options, generator, say });
    process.stdout.write(`${JSON.stringify(section, null, 1)}\n`);
    return 0;
  } finally {
    await bed.close();
  }
}

main()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
