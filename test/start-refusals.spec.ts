import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { GATEWAY_OIN } from '../tools/demo/roster.js';
import { issueForeignClient } from '../tools/pki/foreign-ca.js';
import { freePort } from '../tools/support/free-port.js';
import { World } from './support/world.js';

jest.setTimeout(60_000);
/** Generous for a loaded machine; what it excludes is a gateway that waits for something. */
const REFUSAL_LIMIT_MS = 20_000;
const DAY_MS = 86_400_000;
const EXIT_REFUSED = 2;

type Changes = Readonly<Record<string, string | undefined>>;

interface Refusal {
  readonly code: number | null;
  readonly stderr: string;
  readonly tookMs: number;
}

let world: World;
let superUrl: string;

beforeAll(async () => {
  world = await World.open();
  superUrl = world.superUrl;
});

afterAll(() => world?.close());

/** Starts the built gateway with these changes of a right environment and waits until it has given up. */
async function attempt(changes: Changes): Promise<Refusal> {
  const ports = { agency: await freePort(), public: await freePort(), management: await freePort() };
  const environment = Object.entries({ ...world.environment(ports), ...changes }).filter(
    ([, value]) => value !== undefined,
  );
  const startedAt = Date.now();
  const child = spawn(process.execPath, ['dist/apps/gateway/src/main.js'], { env: Object.fromEntries(environment) });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const timer = setTimeout(() => child.kill('SIGKILL'), REFUSAL_LIMIT_MS);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code, stderr, tookMs: Date.now() - startedAt };
}

/** It refuses, and names each of these causes with a next step, and no other. */
async function expectRefused(changes: Changes, causes: readonly RegExp[]): Promise<void> {
  const { code, stderr, tookMs } = await attempt(changes);
  expect([code, stderr.split('\n')[0]]).toEqual([EXIT_REFUSED, 'The gateway does not start:']);
  const named = stderr.split('\n').filter((line) => line.startsWith('  - '));
  for (const cause of causes) expect(named).toContainEqual(expect.stringMatching(cause));
  expect(named).toHaveLength(causes.length);
  const steps = stderr.split('\n').filter((line) => /^ {4}Next step: \S/.test(line));
  expect(steps).toHaveLength(causes.length);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(tookMs).toBeLessThan(REFUSAL_LIMIT_MS);
}

function file(name: string, content: string, mode = 0o600): string {
  const path = join(world.folder, name);
  writeFileSync(path, content, { mode });
  chmodSync(path, mode);
  return path;
}

describe('a configuration that is wrong in itself', () => {
  it('is refused with everything that is missing', async () => {
    const required = (
      'GATEWAY_OIN DATABASE_URL TLS_CERT_FILE TLS_KEY_FILE TLS_CA_FILE TLS_CRL_FILE ' +
      'MASTER_KEY_FILE INDEX_KEY_FILE RECEIPT_KEY_FILE LOG_KEY_FILE'
    ).split(' ');
    const unset = Object.fromEntries(required.map((name) => [name, undefined]));
    await expectRefused(
      unset,
      required.map((name) => new RegExp(`${name} is not set`)),
    );
  });

  it('is refused with everything that has no meaning', async () => {
    await expectRefused(
      {
        KETENPOORT_MODE: 'test',
        DATABASE_URL: 'http://localhost/ketenpoort',
        DATABASE_POOL_SIZE: 'many',
        GATEWAY_URL: 'http://localhost:8443',
        GATEWAY_OIN: '123',
        GATEWAY_PORT: '70000',
        CRL_STALE: 'maybe',
        LOG_LEVEL: 'loud',
        CASE_CLOCK_AT: 'tomorrow',
        KAFKA_BROKERS: 'localhost:9092',
        LOG_ORIGIN: 'https://localhost/log',
        LOG_WITNESS_QUORUM: 'most',
        LOG_MAX_LAG_SECONDS: '0',
      },
      [
        /KETENPOORT_MODE has an unknown value/,
        /DATABASE_URL is not a PostgreSQL address/,
        /DATABASE_POOL_SIZE is not/,
        /GATEWAY_URL is not an https address/,
        /GATEWAY_OIN is not an OIN/,
        /GATEWAY_PORT is not a port number/,
        /CRL_STALE has an unknown value/,
        /LOG_LEVEL has an unknown value/,
        /CASE_CLOCK_AT is not an instant/,
        /CASE_CLOCK_AT is set in production/,
        ...['CERT', 'KEY', 'CA'].map((file) => new RegExp(`KAFKA_BROKERS is set, KAFKA_${file}_FILE is not`)),
        /LOG_ORIGIN is not the name of a log/,
        /LOG_WITNESS_QUORUM is not a number/,
        /LOG_MAX_LAG_SECONDS is not a number/,
      ],
    );
  });

  it('never mixes demo and production', async () => {
    const production = { KETENPOORT_MODE: 'production', CASE_CLOCK_AT: '2027-01-01T00:00:00Z' };
    await expectRefused(production, [/test OIN \(00000099\) in production/, /CASE_CLOCK_AT is set in production/]);
    await expectRefused({ GATEWAY_OIN: '00000001234567890000' }, [/real OIN in a demo/]);
  });
});

describe('files that cannot be used', () => {
  it('are named together when they are missing, and the database that is down with them', async () => {
    const missing = join(world.folder, 'no-such-file');
    await expectRefused(
      {
        TLS_KEY_FILE: `${missing}.tls`,
        TLS_CRL_FILE: `${missing}.crl`,
        MASTER_KEY_FILE: `${missing}.master`,
        INDEX_KEY_FILE: `${missing}.index`,
        RECEIPT_KEY_FILE: `${missing}.receipt`,
        LOG_KEY_FILE: `${missing}.log`,
        POLICY_DIR: world.folder,
        DATABASE_URL: `postgresql://ketenpoort_app@127.0.0.1:${await freePort()}/ketenpoort`,
      },
      [
        /tls does not exist/,
        /crl does not exist/,
        /master does not exist/,
        /index does not exist/,
        /receipt does not exist/,
        /log does not exist/,
        /^ {2}- policy /,
        /database cannot be reached \(ECONNREFUSED\)/,
      ],
    );
  });

  it('are named when others can read them', async () => {
    const tlsKey = file('exposed.key', readFileSync(world.pki.files('gateway').keyFile, 'utf8'), 0o644);
    const masterKey = file('exposed.master', 'ab'.repeat(32), 0o640);
    const receiptKey = file('exposed.receipt', readFileSync(world.secrets.receiptKeyFile, 'utf8'), 0o604);
    await expectRefused({ TLS_KEY_FILE: tlsKey, MASTER_KEY_FILE: masterKey, RECEIPT_KEY_FILE: receiptKey }, [
      /exposed\.key can be read by others \(mode 0644\)/,
      /exposed\.master can be read by others \(mode 0640\)/,
      /exposed\.receipt can be read by others \(mode 0604\)/,
    ]);
  });

  it('are named when they do not hold what they should', async () => {
    const foreign = await issueForeignClient(world.folder);
    const policy = join(world.folder, 'policy');
    cpSync('apps/gateway/policy', policy, { recursive: true });
    writeFileSync(join(policy, '2026.1', 'release-table.csv'), 'nonsense\n');
    await expectRefused(
      {
        TLS_KEY_FILE: file('broken.key', '-----BEGIN ' + 'PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'),
        TLS_CRL_FILE: file('broken.crl', readFileSync(foreign.certFile, 'utf8')),
        MASTER_KEY_FILE: file('broken.master', 'not hex at all'),
        INDEX_KEY_FILE: file('broken.index', 'ab'.repeat(16)),
        RECEIPT_KEY_FILE: file('broken.receipt', readFileSync(world.pki.files('ind').keyFile, 'utf8')),
        LOG_KEY_FILE: file('broken.log', readFileSync(world.pki.files('ind').keyFile, 'utf8')),
        POLICY_DIR: policy,
      },
      [
        /broken\.key holds no readable private key/,
        /revocation list/i,
        /broken\.master does not hold 32 bytes in hex/,
        /broken\.index does not hold 32 bytes in hex/,
        /broken\.receipt holds no Ed25519 private key/,
        /broken\.log holds no Ed25519 private key/,
        /policy 2026\.1\/release-table\.csv/,
      ],
    );
  });
});

describe('an identity that would fail at the first handshake', () => {
  const issue = (name: string, more: object) =>
    world.pki.issuePeer({ name, oin: GATEWAY_OIN, title: 'Ketenpoort (proef)', ...more });

  it('C04 is refused: expired, too weak, or with the key of another certificate; and a superuser with it', async () => {
    const expired = await issue('expired', { notBefore: new Date(Date.now() - 30 * DAY_MS), days: 10 });
    const weak = await issue('weak', { keyType: 'RSA-2048' });
    await Promise.all([
      expectRefused({ TLS_CERT_FILE: expired.certFile, TLS_KEY_FILE: expired.keyFile, DATABASE_URL: superUrl }, [
        /expired\.crt expired on /,
        /The database role is a superuser/,
        /BYPASSRLS/,
      ]),
      expectRefused({ TLS_CERT_FILE: weak.certFile, TLS_KEY_FILE: weak.keyFile }, [/weak\.crt: .*2048/]),
      expectRefused({ TLS_KEY_FILE: weak.keyFile }, [/weak\.key does not belong to certificate/]),
    ]);
  });
});

describe('a database role that could rewrite the log', () => {
  it('is refused: the owner', async () => {
    await expectRefused({ DATABASE_URL: world.ownerUrl }, [/The role owns access_record and \d+ more/]);
  });
});

describe('a policy that was changed under its name', () => {
  it('is refused: records name the version, and it must still say what it said', async () => {
    const policies = join(world.folder, 'changed');
    cpSync('apps/gateway/policy', policies, { recursive: true });
    cpSync(join(policies, '2026.1'), join(policies, '2099.1'), { recursive: true });
    const edition = { version: '2099.1', validFrom: '2099-01-01', note: 'proef' };
    writeFileSync(join(policies, '2099.1', 'version.json'), JSON.stringify(edition));
    await world.rows(
      `INSERT INTO policy_version (version, digest, valid_from, record_id, loaded_at)
       VALUES ('2099.1', sha256('before'), '2099-01-01', gen_random_uuid(), now())`,
    );
    await expectRefused({ POLICY_DIR: policies }, [/Policy 2099\.1 was loaded with digest .* changed under its name/]);
  });
});

describe('a port that another process has', () => {
  let server: Server;
  let taken: string;

  beforeAll(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    taken = String((server.address() as { port: number }).port);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('is named, whichever of the three it is', async () => {
    const names = ['GATEWAY_PORT', 'PUBLIC_PORT', 'MANAGEMENT_PORT'];
    const inUse = [new RegExp(`Port ${taken} is in use`)];
    await Promise.all(names.map((name) => expectRefused({ [name]: taken }, inUse)));
  });
});
