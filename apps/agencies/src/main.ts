import 'reflect-metadata';
import { readAgenciesConfig } from './config.js';
import { createApp } from './create-app.js';
import { Hiccups } from './system/hiccups.js';
import { Systems } from './system/systems.js';

/** Simulated agency systems, for demo and tests only: `node main.js <config.json>`. Prints one line when it listens. */
async function main(): Promise<void> {
  const path = process.argv[2];
  if (!path) throw new Error('usage: node main.js <config.json>');
  const config = readAgenciesConfig(path);
  const systems = await Systems.open(config, (line) => console.error(line));
  const app = await createApp(systems, new Hiccups(config.hiccupShare));
  await app.listen(config.port, '127.0.0.1');
  const stop = (): void => {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    // In this order: no new messages, then finish what is under way, then close the books.
    void app.close().then(() => systems.close());
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  console.log(JSON.stringify({ listening: await app.getUrl(), systems: systems.all().map((system) => system.name) }));
}

main().catch((error: unknown) => {
  console.error(`agencies: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
