import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';

const ANSWER_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export interface OtlpReceiverOptions {
  /** Base address; `/v1/traces` and `/v1/logs` follow it. https, or http on loopback. */
  readonly endpoint: string;
  /** Trust anchor of the receiver, where the system's own do not know it. */
  readonly caFile: string | null;
}

/** Why a batch was not acknowledged: a status or a network code, never what the receiver wrote. */
export class OtlpRefused extends Error {
  override readonly name = 'OtlpRefused';
}

/** Sends batches to an OpenTelemetry receiver and believes in nothing but its acknowledgement of all of them. */
export class OtlpReceiver {
  private readonly agent: Agent;

  constructor(private readonly options: OtlpReceiverOptions) {
    const connect = options.caFile === null ? {} : { ca: readFileSync(options.caFile) };
    this.agent = new Agent({
      connect,
      connections: 2,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
  }

  /** @throws OtlpRefused when not all of the batch was taken */
  async send(path: '/v1/traces' | '/v1/logs', batch: object): Promise<void> {
    const answer = await request(`${this.options.endpoint}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
      dispatcher: this.agent,
    }).catch((error: unknown) => {
      throw new OtlpRefused((error as { code?: string }).code ?? 'no answer');
    });
    const text = await limited(answer.body);
    if (answer.statusCode !== 200) throw new OtlpRefused(`status ${answer.statusCode}`);
    if (rejectedOf(text) > 0) throw new OtlpRefused('the receiver rejected a part');
  }

  async close(): Promise<void> {
    await this.agent.close();
  }
}

async function limited(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString('utf8');
    if (text.length > MAX_ANSWER_BYTES) throw new OtlpRefused('the answer is too long');
  }
  return text;
}

/** `partialSuccess`: a receiver may take part of a batch and say so with status 200. Counts are text in OTLP/JSON. */
function rejectedOf(text: string): number {
  if (text === '') return 0;
  try {
    const { partialSuccess } = JSON.parse(text) as { partialSuccess?: Record<string, unknown> | null };
    return Number(partialSuccess?.rejectedSpans ?? partialSuccess?.rejectedLogRecords ?? 0);
  } catch {
    throw new OtlpRefused('the answer is not OTLP/JSON');
  }
}
