import type { ContractId } from '#contracts/contract.js';
import type { Receipt } from '../book/book-entry.js';
import { TryLater } from './outbox.js';

const TIMEOUT_MS = 15_000;
const RETRYABLE = new Set([408, 425, 429]);

export interface Submission {
  readonly contract: ContractId;
  readonly id: string;
  readonly caseId: string | null;
  readonly data: object;
}

export type Answer =
  | { readonly accepted: true; readonly receipt: Receipt }
  | { readonly accepted: false; readonly status: number; readonly code: string };

/**
 * The only thing an agency's system knows of the outside world: the local interface of its own adapter. Plain JSON with
 * a secret; no TLS, no CloudEvents, no Kafka.
 */
export class AdapterClient {
  constructor(
    private readonly url: string,
    private readonly secret: string,
    /** Pseudonym of the employee on whose behalf the system acts. */
    private readonly userReference: string,
  ) {}

  /** Throws `TryLater` when the adapter or the gateway cannot answer now; a refusal is an answer. */
  async submit({ contract, id, caseId, data }: Submission): Promise<Answer> {
    const body = JSON.stringify({ contract, id, ...(caseId === null ? {} : { caseId }), data });
    const response = await this.call('POST', '/messages', { 'content-type': 'application/json' }, body);
    if (response.status === 202 || response.status === 200) {
      return { accepted: true, receipt: (await response.json()) as Receipt };
    }
    const problem = (await response.json().catch(() => ({}))) as { code?: string };
    return { accepted: false, status: response.status, code: problem.code ?? 'NO_CODE' };
  }

  /** Opens the dossier of a case for a purpose; answers the HTTP status. */
  async consultDossier(caseId: string, purpose: string): Promise<number> {
    const path = `/cases/${encodeURIComponent(caseId)}/dossier`;
    const response = await this.call('GET', path, { 'purpose-of-use': purpose });
    await response.arrayBuffer();
    return response.status;
  }

  private async call(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${this.url}${path}`, {
        method,
        headers: { ...headers, authorization: `Bearer ${this.secret}`, 'user-reference': this.userReference },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new TryLater(`adapter does not answer: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (response.status >= 500 || RETRYABLE.has(response.status)) {
      await response.arrayBuffer();
      throw new TryLater(`adapter answered ${response.status}`);
    }
    return response;
  }
}
