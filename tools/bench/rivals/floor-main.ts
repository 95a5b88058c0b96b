import 'reflect-metadata';
import cluster from 'node:cluster';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  BadRequestException,
  Body,
  Controller,
  HttpCode,
  Module,
  Post,
  ServiceUnavailableException,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { validateEnvelope, validatePayload } from '#contracts/validate.js';

/**
 * The bare insert floor (design 12): what a server of the same make pays that keeps one record and one outbox row of each
 * request before it answers. Nest on Fastify, TLS with client certificates, JSON judged against its contract by Ajv, one
 * commit for all requests that arrived meanwhile, and nothing else: nobody is looked up, nothing is decided, encrypted or
 * signed. Run with: port, certificate, key, authority (files), database address, number of processes.
 */
const [port = '', certFile = '', keyFile = '', caFile = '', databaseUrl = '', processes = '1'] = process.argv.slice(2);
/** As the gateway's. */
const LIMITS = { batch: 64, inFlight: 2 };
const RECORD_BYTES = 800;
const DIGEST_BYTES = 32;

const pool = new pg.Pool({ connectionString: databaseUrl, max: LIMITS.inFlight });
const makeTables = () =>
  pool.query(`
  CREATE TABLE IF NOT EXISTS record (id uuid PRIMARY KEY, at timestamptz NOT NULL, canonical bytea NOT NULL, digest bytea NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox (id uuid PRIMARY KEY, recipient text NOT NULL, body bytea NOT NULL, at timestamptz NOT NULL)`);

const INSERT = {
  name: 'floor',
  text: `WITH r AS (INSERT INTO record SELECT i, now(), c, d FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS t(i, c, d))
    INSERT INTO outbox SELECT i, '00000099000000000101', b, now() FROM unnest($1::uuid[], $4::bytea[]) AS t(i, b)`,
};
const record = randomBytes(RECORD_BYTES);
const digest = randomBytes(DIGEST_BYTES);

interface Waiting {
  readonly id: string;
  readonly body: Buffer;
  readonly settle: (kept: boolean) => void;
}
const waiting: Waiting[] = [];
let inFlight = 0;

function work(): void {
  while (inFlight < LIMITS.inFlight && waiting.length > 0) {
    const batch = waiting.splice(0, LIMITS.batch);
    inFlight += 1;
    const values = [
      batch.map(({ id }) => id),
      batch.map(() => record),
      batch.map(() => digest),
      batch.map(({ body }) => body),
    ];
    // One statement is one transaction.
    void pool
      .query({ ...INSERT, values })
      .then(
        () => true,
        () => false,
      )
      .then((kept) => {
        for (const one of batch) one.settle(kept);
        inFlight -= 1;
        work();
      });
  }
}

@Controller('v1/messages')
class Messages {
  @Post()
  @HttpCode(202)
  async keep(@Body() event: { readonly data?: unknown }): Promise<{ readonly messageId: string }> {
    if (validateEnvelope(event).length > 0 || validatePayload({ id: 'M08' }, event.data).length > 0)
      throw new BadRequestException();
    const id = randomUUID();
    const kept = await new Promise<boolean>((settle) => {
      waiting.push({ id, body: Buffer.from(JSON.stringify(event)), settle });
      work();
    });
    if (!kept) throw new ServiceUnavailableException();
    return { messageId: id };
  }
}

@Module({ controllers: [Messages] })
class Floor {}

async function serve(): Promise<void> {
  const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) };
  const adapter = new FastifyAdapter({
    https: { ...tls, requestCert: true, rejectUnauthorized: true },
    keepAliveTimeout: 65_000,
  });
  adapter
    .getInstance()
    .addContentTypeParser('application/cloudevents+json', { parseAs: 'string' }, (_request, body, done) => {
      try {
        done(null, JSON.parse(body as string));
      } catch (error) {
        done(error as Error);
      }
    });
  const app = await NestFactory.create<NestFastifyApplication>(Floor, adapter, { logger: false, bodyParser: false });
  await app.listen(Number(port), '127.0.0.1');
}

/** In as many processes on one port as the gateway it is compared with. */
if (cluster.isPrimary) {
  await makeTables();
  const listening = Array.from({ length: Number(processes) }, () => once(cluster.fork(), 'listening'));
  await Promise.all(listening);
  process.stdout.write('ready\n');
} else {
  await serve();
}
process.once('SIGTERM', () => process.exit(0));
