import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AdapterProcess } from './support/adapter-process.js';
import { stayChanged } from './support/case-messages.js';
import { CaseSteps, type OpenCase } from './support/case-steps.js';
import { decision, stayStarted } from './support/messages.js';
import { keyOf, RecordingSystem } from './support/recording-system.js';
import { sharedKafka, type SharedKafka } from './support/shared-kafka.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

jest.setTimeout(180_000);
const CATCH_UP_LIMIT_MS = 60_000;
/** Well below the 30 s after which an adapter looks into its inbox for what Kafka should have brought. */
const FAST_ROAD_LIMIT_MS = 20_000;
/** Longer than it takes to see that the system is at work and to kill its adapter. */
const SLOW_SYSTEM_MS = 2_000;
const MUNICIPALITIES = ['ams', 'rot', 'utr', 'ehv', 'gro'];

interface Delivered {
  readonly source: string;
  readonly id: string;
  readonly contract: string;
  readonly caseId: string;
  readonly caseSequence: number;
  readonly state: string;
}

const DELIVERIES = `SELECT m.source, m.event_id AS id, m.contract, d.case_id AS "caseId", d.case_sequence AS "caseSequence", d.state
  FROM delivery d JOIN message m ON m.id = d.message_id WHERE d.recipient_oin = $1 ORDER BY d.sequence`;

describe.each(['kafka', 'inbox'] as const)('DT&V comes back after being away, over %s', (transport) => {
  let kafka: SharedKafka | null = null;
  let world: World;
  let steps: CaseSteps;
  let system: RecordingSystem;
  let adapter: AdapterProcess;
  let refused: OpenCase;
  const cases: OpenCase[] = [];

  beforeAll(async () => {
    kafka = transport === 'kafka' ? await sharedKafka() : null;
    world = await World.open(kafka ?? undefined);
    await world.startGateway(kafka?.environment);
    steps = new CaseSteps(world);
    system = await RecordingSystem.listen();
    const brokers = kafka ? { brokers: kafka.brokers } : {};
    adapter = new AdapterProcess(world, { name: 'dtv', webhookUrl: system.url, ...brokers });
  });

  afterAll(async () => {
    steps?.close();
    await adapter?.stop();
    await system?.close();
    await world?.close();
  });

  const deliveries = () => world.rows<Delivered>(DELIVERIES, [peer('dtv').oin]);
  const start = async ({ municipality, caseId }: OpenCase, kind: 'SHELTER' | 'GUIDANCE_ONLY'): Promise<string> => {
    const stayId = randomUUID();
    await steps.accepted(municipality, stayStarted(municipality, caseId, kind, stayId));
    return stayId;
  };
  /** Three stays in one case: an emergency bed during screening, guidance alone, and a bed after admission. */
  const threeStays = async (municipality: string): Promise<OpenCase> => {
    const opened = await steps.screening(municipality);
    const { caseId } = opened;
    const bed = await start(opened, 'SHELTER');
    await start(opened, 'GUIDANCE_ONLY');
    await steps.accepted(municipality, stayChanged(opened, bed, 'ENDED'));
    await steps.answer(opened);
    await steps.accepted(municipality, decision(municipality, caseId));
    await start(opened, 'SHELTER');
    return opened;
  };

  /** DT&V's system has had exactly what was delivered to DT&V: each once in effect, and each case in its order. */
  async function expectAllInOrder(): Promise<void> {
    const rows = await deliveries();
    await until('everything taken', CATCH_UP_LIMIT_MS, async () =>
      (await deliveries()).every((row) => row.state === 'TAKEN'),
    );
    const effects = system.effects().map(keyOf);
    expect([...effects].sort()).toEqual(rows.map(keyOf).sort());
    const byKey = new Map(rows.map((row) => [keyOf(row), row]));
    for (const { caseId } of cases) {
      const order = effects.map((key) => byKey.get(key)).filter((row) => row?.caseId === caseId);
      expect(order.map((row) => row?.caseSequence)).toEqual(order.map((_, index) => index + 1));
    }
  }

  it('keeps 30 notifications of 30 stays for it while it is offline, and nothing about a refused applicant', async () => {
    cases.push(
      ...(await Promise.all(MUNICIPALITIES.map(threeStays))),
      ...(await Promise.all(MUNICIPALITIES.map(threeStays))),
    );
    refused = await steps.answered('gro', 'Geweigerd');
    const no = { outcome: 'REFUSED', ground_class: 'LOCAL' };
    await steps.accepted('gro', decision('gro', refused.caseId, no));

    const rows = await deliveries();
    expect(rows.filter((row) => row.contract === 'M05')).toHaveLength(30);
    expect(rows.filter((row) => row.caseId === refused.caseId)).toEqual([]);
    expect(new Set(rows.map((row) => row.state))).toEqual(new Set(['OUTSTANDING']));
    const stays = await world.rows('SELECT s.id FROM stay s JOIN message m ON m.id = s.dtv_notification_id');
    expect(stays).toHaveLength(30);
  });

  it('brings everything once it starts: every stay, in order per case, once', async () => {
    await adapter.start();
    await expectAllInOrder();
    // Nothing went wrong on the way, so even without removing doubles there is none.
    expect(system.arrivals).toHaveLength(system.effects().length);
    const notices = system.effects().filter(({ type }) => type === 'nl.lvv.dtv-resident-notification.v1');
    const kinds = notices.map(({ data }) => data.stay_kind);
    expect([kinds.filter((kind) => kind === 'SHELTER').length, kinds.length]).toEqual([20, 30]);
    expect(system.arrivals.some(({ caseid }) => caseid === refused.caseId)).toBe(false);
  });

  it('brings a new one soon while it runs', async () => {
    await until('connected', CATCH_UP_LIMIT_MS, async () => (await adapter.status()).transport.connected);
    const before = system.arrivals.length;
    await start(cases[0]!, 'GUIDANCE_ONLY');
    await until('its arrival', FAST_ROAD_LIMIT_MS, () => system.arrivals.length > before);
    await expectAllInOrder();
  });

  it('repeats nothing and misses nothing after its state folder was deleted', async () => {
    await adapter.stop();
    adapter.loseState();
    for (const one of cases) await start(one, 'GUIDANCE_ONLY');
    const before = system.arrivals.length;
    await adapter.start();
    await expectAllInOrder();
    expect(system.arrivals).toHaveLength(before + cases.length);
  });

  it('has each once in effect when it is killed in the middle and its state folder is lost with it', async () => {
    await adapter.stop();
    for (const one of cases) {
      await start(one, 'GUIDANCE_ONLY');
      await start(one, 'GUIDANCE_ONLY');
    }
    const before = system.arrivals.length;
    // Takes a few and is at work on the next when the adapter dies: on a quick machine all would else be done by then.
    const middle = before + 4;
    system.answer = () => ({ status: 204, afterMs: system.arrivals.length < middle ? 0 : SLOW_SYSTEM_MS });
    await adapter.start();
    await until('some arrivals', CATCH_UP_LIMIT_MS, () => system.arrivals.length >= middle);
    await adapter.kill();
    adapter.loseState();
    system.answer = () => ({ status: 204 });
    expect(system.effects().length).toBeLessThan((await deliveries()).length);
    await adapter.start();
    await expectAllInOrder();
  });
});
