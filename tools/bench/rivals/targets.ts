import { join } from 'node:path';
import { tlsOf } from '../../load/agency-client.js';
import { PLACE, type Shots } from '../../load/shots.js';
import { startProcess } from '../../support/child-process.js';
import { freePort } from '../../support/free-port.js';
import { BUSY_NODE_FLAGS } from '../../support/node-flags.js';
import { dossierTemplate } from '../aim.js';
import type { BenchContext } from '../context.js';
import type { Target } from '../target.js';
import { startBareBridge, startStrimziBridge } from './bridge.js';
import { nginxVersion, startNginx } from './nginx.js';
import { startPlainBroker, TOPICS } from './plain-broker.js';

const READY_LIMIT_MS = 15_000;
export const NAMES = {
  floor: 'bare insert floor',
  nginx: 'nginx alone',
  flushed: 'Kafka flushed per message',
  unflushed: 'Kafka not flushed',
} as const;

/** Cases of nobody: rivals look at no case, so all may be the same; as many that versions of their dossiers stay low. */
const NOBODIES = 20_000;
const NOBODY = {
  ids: Array<string>(NOBODIES).fill('00000000-0000-4000-8000-000000000000'),
  vNumbers: Array<string>(NOBODIES).fill('9999000000'),
};

/** What the gateway is compared with, each as far as this machine has it, and what had to be left out. */
export async function rivalTargets(
  context: BenchContext,
  bytes: number,
): Promise<{ readonly targets: readonly Target[]; readonly notes: readonly string[] }> {
  const { bed, say } = context;
  const targets: Target[] = [await floor(context, bytes)];
  const notes: string[] = [];
  if ((await nginxVersion()) === null) {
    notes.push('nginx is not installed (apt-get install -y nginx-light): it, and every bridge behind it, is left out');
    return { targets, notes };
  }
  const alone = await startNginx(bed, 'alone', null);
  targets.push({
    ...{ name: NAMES.nginx, processes: { nginx: alone.pid }, database: null },
    shots: () => Promise.resolve(shots(context, alone.url, '/v1/messages', 202, dossierTemplate(bytes))),
  });
  const broker = await startPlainBroker(bed);
  if (typeof broker === 'string') {
    notes.push(`Kafka, and the bridge before it, is left out: ${broker}`);
    return { targets, notes };
  }
  const strimzi = await startStrimziBridge(bed, broker).catch((error: unknown) => String(error));
  if (typeof strimzi === 'string') {
    notes.push(`the Strimzi bridge is left out (${strimzi}); in its place stands a bare bridge in Node that does less`);
    say(notes.at(-1) ?? '');
  }
  const bridge = typeof strimzi === 'string' ? await startBareBridge(bed, broker) : strimzi;
  const front = await startNginx(bed, 'bridge', bridge.address);
  for (const kind of ['flushed', 'unflushed'] as const) {
    targets.push({
      name: `nginx, ${bridge.name}, ${NAMES[kind]}`,
      processes: { nginx: front.pid, bridge: bridge.pid, kafka: broker.pid },
      database: null,
      shots: () =>
        Promise.resolve(shots(context, front.url, `/topics/${TOPICS[kind]}`, 200, records(bytes), KAFKA_JSON)),
    });
  }
  return { targets, notes };
}

const KAFKA_JSON = { 'content-type': 'application/vnd.kafka.json.v2+json' };

/** The bridge's own form around the same message. */
function records(bytes: number): string {
  return `{"records":[{"key":"${PLACE.id}","value":${dossierTemplate(bytes).trimEnd()}}]}`;
}

async function floor({ bed, options }: BenchContext, bytes: number): Promise<Target> {
  await bed.emptyDatabase('floor');
  const { pki } = bed.credentials;
  const { certFile, keyFile } = pki.files('gateway');
  const port = await freePort();
  const processes = String(options.workers[0] ?? 1);
  const script = join(bed.paths.root, 'dist', 'tools', 'bench', 'rivals', 'floor-main.js');
  const started = await startProcess({
    name: 'the floor',
    command: process.execPath,
    args: [
      ...BUSY_NODE_FLAGS,
      script,
      String(port),
      certFile,
      keyFile,
      pki.caFile,
      bed.postgres.ownerUrl('floor'),
      processes,
    ],
    logFile: join(bed.paths.logs, 'floor.log'),
    isReady: (log) => log().includes('ready'),
    readyWithinMs: READY_LIMIT_MS,
    detached: true,
  });
  await bed.keep('the floor', started);
  return {
    name: NAMES.floor,
    processes: { floor: started.pid, database: bed.postgresPid },
    database: bed.postgres.superUrl('floor'),
    shots: () =>
      Promise.resolve(
        shots({ bed, options }, `https://localhost:${port}`, '/v1/messages', 202, dossierTemplate(bytes)),
      ),
  };
}

function shots(
  { bed, options }: Pick<BenchContext, 'bed' | 'options'>,
  url: string,
  path: string,
  expect: number,
  template: string,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/cloudevents+json' },
): Shots {
  const senders = [{ tls: tlsOf(bed.credentials.pki, 'ind'), template }];
  return { url, path, headers, expect, senders, connections: options.connections, cases: NOBODY, again: true };
}
