import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import pg from 'pg';

/**
 * The bare insert floor: what any server in Node pays that keeps one record and one outbox row of each request before it
 * answers. TLS with client certificates, one commit for all requests that arrived meanwhile, nothing else. Run with:
 * port, certificate, key, authority (files), database address.
 */
const [port = '', certFile = '', keyFile = '', caFile = '', databaseUrl = ''] = process.argv.slice(2);
/** As the gateway's. */
const LIMITS = { batch: 64, inFlight: 2 };
const RECORD_BYTES = 800;
const DIGEST_BYTES = 32;

const pool = new pg.Pool({ connectionString: databaseUrl, max: LIMITS.inFlight });
await pool.query(`
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
  readonly answer: (status: number) => void;
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
        () => 202,
        () => 503,
      )
      .then((status) => {
        for (const one of batch) one.answer(status);
        inFlight -= 1;
        work();
      });
  }
}

const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) };
const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const id = randomUUID();
    const answer = (status: number): void => {
      const body = JSON.stringify({ messageId: id });
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
    };
    waiting.push({ id, body: Buffer.concat(chunks), answer });
    work();
  });
});
server.keepAliveTimeout = 65_000;
server.listen(Number(port), '127.0.0.1', () => void process.stdout.write('ready\n'));
process.once('SIGTERM', () => process.exit(0));
