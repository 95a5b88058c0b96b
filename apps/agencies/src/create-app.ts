import { BadRequestException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AgenciesModule } from './agencies.module.js';
import type { Hiccups } from './system/hiccups.js';
import type { Systems } from './system/systems.js';

/** More than the gateway lets pass, so that no content is refused here for its size. */
const BODY_LIMIT_BYTES = 512 * 1024;

/** The HTTP side of the systems, not yet listening. */
export async function createApp(systems: Systems, hiccups: Hiccups): Promise<NestFastifyApplication> {
  const module = AgenciesModule.with(systems, hiccups);
  // Adapters keep their connections open: stopping must not wait for them.
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: ['error', 'warn'] });
  app.useBodyParser('application/cloudevents+json', { bodyLimit: BODY_LIMIT_BYTES }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body.toString('utf8')));
    } catch {
      done(new BadRequestException('not JSON'));
    }
  });
  return app;
}
