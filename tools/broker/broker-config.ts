import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The release that is started for demo and tests. 4.x brokers run on Java 17; 4.4.0 reached Maven Central without one
 * of the artifacts that it depends on, so this is the newest that can be fetched whole.
 */
export const KAFKA_VERSION = '4.3.1';
/** The logging back end that goes with it; `kafka_2.13` leaves the choice to its user. */
export const LOG4J_VERSION = '2.25.4';
export const MIN_JAVA_VERSION = 17;

export interface ToolPaths {
  /** Folder that survives a deleted clone, so that the jars are fetched once a machine. */
  readonly cacheDir: string;
  readonly java: string;
  readonly maven: string;
}

/** Where the tools are: `KETENPOORT_CACHE`, `JAVA_HOME`, and the search path for the rest. */
export function toolPaths(env: NodeJS.ProcessEnv = process.env): ToolPaths {
  return {
    cacheDir: env['KETENPOORT_CACHE'] ?? join(homedir(), '.cache', 'ketenpoort'),
    java: env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java',
    maven: 'mvn',
  };
}

export interface ProvisionConfig {
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly gatewayOin: string;
}

const PROVISION_VARIABLES = {
  databaseUrl: 'DATABASE_URL',
  brokers: 'KAFKA_BROKERS',
  certFile: 'KAFKA_ADMIN_CERT_FILE',
  keyFile: 'KAFKA_ADMIN_KEY_FILE',
  caFile: 'KAFKA_CA_FILE',
  gatewayOin: 'GATEWAY_OIN',
} as const;

/** Settings of `npm run kafka:provision`. Throws naming every variable that is missing. */
export function provisionConfig(env: NodeJS.ProcessEnv = process.env): ProvisionConfig {
  const missing = Object.values(PROVISION_VARIABLES).filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`missing in the environment: ${missing.join(', ')}`);
  const read = (key: keyof typeof PROVISION_VARIABLES) => env[PROVISION_VARIABLES[key]] ?? '';
  return {
    databaseUrl: read('databaseUrl'),
    brokers: read('brokers').split(','),
    certFile: read('certFile'),
    keyFile: read('keyFile'),
    caFile: read('caFile'),
    gatewayOin: read('gatewayOin'),
  };
}
