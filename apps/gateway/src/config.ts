import { fileURLToPath } from 'node:url';
import { isOin, isTestOin } from '#identity/oin.js';
import { accessLogConfig, type AccessLogConfig } from './access-log-config.js';
import { capacityConfig, type CapacityConfig } from './capacity-config.js';
import { otlpConfig, tracesConfig, type OtlpConfig, type TracesConfig } from './otlp-config.js';
import { demoFaults, type DemoFault } from './demo-faults-config.js';
import { GatewayStartError, type StartProblem } from './start-error.js';

/** Everything the gateway is told from outside: read once, checked at once, frozen. */
export interface GatewayConfig {
  readonly mode: 'demo' | 'production';
  readonly oin: string;
  readonly host: string;
  readonly port: number;
  /** Base of `dataref`, e.g. `https://localhost:8443`. */
  readonly url: string;
  /** 0 = any free port; the same for `managementPort`. */
  readonly publicPort: number;
  readonly managementPort: number;
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  readonly tls: {
    readonly certFile: string;
    readonly keyFile: string;
    readonly caFile: string;
    readonly crlFile: string;
  };
  readonly officerCaFile: string | null;
  readonly crlStale: 'refuse' | 'alarm';
  readonly masterKeyFile: string;
  readonly indexKeyFile: string;
  readonly receiptKeyFile: string;
  readonly accessLog: AccessLogConfig;
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly certFile: string;
    readonly keyFile: string;
    readonly caFile: string;
  } | null;
  readonly otlp: OtlpConfig | null;
  readonly capacity: CapacityConfig;
  readonly traces: TracesConfig | null;
  readonly policyDir: string;
  /** What retention erased, noted beside the database; null: none is kept. */
  readonly erasureJournalFile: string | null;
  /** Demo and tests only: the instant at which the case clock starts to run. */
  readonly caseClockAt: string | null;
  readonly logLevel: string;
  /** Demo only: made once each, so that demo and fault tests can show that they notice. */
  readonly demoFaults: readonly DemoFault[];
}

const PROJECT_ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/dist\/$/, '');
export const DEFAULT_POLICY_DIR = `${PROJECT_ROOT}apps/gateway/policy`;

/** Two transactions of each of three kinds at once, the relay, and one to spare for the operator's questions. */
const DATABASE_POOL_SIZE = 8;
const MAX_DATABASE_POOL_SIZE = 100;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment; collects every problem before it refuses (GatewayStartError). */
export function readConfig(env: Environment): GatewayConfig {
  const problems: StartProblem[] = [];
  const required = (name: string, hint: string): string => {
    const value = env[name];
    if (!value) problems.push({ cause: `${name} is not set`, nextStep: hint });
    return value ?? '';
  };
  const port = (name: string, fallback: number): number => {
    const value = Number(env[name] ?? fallback);
    if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
    problems.push({ cause: `${name} is not a port number`, nextStep: `Set ${name} to 0..65535.` });
    return fallback;
  };
  const choice = <T extends string>(name: string, values: readonly T[], fallback: T): T => {
    const value = env[name] ?? fallback;
    const known = values.find((one) => one === value);
    if (known === undefined)
      problems.push({ cause: `${name} has an unknown value`, nextStep: `Use one of: ${values.join(', ')}.` });
    return known ?? fallback;
  };
  const mode = choice('KETENPOORT_MODE', ['demo', 'production'], 'production');
  const gatewayPort = port('GATEWAY_PORT', 8443);
  const gatewayUrl = baseUrl(env.GATEWAY_URL ?? `https://localhost:${gatewayPort}`, problems);
  const config: GatewayConfig = {
    mode,
    oin: ownOin(env, mode, problems),
    host: env.GATEWAY_HOST ?? '0.0.0.0',
    port: gatewayPort,
    url: gatewayUrl,
    publicPort: port('PUBLIC_PORT', 8444),
    managementPort: port('MANAGEMENT_PORT', 9464),
    databaseUrl: databaseUrl(env, problems),
    databasePoolSize: poolSize(env, problems),
    tls: {
      certFile: required('TLS_CERT_FILE', 'Point it to the server certificate (PEM).'),
      keyFile: required('TLS_KEY_FILE', 'Point it to the private key of the server certificate (PEM, mode 0600).'),
      caFile: required('TLS_CA_FILE', 'Point it to the trust anchors of the peers (PEM).'),
      crlFile: required('TLS_CRL_FILE', 'Point it to the revocation lists of those trust anchors.'),
    },
    officerCaFile: env.OFFICER_CA_FILE ?? null,
    crlStale: choice('CRL_STALE', ['refuse', 'alarm'], 'refuse'),
    masterKeyFile: required('MASTER_KEY_FILE', 'Point it to a file with 32 bytes in hex, mode 0600.'),
    indexKeyFile: required('INDEX_KEY_FILE', 'Point it to a file with 32 bytes in hex, mode 0600.'),
    receiptKeyFile: required('RECEIPT_KEY_FILE', 'Point it to an Ed25519 private key (PKCS#8 PEM, mode 0600).'),
    accessLog: accessLogConfig(env, gatewayUrl, problems),
    kafka: kafkaConfig(env, problems),
    otlp: otlpConfig(env, problems),
    capacity: capacityConfig(env, problems),
    traces: tracesConfig(env, problems),
    policyDir: env.POLICY_DIR ?? DEFAULT_POLICY_DIR,
    erasureJournalFile: env.ERASURE_JOURNAL_FILE ?? null,
    caseClockAt: caseClock(env, mode, problems),
    logLevel: choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    demoFaults: demoFaults(env, mode, problems),
  };
  if (problems.length > 0) throw new GatewayStartError(problems);
  return Object.freeze(config);
}

/** Demo and production do not mix (design 7): a test OIN belongs in the one and nowhere else. */
function ownOin(env: Environment, mode: string, problems: StartProblem[]): string {
  const oin = env.GATEWAY_OIN ?? '';
  const nextStep = 'Set it to the OIN of the organisation that runs the gateway (20 positions).';
  if (oin === '') problems.push({ cause: 'GATEWAY_OIN is not set', nextStep });
  else if (!isOin(oin)) problems.push({ cause: 'GATEWAY_OIN is not an OIN', nextStep });
  else if (isTestOin(oin) && mode === 'production')
    problems.push({ cause: 'GATEWAY_OIN is a test OIN (00000099) in production', nextStep });
  else if (!isTestOin(oin) && mode === 'demo')
    problems.push({ cause: 'GATEWAY_OIN is a real OIN in a demo', nextStep: 'Use a test OIN (00000099) here.' });
  return oin;
}

/** What `dataref` begins with: agencies reach it over mutual TLS only. */
function baseUrl(value: string, problems: StartProblem[]): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol !== 'https:' || url.search !== '' || url.hash !== '' || url.username !== '') {
    const nextStep = 'Set GATEWAY_URL to https://<name in the server certificate>:<port>.';
    problems.push({ cause: 'GATEWAY_URL is not an https address', nextStep });
  }
  return value.replace(/\/$/, '');
}

function poolSize(env: Environment, problems: StartProblem[]): number {
  const size = Number(env.DATABASE_POOL_SIZE ?? DATABASE_POOL_SIZE);
  if (Number.isInteger(size) && size >= 4 && size <= MAX_DATABASE_POOL_SIZE) return size;
  const cause = 'DATABASE_POOL_SIZE is not a number of connections that works';
  problems.push({ cause, nextStep: `Set it to 4..${MAX_DATABASE_POOL_SIZE}, or leave it out.` });
  return DATABASE_POOL_SIZE;
}

function databaseUrl(env: Environment, problems: StartProblem[]): string {
  const value = env.DATABASE_URL;
  const nextStep = 'Set DATABASE_URL to postgresql://<app role>:<password>@<host>:<port>/<database>.';
  if (!value) problems.push({ cause: 'DATABASE_URL is not set', nextStep });
  else if (!URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol)) {
    problems.push({ cause: 'DATABASE_URL is not a PostgreSQL address', nextStep });
  }
  return value ?? '';
}

function kafkaConfig(env: Environment, problems: StartProblem[]): GatewayConfig['kafka'] {
  if (!env.KAFKA_BROKERS) return null;
  const file = (name: string): string => {
    const value = env[name];
    if (!value)
      problems.push({
        cause: `KAFKA_BROKERS is set, ${name} is not`,
        nextStep: 'Brokers are reached over mutual TLS only.',
      });
    return value ?? '';
  };
  const brokers = env.KAFKA_BROKERS.split(',').map((one) => one.trim());
  return { brokers, certFile: file('KAFKA_CERT_FILE'), keyFile: file('KAFKA_KEY_FILE'), caFile: file('KAFKA_CA_FILE') };
}

function caseClock(env: Environment, mode: string, problems: StartProblem[]): string | null {
  const value = env.CASE_CLOCK_AT;
  if (!value) return null;
  if (mode !== 'demo')
    problems.push({
      cause: 'CASE_CLOCK_AT is set in production',
      nextStep: 'Unset it: only a demo may shift the case clock.',
    });
  if (Number.isNaN(Date.parse(value)))
    problems.push({ cause: 'CASE_CLOCK_AT is not an instant', nextStep: 'Use RFC 3339.' });
  return value;
}
