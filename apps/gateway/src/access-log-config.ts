import type { StartProblem } from './start-error.js';

/** What the gateway is told about its log. */
export interface AccessLogConfig {
  readonly keyFile: string;
  /** Schema-less URL by which others know the log (C2SP tlog-checkpoint). */
  readonly origin: string;
  /** Null: a majority of the active witnesses. */
  readonly witnessQuorum: number | null;
  /** Work is refused when the oldest record that is no leaf yet is older. */
  readonly maxLagSeconds: number;
}

/** Minutes: enough for a database that fails over, too little for someone to remove what is not in the tree yet. */
const MAX_LAG_SECONDS = 300;
const MAX_WITNESSES = 50;
/** Key names of C2SP signed-note hold no space and no plus sign; the epoch comes behind it. */
const ORIGIN = /^[a-z0-9][a-z0-9.:_-]*(\/[A-Za-z0-9._-]+)*$/;
const MAX_ORIGIN = 190;

/** @param gatewayUrl base of the agency interface: the log has its name unless it is given one */
export function accessLogConfig(
  env: Readonly<Record<string, string | undefined>>,
  gatewayUrl: string,
  problems: StartProblem[],
): AccessLogConfig {
  const keyFile = env.LOG_KEY_FILE ?? '';
  if (keyFile === '') {
    const nextStep = 'Point it to an Ed25519 private key (PKCS#8 PEM, mode 0600) that nothing else uses.';
    problems.push({ cause: 'LOG_KEY_FILE is not set', nextStep });
  }
  const host = URL.canParse(gatewayUrl) ? new URL(gatewayUrl).host : 'localhost';
  const origin = env.LOG_ORIGIN ?? `${host}/log`;
  if (!ORIGIN.test(origin) || origin.length > MAX_ORIGIN) {
    const nextStep = 'Set it to <host>/<name>: no scheme, no slash at the end, no space, no plus sign.';
    problems.push({ cause: 'LOG_ORIGIN is not the name of a log', nextStep });
  }
  const count = (name: string, fallback: number | null, max: number): number | null => {
    if (env[name] === undefined) return fallback;
    const value = Number(env[name]);
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    problems.push({ cause: `${name} is not a number that works`, nextStep: `Set it to 1..${max}, or leave it out.` });
    return fallback;
  };
  return {
    keyFile,
    origin,
    witnessQuorum: count('LOG_WITNESS_QUORUM', null, MAX_WITNESSES),
    maxLagSeconds: count('LOG_MAX_LAG_SECONDS', MAX_LAG_SECONDS, 86_400) ?? MAX_LAG_SECONDS,
  };
}
