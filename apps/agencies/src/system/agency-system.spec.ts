import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDueAt } from '../behaviour/due-at.js';
import type { Behaviour } from '../behaviour/intent.js';
import type { ReceivedEntry } from '../book/book-entry.js';
import { AdapterClient } from './adapter-client.js';
import { AgencySystem } from './agency-system.js';

interface Post {
  readonly contract: string;
  readonly id: string;
  readonly data: unknown;
}

const message = (id: string): Omit<ReceivedEntry, 'at'> => ({
  kind: 'received',
  source: 'urn:nld:oin:00000099000000000001:ketenpoort',
  id,
  type: 'nl.lvv.dtv-resident-notification.v1',
  contract: 'M05',
  caseid: 'case-1',
  time: '2026-03-02T09:00:00Z',
  data: { case_id: 'LVV-AMS-2026-000001' },
});

/** Answers each notification with one message, whose content follows from the book alone. */
const answering: Behaviour = (entry, _view, dueAt) =>
  entry.kind === 'received'
    ? [
        {
          kind: 'send', id: `M06-${entry.id}`, contract: 'M06', caseId: entry.caseid, data: { acked_at: entry.at },
          dueAt: dueAt(entry, entry.id, { minMs: 0, maxMs: 0 }),
        },
      ]
    : []; // prettier-ignore

describe('a simulated system', () => {
  let dir: string;
  let server: Server;
  let posts: Post[];
  let headers: Record<string, unknown>[];
  let status: number;
  const open: AgencySystem[] = [];

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'agency-'));
    [posts, headers, status] = [[], [], 202];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const post = JSON.parse(body) as Post;
        posts.push(post);
        headers.push(request.headers);
        response.statusCode = status;
        const receipt = {
          messageId: `m-${post.id}`,
          caseId: 'case-1',
          acceptedAt: '2026-03-02T09:00:01Z',
          receipt: 'jws',
        };
        response.end(JSON.stringify(status === 202 ? receipt : { code: 'CASE_STATE_CONFLICT' }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((system) => system.close()));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(dir, { recursive: true, force: true });
  });

  const start = async (behaviour: Behaviour = answering): Promise<AgencySystem> => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const system = await AgencySystem.open({
      name: 'dtv', stateDir: dir, starts: false, behaviour, dueAt: createDueAt(0),
      adapter: new AdapterClient(url, 'secret', 'medewerker-dtv-01'), log: () => undefined,
    }); // prettier-ignore
    open.push(system);
    return system;
  };
  const stop = async (system: AgencySystem): Promise<void> => {
    open.splice(open.indexOf(system), 1);
    await system.close();
  };
  const settled = async (system: AgencySystem): Promise<void> => {
    for (let tries = 0; system.status(1000).pending > 0 && tries < 300; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const kinds = (system: AgencySystem): string[] => system.book().map((entry) => entry.kind);

  it('takes a message in once, however often it comes, and answers it once', async () => {
    const system = await start();
    expect(await system.receive(message('a'))).toBe('taken');
    expect(await system.receive(message('a'))).toBe('known');
    expect(await Promise.all([system.receive(message('b')), system.receive(message('b'))])).toEqual(['taken', 'known']);
    await settled(system);
    expect(posts.map((post) => post.id).sort()).toEqual(['M06-a', 'M06-b']);
    expect(kinds(system).sort()).toEqual(['received', 'received', 'sent', 'sent']);
  });

  it('shows its secret and names its employee on every call', async () => {
    const system = await start();
    await system.receive(message('a'));
    await settled(system);
    expect(headers[0]).toMatchObject({ authorization: 'Bearer secret', 'user-reference': 'medewerker-dtv-01' });
  });

  it('goes on after a restart with what was not sent, under the same id and with the same content', async () => {
    status = 503;
    const first = await start();
    await first.receive(message('a'));
    for (let tries = 0; posts.length === 0 && tries < 300; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await stop(first);
    expect(kinds(first)).toEqual(['received']);
    status = 202;
    const second = await start();
    await settled(second);
    expect(kinds(second)).toEqual(['received', 'sent']);
    expect(posts.at(-1)).toEqual(posts[0]);
    expect(await second.receive(message('a'))).toBe('known');
  });

  it('sends nothing again after a restart that was accepted before', async () => {
    const first = await start();
    await first.receive(message('a'));
    await settled(first);
    await stop(first);
    const second = await start();
    await settled(second);
    expect(posts).toHaveLength(1);
  });

  it('writes down a refusal and does not repeat it', async () => {
    status = 409;
    const system = await start();
    await system.receive(message('a'));
    await settled(system);
    expect(system.book().at(-1)).toMatchObject({
      kind: 'refused',
      contract: 'M06',
      status: 409,
      code: 'CASE_STATE_CONFLICT',
    });
    expect(posts).toHaveLength(1);
  });

  it('has an own fact in its book before anyone is told, also when telling fails', async () => {
    status = 409;
    const system = await start((entry) =>
      entry.kind === 'received'
        ? [
            {
              kind: 'send', id: 's1-0001-M41', contract: 'M41', caseId: 'case-1', data: {}, dueAt: 0,
              fact: { kind: 'stay', stayId: 'stay-1', person: 's1-0001', stayKind: 'SHELTER', on: '2026-03-02' },
            },
          ]
        : [],
    ); // prettier-ignore
    await system.receive(message('a'));
    await settled(system);
    expect(kinds(system)).toEqual(['received', 'stay', 'refused']);
  });

  it('knows the people of a run once, however often the run is started', async () => {
    const system = await start();
    await system.play(25, 1);
    await system.play(25, 1);
    expect(kinds(system)).toEqual(['play']);
    await expect(system.play(24, 1)).rejects.toThrow('seed 1 was played with 25');
  });
});
