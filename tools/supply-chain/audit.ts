/** What `npm audit --json` prints: a report, or why there is none. */
export interface AuditOutput {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly name: string; readonly severity: string; readonly range: string }>
  >;
  readonly statusCode?: number;
  readonly message?: string;
}
export type AuditVerdict =
  | { readonly kind: 'judged'; readonly failing: readonly string[]; readonly others: number }
  /** The registry of this machine has no audit: nothing can be said here, and nothing is wrong. */
  | { readonly kind: 'no-endpoint'; readonly status: number }
  /** It should have answered, and did not. */
  | { readonly kind: 'failed'; readonly reason: string };

const FAILING = ['high', 'critical'];
/** How a registry says that it does not know the call. */
const NO_ENDPOINT = [404, 405, 501];

/** High and critical fail. Only a registry without the endpoint may be silent: an outage is no pass. */
export function judgeAudit(output: AuditOutput): AuditVerdict {
  const { vulnerabilities, statusCode, message } = output;
  if (vulnerabilities !== undefined) {
    const found = Object.values(vulnerabilities);
    const failing = found.filter(({ severity }) => FAILING.includes(severity));
    return {
      kind: 'judged',
      failing: failing.map(({ name, severity, range }) => `${name} ${range}: ${severity}`),
      others: found.length - failing.length,
    };
  }
  if (statusCode !== undefined && NO_ENDPOINT.includes(statusCode)) return { kind: 'no-endpoint', status: statusCode };
  return { kind: 'failed', reason: (message ?? 'no report').replace(/https?:\/\/\S+/g, '(registry)') };
}
