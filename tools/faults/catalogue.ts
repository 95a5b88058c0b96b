import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, type Scene, seconds } from './fault.js';
import type { Stand } from './stand/stand.js';
import { CLEAR, type TcpProxy, type Weather } from './stand/tcp-proxy.js';
import type { Victim } from './stand/victim.js';

const HOUR_SECONDS = 3_600;
const anywhere = (): null => null;

interface Target {
  readonly name: string;
  readonly of: (stand: Stand) => readonly Victim[];
}

const TARGETS: readonly Target[] = [
  { name: 'gateway', of: ({ gateways }) => gateways.victims },
  { name: 'broker', of: ({ kafka }) => [kafka.victim] },
  { name: 'database', of: ({ database }) => [database.victim] },
  { name: 'adapter', of: ({ adapters }) => adapters.victims },
];

/** Each way with the proxies that it goes through. */
const LINKS: readonly { readonly name: string; readonly of: (stand: Stand) => readonly TcpProxy[] }[] = [
  { name: 'senders-gateways', of: ({ gateways }) => gateways.forSenders },
  { name: 'adapters-gateways', of: ({ gateways: { forAdapters } }) => [forAdapters.agency, forAdapters.public] },
  { name: 'adapters-kafka', of: ({ kafka }) => [kafka.links.adapters] },
  { name: 'gateways-kafka', of: ({ kafka }) => [kafka.links.gateways] },
  { name: 'gateways-database', of: ({ toDatabase }) => toDatabase },
];

/** Ways that are one for each gateway: the fault takes all of them, or one, and then the other gateway has to do. */
const PARTIAL: ReadonlySet<string> = new Set(['senders-gateways', 'gateways-database']);

function excuseAdapter({ stand: { adapters }, excuse }: Scene, victim: Victim): void {
  excuse(adapters.groups[adapters.victims.indexOf(victim)] ?? []);
}

const kill = ({ name, of }: Target): Fault => ({
  name: `kill-${name}`,
  missing: anywhere,
  happen: async (scene) => {
    const victim = scene.chance.pick(of(scene.stand));
    excuseAdapter(scene, victim);
    await victim.kill();
    await sleep(scene.durations.downMs);
    await victim.revive();
    return `kill -9 ${victim.name}, started again after ${seconds(scene.durations.downMs)}`;
  },
});

const freeze = ({ name, of }: Target): Fault => ({
  name: `freeze-${name}`,
  missing: anywhere,
  happen: async (scene) => {
    const victim = scene.chance.pick(of(scene.stand));
    excuseAdapter(scene, victim);
    const goOn = await victim.freeze();
    await sleep(scene.durations.frozenMs);
    goOn();
    return `${victim.name} stood still for ${seconds(scene.durations.frozenMs)}`;
  },
});

const WEATHERS: readonly { readonly name: string; readonly weather: Weather; readonly words: string }[] = [
  { name: 'cut', weather: { kind: 'cut' }, words: 'reset and refused' },
  { name: 'hole', weather: { kind: 'hole' }, words: 'swallowed' },
  { name: 'slow', weather: { kind: 'slow', delayMs: 150, bytesPerSecond: 100_000 }, words: 'slowed' },
];

const links: readonly Fault[] = WEATHERS.flatMap(({ name: kind, weather, words }) =>
  LINKS.map(({ name, of }): Fault => ({
    name: `${kind}-${name}`,
    missing: anywhere,
    happen: async ({ stand, chance, durations: { linkMs } }) => {
      const all = of(stand);
      const hit = PARTIAL.has(name) && chance.next() < 0.5 ? [chance.pick(all)] : all;
      for (const proxy of hit) proxy.set(weather);
      await sleep(linkMs);
      for (const proxy of hit) proxy.set(CLEAR);
      return `${name} ${words} for ${seconds(linkMs)}${hit.length < all.length ? ', of one gateway' : ''}`;
    },
  })),
);

const diskFull: Fault = {
  name: 'disk-full',
  missing: ({ disk }) => (typeof disk === 'string' ? `no file system of its own can be mounted: ${disk}` : null),
  happen: async ({ stand: { disk, database }, durations: { diskMs } }) => {
    if (typeof disk === 'string') throw new Error(disk);
    database.victim.hold();
    await disk.fill();
    await sleep(diskMs);
    const fell = await database.victim.isDown();
    await disk.empty();
    await database.victim.revive();
    return `no room for the database for ${seconds(diskMs)}${fell ? '; it fell over' : ''}`;
  },
};

const clock = (which: 'gateway' | 'adapter'): Fault => ({
  name: `clock-${which}`,
  missing: ({ clocks }) => (typeof clocks === 'string' ? clocks : null),
  happen: async ({ stand: { clocks }, chance, durations: { clockMs } }) => {
    if (typeof clocks === 'string') throw new Error(clocks);
    const ahead = chance.pick([HOUR_SECONDS, -HOUR_SECONDS]);
    await clocks[which].set(ahead);
    await sleep(clockMs);
    await clocks[which].set(0);
    return `the clock of one ${which} an hour ${ahead > 0 ? 'ahead' : 'behind'} for ${seconds(clockMs)}`;
  },
});

/** All at once, as when the power fails; they come back in the order in which they need each other. */
const powerCut: Fault = {
  name: 'power-cut',
  missing: anywhere,
  happen: async ({ stand, excuse, durations: { downMs } }) => {
    excuse(stand.adapters.groups.flat());
    await Promise.all(stand.victims.map((victim) => victim.kill()));
    await sleep(downMs);
    for (const victim of stand.victims) await victim.revive();
    return 'kill -9 of everything, started again';
  },
};

/** In order, as before an upgrade of everything: no adapter may repeat anything because of it. */
const restartAll: Fault = {
  name: 'restart-all',
  missing: anywhere,
  happen: async ({ stand, durations: { downMs } }) => {
    for (const victim of [...stand.victims].reverse()) await victim.stop();
    await sleep(downMs);
    for (const victim of stand.victims) await victim.revive();
    return 'everything stopped in order and started again';
  },
};

export const FAULTS: readonly Fault[] = [
  ...TARGETS.map(kill),
  ...TARGETS.map(freeze),
  ...links,
  diskFull,
  clock('gateway'),
  clock('adapter'),
  powerCut,
  restartAll,
];
