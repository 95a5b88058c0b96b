import { Agent, request } from 'node:https';
import type { Answer } from '../api-answers.js';
import type { World } from '../world.js';
import type { FuzzRequest } from './requests.js';

const ANSWER_LIMIT_MS = 20_000;

/** Sends requests as they were made up, over kept-alive mutual TLS, each in the name of its caller. */
export class FuzzCaller {
  private readonly agents = new Map<string, Agent>();

  constructor(private readonly world: World) {}

  send({ who, method, target, headers, body }: FuzzRequest): Promise<Answer> {
    const { hostname, port } = new URL(this.world.gateways[0]?.url ?? '');
    const agent = this.agentOf(who);
    return new Promise((resolve, reject) => {
      const options = { hostname, port, method, path: target, headers, agent, timeout: ANSWER_LIMIT_MS };
      const sent = request(options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        answer.on('end', () => {
          const received = answer.headers as Record<string, string>;
          resolve({
            status: answer.statusCode ?? 0,
            headers: received,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer')));
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private agentOf(who: string): Agent {
    const agent = this.agents.get(who) ?? new Agent({ ...this.world.tlsOf(who), keepAlive: true, maxSockets: 4 });
    this.agents.set(who, agent);
    return agent;
  }
}
