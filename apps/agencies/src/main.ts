import 'reflect-metadata';
import { BadRequestException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AgenciesModule } from './agencies.module.js';
import { type AgenciesConfig, readAgenciesConfig } from './config.js';
import { Hiccups } from './system/hiccups.js';
import { Systems } from './system/systems.js';

const BODY_LIMIT_BYTES = 512 * 1024;

/** Simulated agency systems, for demo and tests only: `node main.js <config.json>`. Prints one line when it listens. */
async function main(): Promise<void> {
  const path = process.argv[2];
  if (!path) throw new Error('usage: node main.js <config.json>');
  const config = readAgenciesConfig(path);
  const systems = await Systems.open(config, (line) => console.error(line));
  const app = await listen(config, systems);
  console.log(JSON.stringify({ listening: await app.getUrl(), systems: systems.all().map((system) => system.name) }));
  const stop = (): void => {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    // In this order: no new messages, then finish what is under way, then close the books.
    void app.close().then(() => systems.close());
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

async function listen(config: AgenciesConfig, systems: Systems): Promise<NestFastifyApplication> {
  const module = AgenciesModule.with(systems, new Hiccups(config.hiccupShare));
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: ['error', 'warn'] });
  app.useBodyParser('application/cloudevents+json', { bodyLimit: BODY_LIMIT_BYTES }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body.toString('utf8')));
    } catch {
      done(new BadRequestException('not JSON'));
    }
  });
  await app.listen(config.port, '127.0.0.1');
  return app;
}

main().catch((error: unknown) => {
  console.error(`agencies: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
