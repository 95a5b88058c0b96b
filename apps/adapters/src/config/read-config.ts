import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Contract } from '#contracts/contract.js';
import { readCertificate } from '#identity/certificate.js';
import { IdentityError } from '#identity/identity-error.js';
import { readPublicFile, readSecretFile } from '#identity/key-file.js';
import { RotatingFiles } from '#identity/rotating-files.js';
import { clientTlsOptions } from '#identity/tls-options.js';
import { DEFAULT_LOG, type LoadedLog } from '../witness/log-settings.js';
import { readLogSettings } from '../witness/read-log-settings.js';
import { CONFIG_SCHEMA } from './config-schema.js';
import { ConfigError, DEFAULT_DELIVERY, type AdapterConfig } from './config.js';
import { purposeProblems } from './purpose-check.js';

/** Shorter can be guessed; `openssl rand -hex 32` gives 64. */
const SECRET_MIN_LENGTH = 32;

/** A configuration with what its files hold. */
export interface LoadedConfig {
  /** Path of the configuration file, for messages to the operator. */
  readonly file: string;
  readonly config: AdapterConfig;
  /** Towards the gateway; its files may be replaced while the adapter runs. */
  readonly tls: RotatingFiles<ConnectionOptions>;
  /** Shared with the agency's system for the local interface. */
  readonly secret: string;
  readonly webhookCa?: Buffer;
  /** Null: the configuration names no log. */
  readonly log: LoadedLog | null;
}

type Problem = ConfigError['problems'][number];

const validate = new Ajv2020({ allErrors: true, discriminator: true, strict: false, validateSchema: false }).compile(
  CONFIG_SCHEMA,
);

/**
 * Reads one agency's configuration and everything it points at, so that a wrong one stops the start and not a delivery.
 * @throws ConfigError with every problem found at that stage
 */
export async function loadConfig(file: string, catalogue: readonly Contract[]): Promise<LoadedConfig> {
  const config = parseConfig(file);
  const problems = [...purposeProblems(config.kind, config.contracts, catalogue)];
  const { certFile, keyFile, caFile: gatewayCa } = config.gateway;
  const tls = await attempt(problems, () => RotatingFiles.open([certFile, keyFile, gatewayCa], () => tlsOf(config)));
  await attempt(problems, () => checkKafkaFiles(config));
  const secret = (await attempt(problems, () => readSecretFile(config.secretFile)))?.toString('utf8').trim();
  if (secret !== undefined && secret.length < SECRET_MIN_LENGTH) {
    problems.push({
      cause: `the secret in ${config.secretFile} is shorter than ${SECRET_MIN_LENGTH} characters`,
      nextStep: `Run: openssl rand -hex 32 > ${config.secretFile} && chmod 600 ${config.secretFile}`,
    });
  }
  const { connector } = config;
  const caFile = connector.kind === 'webhook' ? connector.caFile : undefined;
  const webhookCa = caFile === undefined ? undefined : await attempt(problems, () => readPublicFile(caFile));
  const settings = config.log && { caFile: config.gateway.caFile, ...config.log };
  const log = settings && (await attempt(problems, () => readLogSettings(settings, problems)));
  if (problems.length > 0 || !tls || secret === undefined) throw new ConfigError(problems, file);
  return Object.freeze({ file, config, tls, secret, log: log ?? null, ...(webhookCa ? { webhookCa } : {}) });
}

/** Of this agency, whichever certificate is put there. @throws IdentityError */
async function tlsOf({ gateway, oin }: AdapterConfig): Promise<ConnectionOptions> {
  const tls = await clientTlsOptions({ ...gateway, caFiles: [gateway.caFile] });
  const certificate = readCertificate(tls.cert as Buffer);
  if (certificate.oin === oin) return tls;
  throw new IdentityError(
    'CERTIFICATE_WRONG_NAME',
    `the certificate is of OIN ${certificate.oin ?? 'none'}, the configuration says ${oin}`,
    'Use the certificate of this agency, or correct oin.',
  );
}

/** What differs there from the files for the gateway; a mistake in it would show as brokers that never answer. */
async function checkKafkaFiles({ gateway, transport }: AdapterConfig): Promise<void> {
  if (transport.kind !== 'kafka') return;
  const { certFile, keyFile, caFile } = { ...gateway, ...transport };
  if (certFile === gateway.certFile && keyFile === gateway.keyFile && caFile === gateway.caFile) return;
  await clientTlsOptions({ certFile, keyFile, caFiles: [caFile] });
}

async function attempt<T>(problems: Problem[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    problems.push({ cause: error.detail.replace(/\.$/, ''), nextStep: error.nextStep });
    return undefined;
  }
}

function parseConfig(file: string): AdapterConfig {
  const value = readJson(file);
  if (!validate(value)) throw new ConfigError((validate.errors ?? []).map(problemOf), file);
  const given = value as Omit<AdapterConfig, 'delivery' | 'logLevel'> &
    Partial<Pick<AdapterConfig, 'delivery' | 'logLevel'>>;
  const at = (path: string): string => resolve(dirname(file), path);
  const absolute = <T extends object>(part: T, ...keys: readonly (keyof T)[]): T =>
    Object.assign(
      {},
      part,
      ...keys.filter((key) => part[key] !== undefined).map((key) => ({ [key]: at(String(part[key])) })),
    ) as T;
  const { connector, local, transport } = given;
  const gateway = { ...given.gateway, url: given.gateway.url.replace(/\/$/, '') };
  const paths = {
    gateway: absolute(gateway, 'certFile', 'keyFile', 'caFile'),
    transport: transport.kind === 'kafka' ? absolute(transport, 'certFile', 'keyFile', 'caFile') : transport,
    connector: connector.kind === 'folder' ? absolute(connector, 'path') : absolute(connector, 'caFile'),
    local: 'socket' in local ? { socket: at(local.socket) } : local,
    secretFile: at(given.secretFile),
    stateDir: at(given.stateDir),
  };
  const delivery = { ...DEFAULT_DELIVERY, ...given.delivery };
  const log = given.log && {
    ...DEFAULT_LOG,
    ...absolute(given.log, 'caFile'),
    ...(given.log.witness && { witness: absolute(given.log.witness, 'keyFile') }),
  };
  return deepFreeze({ logLevel: 'info', ...given, ...paths, delivery, ...(log && { log }) });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const cause = error instanceof SyntaxError ? 'the file is not valid JSON' : 'the file cannot be read';
    throw new ConfigError([{ cause, nextStep: 'See docs/adapter-guide.md for a complete example.' }], file);
  }
}

function problemOf(error: ErrorObject): Problem {
  const where = error.instancePath || '/';
  const extra = error.keyword === 'additionalProperties' ? ` '${String(error.params.additionalProperty)}'` : '';
  return {
    cause: `${where} ${error.message ?? 'is wrong'}${extra}`,
    nextStep: 'See docs/adapter-guide.md, section Configuration.',
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const one of Object.values(value)) if (typeof one === 'object' && one !== null) deepFreeze(one as object);
  return Object.freeze(value);
}
