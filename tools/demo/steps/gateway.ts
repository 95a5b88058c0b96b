import { join } from 'node:path';
import { writeAtomically } from '../../pki/private-files.js';
import type { DemoPaths } from '../paths.js';
import type { DemoPorts } from '../ports.js';
import { GATEWAY_OIN } from '../roster.js';
import { answers } from '../http-json.js';
import { type Service, startService } from '../service.js';
import type { Broker } from './broker.js';
import type { Credentials } from './certificates.js';
import { LOG_ORIGIN } from './witnesses.js';

export interface GatewayUrls {
  readonly url: string;
  readonly publicUrl: string;
  readonly managementUrl: string;
}

export interface GatewayRequest {
  readonly paths: DemoPaths;
  readonly ports: DemoPorts;
  readonly credentials: Credentials;
  /** Application role. */
  readonly databaseUrl: string;
  readonly broker: Broker | null;
}

export function gatewayUrls(ports: DemoPorts): GatewayUrls {
  return {
    url: `https://localhost:${ports.gateway.agency}`,
    publicUrl: `https://localhost:${ports.gateway.public}`,
    managementUrl: `http://127.0.0.1:${ports.gateway.management}`,
  };
}

export async function startGateway(request: GatewayRequest, report: (text: string) => void): Promise<Service> {
  const { managementUrl } = gatewayUrls(request.ports);
  const env = gatewayEnvironment(request, process.env);
  await writeSettings(request.paths, env);
  return startService(
    request.paths,
    {
      name: 'gateway',
      script: request.paths.built('gateway'),
      args: [],
      env,
      isReady: () => answers(`${managementUrl}/health/ready`, [200]),
    },
    report,
  );
}

/** The settings as NAME=value lines for `npm run doctor`, and for whoever wants to look into the demo's database. */
async function writeSettings(paths: DemoPaths, env: NodeJS.ProcessEnv): Promise<void> {
  const lines = Object.entries(env).flatMap(([name, value]) => (name === 'PATH' ? [] : [`${name}=${value ?? ''}\n`]));
  await writeAtomically(join(paths.run, 'gateway.env'), lines.join(''), 0o600);
}

/** What passes through from outside: a fault to show, a shifted case clock, how many work, who watches how closely. */
const PASSED_ON: readonly string[] = [
  'DEMO_FAULT',
  'CASE_CLOCK_AT',
  'GATEWAY_WORKERS',
  'LOG_LEVEL',
  'TRACES_ENDPOINT',
  'TRACES_CA_FILE',
  'TRACES_SAMPLE_RATIO',
  'OTLP_ENDPOINT',
  'OTLP_CA_FILE',
  'PATH',
];

/** What the gateway is told. @param outside the environment, of which `PASSED_ON` alone is taken */
export function gatewayEnvironment(request: GatewayRequest, outside: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { ports, broker } = request;
  const { pki, secrets } = request.credentials;
  const { certFile, keyFile } = pki.files('gateway');
  const passed = PASSED_ON.flatMap((name) => {
    const value = outside[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    KETENPOORT_MODE: 'demo',
    GATEWAY_OIN,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(ports.gateway.agency),
    GATEWAY_URL: gatewayUrls(ports).url,
    PUBLIC_PORT: String(ports.gateway.public),
    MANAGEMENT_PORT: String(ports.gateway.management),
    DATABASE_URL: request.databaseUrl,
    TLS_CERT_FILE: certFile,
    TLS_KEY_FILE: keyFile,
    TLS_CA_FILE: pki.caFile,
    TLS_CRL_FILE: pki.crlFile,
    OFFICER_CA_FILE: pki.officerCaFile,
    CRL_STALE: 'alarm',
    MASTER_KEY_FILE: secrets.masterKeyFile,
    INDEX_KEY_FILE: secrets.indexKeyFile,
    RECEIPT_KEY_FILE: secrets.receiptKeyFile,
    LOG_KEY_FILE: secrets.logKeyFile,
    LOG_ORIGIN,
    // All clients stop with it.
    STOP_LINGER_SECONDS: '0',
    ...(broker
      ? {
          KAFKA_BROKERS: broker.brokers.join(','),
          KAFKA_CERT_FILE: certFile,
          KAFKA_KEY_FILE: keyFile,
          KAFKA_CA_FILE: pki.caFile,
        }
      : {}),
  };
}
