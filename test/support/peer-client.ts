import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InboxItem, InboxPage } from '#messaging/event.js';
import type { Event } from './messages.js';
import type { GatewayProcess, World } from './world.js';

const ANSWER_LIMIT_MS = 60_000;
/** How long a caller goes on with what the gateway asks to send again, or cannot take because it is being restarted. */
const PATIENCE_MS = 60_000;

export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Record<string, unknown>;
}

export interface Accepted {
  readonly messageId: string;
  readonly caseId: string;
  readonly acceptedAt: string;
  readonly receipt: string;
}

interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One peer's calls over kept-alive mutual TLS; without `gateway` it goes to the first one, wherever that runs now. */
export class PeerClient {
  private readonly agent: Agent;

  constructor(
    private readonly world: World,
    name: string,
    private readonly gateway: () => GatewayProcess | undefined = () => world.gateways[0],
  ) {
    const { certFile, keyFile } = world.pki.files(name);
    this.agent = new Agent({
      ca: readFileSync(world.pki.caFile),
      cert: readFileSync(certFile),
      key: readFileSync(keyFile),
      keepAlive: true,
    });
  }

  call(method: 'GET' | 'POST', path: string, { headers = {}, body }: Call = {}): Promise<Answer> {
    const gateway = this.gateway();
    if (!gateway) throw new Error('no gateway runs');
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: this.agent, timeout: ANSWER_LIMIT_MS };
      const sent = request(new URL(path, gateway.url), options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: parsed });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} within the limit`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  submit(message: Event): Promise<Answer> {
    const headers = { 'content-type': 'application/cloudevents+json' };
    return this.call('POST', '/v1/messages', { headers, body: JSON.stringify(message) });
  }

  /** Submits until it is accepted. Repeats what the gateway asks to repeat (503 with Retry-After); throws on all else. */
  async accepted(message: Event): Promise<Accepted> {
    for (const end = Date.now() + PATIENCE_MS; ;) {
      const answer = await this.submit(message);
      if (answer.status === 202) return answer.body as unknown as Accepted;
      const again = answer.body.code === 'OVERLOADED' && answer.headers['retry-after'] !== undefined;
      if (!again || Date.now() > end) {
        throw new Error(`${String(message.type)}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      await sleep(Number(answer.headers['retry-after']) * 1_000);
    }
  }

  content(messageId: string, purpose: string): Promise<Answer> {
    return this.call('GET', `/v1/messages/${messageId}/content`, { headers: { 'purpose-of-use': purpose } });
  }

  /** A view of a case (`''`, `/dossier`, `/timeline`) as a person at the agency sees it. */
  async view(caseId: string, purpose: string, part: '' | '/dossier' | '/timeline' = ''): Promise<Answer> {
    const headers = { 'purpose-of-use': purpose, 'user-reference': 'medewerker-1' };
    return this.call('GET', `/v1/cases/${caseId}${part}`, { headers });
  }

  async page(query: string): Promise<InboxPage> {
    const answer = await this.call('GET', `/v1/inbox?${query}`);
    if (answer.status !== 200) throw new Error(`inbox: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as unknown as InboxPage;
  }

  /** The whole inbox, page by page. */
  async inbox(query = ''): Promise<readonly InboxItem[]> {
    const all: InboxItem[] = [];
    for (let after = 0; ;) {
      const { items, next } = await this.page(`after=${after}&${query}`);
      if (items.length === 0) return all;
      all.push(...items);
      after = next;
    }
  }

  async acknowledge(messageId: string, status: 'taken' | 'failed', code?: string): Promise<Answer> {
    const acknowledgements = [{ messageId, status, ...(code === undefined ? {} : { code }) }];
    const headers = { 'content-type': 'application/json' };
    return this.call('POST', '/v1/acknowledgements', { headers, body: JSON.stringify({ acknowledgements }) });
  }

  close(): void {
    this.agent.destroy();
  }
}
