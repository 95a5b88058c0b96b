import type { StartProblem } from './start-error.js';

/** Where the standard views of the access log go, if anywhere. */
export interface OtlpConfig {
  /** Base address of an OpenTelemetry receiver; `/v1/traces` and `/v1/logs` follow it. */
  readonly endpoint: string;
  readonly caFile: string | null;
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Where technical traces go, if anywhere: times and names of steps, nothing of any case. */
export interface TracesConfig extends OtlpConfig {
  /** Share of the traces that is followed without the caller having asked for it, 0..1. */
  readonly sampleRatio: number;
}

const SAMPLE_RATIO = 0.1;

type Environment = Readonly<Record<string, string | undefined>>;

/** Off unless OTLP_ENDPOINT is set. The views tell of persons by code, so they leave this machine over TLS alone. */
export function otlpConfig(env: Environment, problems: StartProblem[]): OtlpConfig | null {
  return receiver(env, 'OTLP', problems);
}

/** Off unless TRACES_ENDPOINT is set. */
export function tracesConfig(env: Environment, problems: StartProblem[]): TracesConfig | null {
  const to = receiver(env, 'TRACES', problems);
  if (to === null) return null;
  const sampleRatio = Number(env.TRACES_SAMPLE_RATIO ?? SAMPLE_RATIO);
  if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
    problems.push({ cause: 'TRACES_SAMPLE_RATIO is not a share', nextStep: 'Set it to 0..1, or leave it out.' });
  }
  return { ...to, sampleRatio };
}

function receiver(env: Environment, name: 'OTLP' | 'TRACES', problems: StartProblem[]): OtlpConfig | null {
  const endpoint = env[`${name}_ENDPOINT`];
  if (!endpoint) return null;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (!secure || url.search !== '' || url.hash !== '' || url.username !== '') {
    const nextStep = 'Set it to the https address of the receiver (http on this machine alone), or unset it.';
    problems.push({ cause: `${name}_ENDPOINT is not the address of a receiver over TLS`, nextStep });
  }
  return { endpoint: endpoint.replace(/\/$/, ''), caFile: env[`${name}_CA_FILE`] ?? null };
}
