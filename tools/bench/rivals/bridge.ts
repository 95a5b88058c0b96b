import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolPaths } from '../../broker/broker-config.js';
import { ensureJars, type JavaProgram } from '../../broker/kafka-jars.js';
import { startProcess } from '../../support/child-process.js';
import { freePort } from '../../support/free-port.js';
import type { Bed } from '../bed/bed.js';
import type { PlainBroker } from './plain-broker.js';

export const BRIDGE_VERSION = '0.33.1';
const STRIMZI: JavaProgram = {
  title: `Strimzi HTTP bridge ${BRIDGE_VERSION}`,
  folder: `kafka-bridge-${BRIDGE_VERSION}`,
  dependencies: [['io.strimzi', 'kafka-bridge', BRIDGE_VERSION]],
};
const READY_LIMIT_MS = 60_000;
const BRIDGE_MAIN = 'io.strimzi.kafka.bridge.Application';

export interface RunningBridge {
  readonly name: string;
  /** `host:port`, plain HTTP. */
  readonly address: string;
  readonly pid: number;
}

/**
 * Strimzi's HTTP bridge, acks=all. Its jars come from Maven, or from KAFKA_BRIDGE_JARS: the `libs` folder of its release
 * archive. Answers why not, when it cannot be had.
 */
export async function startStrimziBridge(bed: Bed, broker: PlainBroker): Promise<RunningBridge | string> {
  const given = process.env.KAFKA_BRIDGE_JARS;
  if (given !== undefined && !existsSync(given)) return 'KAFKA_BRIDGE_JARS names no folder';
  const tools = toolPaths();
  const jars =
    given === undefined
      ? await ensureJars(tools, STRIMZI)
      : { available: true as const, java: tools.java, classPath: join(given, '*') };
  if (!jars.available) return jars.reason;
  const port = await freePort();
  const settings = join(bed.paths.run, 'bridge.properties');
  await writeFile(
    settings,
    [
      'bridge.id=bench',
      `http.host=127.0.0.1`,
      `http.port=${port}`,
      `kafka.bootstrap.servers=${broker.address}`,
      'kafka.producer.acks=all',
      '',
    ].join('\n'),
  );
  const started = await startProcess({
    name: 'the Strimzi bridge',
    command: jars.java,
    args: ['-Xmx384m', '-cp', jars.classPath, BRIDGE_MAIN, `--config-file=${settings}`],
    logFile: join(bed.paths.logs, 'bridge.log'),
    isReady: () =>
      fetch(`http://127.0.0.1:${port}/healthy`).then(
        (answer) => answer.ok,
        () => false,
      ),
    readyWithinMs: READY_LIMIT_MS,
    detached: true,
  });
  await bed.keep('the Strimzi bridge', started);
  return { name: 'Strimzi bridge', address: `127.0.0.1:${port}`, pid: started.pid };
}

/** A bare bridge in Node: see bare-bridge-main.ts. It takes the place of Strimzi's where that cannot be had. */
export async function startBareBridge(bed: Bed, broker: PlainBroker): Promise<RunningBridge> {
  const port = await freePort();
  const script = join(bed.paths.root, 'dist', 'tools', 'bench', 'rivals', 'bare-bridge-main.js');
  const started = await startProcess({
    name: 'the bare bridge',
    command: process.execPath,
    args: [script, String(port), broker.address],
    logFile: join(bed.paths.logs, 'bare-bridge.log'),
    isReady: (log) => log().includes('ready'),
    readyWithinMs: READY_LIMIT_MS,
    detached: true,
  });
  await bed.keep('the bare bridge', started);
  return { name: 'bare bridge', address: `127.0.0.1:${port}`, pid: started.pid };
}
