import { adapterGroup, notificationsTopic } from '#messaging/topics.js';
import { tlsOf } from '../../load/agency-client.js';
import { Generator } from '../../load/generator.js';
import { peerNamed } from '../../load/messages.js';
import type { Receiver } from '../../load/whole-way.js';
import { MUNICIPALITIES } from '../aim.js';
import { type BenchContext, EMPTY, type MeasureRun } from '../context.js';
import { inTurn } from '../in-turn.js';
import type { Aim, LoadLine } from '../result.js';
import { prepareSite, type Site, SMALL_BYTES } from '../site.js';

/** A message is under way for as long as it takes to arrive, so many are. */
const LIMITS = { inFlight: 500, maxInFlight: 20_000 };
const ROADS = ['kafka', 'inbox'] as const;

/** From the sender's request to the acknowledgement of its one recipient, by each of the two roads. */
export const measureWholeWay: MeasureRun = async (context) => {
  const loads: LoadLine[] = [];
  const notes: string[] = [];
  for (const road of ROADS) {
    if (road === 'kafka' && (await context.bed.broker()) === null) {
      notes.push('the whole way over Kafka is left out: there is no Apache Kafka');
      continue;
    }
    for (const workers of context.options.workers) {
      const site = await prepareSite(context, `way_${road}_${workers}`, { workers, withKafka: road === 'kafka' });
      loads.push(...(await oneRoad(context, site, road, workers)));
      await site.gateway.stop();
    }
  }
  return { ...EMPTY, measure: 'whole-way', loads, aims: loads.flatMap(aimsOf), notes };
};

async function oneRoad(
  context: BenchContext,
  site: Site,
  road: (typeof ROADS)[number],
  workers: number,
): Promise<readonly LoadLine[]> {
  // Receivers live as long as their generator: one of its own, and nothing of them is left for the next measure.
  const generator = new Generator();
  try {
    const brokers = road === 'kafka' ? ((await context.bed.broker())?.brokers ?? null) : null;
    await generator.receive(MUNICIPALITIES.map((name) => receiver(context, site, name, brokers)));
    const name = `whole way over ${road === 'kafka' ? 'Kafka' : 'the inbox'}${site.suffix(workers)}`;
    return await inTurn({ ...context, generator }, [site.dossiers(name, SMALL_BYTES)], LIMITS);
  } finally {
    await generator.close();
  }
}

function receiver({ bed }: BenchContext, { gateway }: Site, name: string, brokers: readonly string[] | null): Receiver {
  const { pki } = bed.credentials;
  const { oin } = peerNamed(name);
  const connection = { ...pki.files(name), caFile: pki.caFile, clientId: `bench-${name}` };
  const kafka = brokers && {
    connection: { ...connection, brokers },
    topic: notificationsTopic(oin),
    groupId: adapterGroup(oin),
  };
  return { url: gateway.url, tls: tlsOf(pki, name), type: 'nl.lvv.dossier-part.v1', purpose: 'P03', kafka };
}

function aimsOf({ name, saturationPerSecond, p99Ms }: LoadLine): readonly Aim[] {
  return [
    { name, value: saturationPerSecond.median, unit: '/s', atLeast: 800 },
    { name: `${name}: p99 at half`, value: p99Ms.median, unit: 'ms', atMost: 500 },
  ];
}
