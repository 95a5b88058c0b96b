import type { StartProblem } from './start-error.js';

/** Where the standard views of the access log go, if anywhere. */
export interface OtlpConfig {
  /** Base address of an OpenTelemetry receiver; `/v1/traces` and `/v1/logs` follow it. */
  readonly endpoint: string;
  readonly caFile: string | null;
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Off unless OTLP_ENDPOINT is set. The views tell of persons by code, so they leave this machine over TLS alone. */
export function otlpConfig(
  env: Readonly<Record<string, string | undefined>>,
  problems: StartProblem[],
): OtlpConfig | null {
  const endpoint = env.OTLP_ENDPOINT;
  if (!endpoint) return null;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (!secure || url.search !== '' || url.hash !== '' || url.username !== '') {
    const nextStep = 'Set it to the https address of the receiver (http on this machine alone), or unset it.';
    problems.push({ cause: 'OTLP_ENDPOINT is not the address of a receiver over TLS', nextStep });
  }
  return { endpoint: endpoint.replace(/\/$/, ''), caFile: env.OTLP_CA_FILE ?? null };
}
