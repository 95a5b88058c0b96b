import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { pino } from 'pino';
import { DEAD_LETTER_TOPIC } from '#messaging/topics.js';
import type { NotificationEvent } from '#messaging/event.js';
import { DeadLetters } from '../apps/gateway/src/delivery/dead-letters.js';
import { GATEWAY_OIN } from '../tools/demo/roster.js';
import { AdapterProcess } from './support/adapter-process.js';
import { correction, withdrawal } from './support/case-messages.js';
import { CaseSteps, type OpenCase } from './support/case-steps.js';
import { stayStarted } from './support/messages.js';
import type { Accepted } from './support/peer-client.js';
import { RecordingSystem } from './support/recording-system.js';
import { sharedKafka, type SharedKafka } from './support/shared-kafka.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

jest.setTimeout(120_000);
const run = promisify(execFile);
const LIMIT_MS = 60_000;
const TRIES = 3;
/** Slow enough that more of the case is on its way before the last try has failed. */
const REFUSES_AFTER_MS = 500;
const ROT = peer('rot').oin;

let kafka: SharedKafka;
let world: World;
let steps: CaseSteps;
let system: RecordingSystem;
let adapter: AdapterProcess;

beforeAll(async () => {
  kafka = await sharedKafka();
  world = await World.open(kafka);
  await world.startGateway(kafka.environment);
  steps = new CaseSteps(world);
  system = await RecordingSystem.listen();
  const delivery = { tries: TRIES, firstDelayMs: 20, maxDelayMs: 100 };
  adapter = new AdapterProcess(world, { name: 'rot', webhookUrl: system.url, brokers: kafka.brokers, delivery });
  await adapter.start();
});

afterAll(async () => {
  steps?.close();
  await adapter?.stop();
  await system?.close();
  await world?.close();
});

interface Recipient {
  readonly oin: string;
  readonly state: string;
  readonly takenAt?: string;
  readonly parkedAt?: string;
  readonly deadLetteredAt?: string;
}

/** What the sender sees of the municipality's copy of its message. */
async function seenBy(sender: string, { messageId }: { messageId: string }): Promise<Recipient | undefined> {
  const answer = await steps.as(sender).call('GET', `/v1/messages/${messageId}`);
  return (answer.body.recipients as Recipient[]).find(({ oin }) => oin === ROT);
}

const stateOf = async (message: Accepted): Promise<string | undefined> => (await seenBy('ind', message))?.state;

/** The operator's command, on the built product. */
async function redrive(...args: string[]): Promise<string> {
  const env = { ...process.env, DATABASE_URL: world.databaseUrl };
  const command = ['dist/tools/redrive/main.js', '--recipient', ROT, '--operator', 'beheer-7', ...args];
  return (await run(process.execPath, command, { env })).stdout;
}

/** A part that the municipality's system refuses, with three messages behind it: two before it is parked, one after. */
async function withParkedPart(): Promise<{ opened: OpenCase; poison: Accepted; later: Accepted[] }> {
  const opened = await steps.admitted('rot');
  const refuses = (type: string): boolean => type === 'nl.lvv.ind-dossier-part.v1';
  system.answer = ({ type, caseid }) =>
    caseid === opened.caseId && refuses(type) ? { status: 422, afterMs: REFUSES_AFTER_MS } : { status: 204 };
  const poison = await steps.part('ind', opened);
  const next = () => steps.accepted('ind', correction('ind', opened.caseId, poison.messageId));
  const later = [await next(), await next()];
  expect(await stateOf(poison)).not.toBe('PARKED');
  await until('the part parked', LIMIT_MS, async () => (await stateOf(poison)) === 'PARKED');
  return { opened, poison, later: [...later, await next()] };
}

const arrivalsOf = ({ caseId }: OpenCase): readonly string[] =>
  system.effects().flatMap(({ caseid, type }) => (caseid === caseId ? [type.split('.')[2] ?? ''] : []));
const admins = () =>
  world.rows<{ record: Record<string, unknown> }>(
    `SELECT convert_from(canonical, 'UTF8')::jsonb AS record FROM access_record WHERE kind = 'ADMIN' AND action <> 'policy.load' ORDER BY at`,
  );

describe('a message that a system never takes', () => {
  let opened: OpenCase;
  let poison: Accepted;
  let later: Accepted[];

  it('is parked after its tries, with the later ones of its case, and its sender sees that', async () => {
    ({ opened, poison, later } = await withParkedPart());
    expect(system.refused).toHaveLength(TRIES);
    const parked = await seenBy('ind', poison);
    expect(parked?.parkedAt).toMatch(/Z$/);
    expect(await Promise.all(later.map(stateOf))).toEqual(['PARKED', 'PARKED', 'PARKED']);
    expect(arrivalsOf(opened)).not.toContain('correction-notice');
  });

  it('does not hold up another case', async () => {
    const other = await steps.admitted('rot');
    const part = await steps.part('ind', other);
    await until('the other case goes on', LIMIT_MS, async () => (await stateOf(part)) === 'TAKEN');
    expect(await stateOf(poison)).toBe('PARKED');
  });

  it('stays parked after a dry run, which says what would be released', async () => {
    const said = await redrive();
    expect(said).toContain(`${opened.caseId}: failed M08 ${poison.messageId} SYSTEM_REFUSED`);
    expect(said).toContain('4 outstanding again');
    expect(said).toContain('Nothing was changed; add --apply.');
    expect(await stateOf(poison)).toBe('PARKED');
    expect(await admins()).toEqual([]);
  });

  it('is delivered with its case in order once the system has recovered and an operator redrives it', async () => {
    system.answer = () => ({ status: 204 });
    expect(await redrive('--case', opened.caseId, '--apply')).toContain('1 released and recorded.');
    const last = later.at(-1)!;
    await until('the case is delivered', LIMIT_MS, async () => (await stateOf(last)) === 'TAKEN');
    const corrections = ['correction-notice', 'correction-notice', 'correction-notice'];
    expect(arrivalsOf(opened).slice(-4)).toEqual(['ind-dossier-part', ...corrections]);
    expect(system.arrivals).toHaveLength(system.effects().length);
    expect(await redrive('--apply')).toContain('Nothing is parked.');
  });

  it('leaves a record of the decision with the operator, and none when there was nothing to decide', async () => {
    expect((await admins()).map(({ record }) => record)).toEqual([
      expect.objectContaining({
        action: 'delivery.redrive',
        userReference: 'beheer-7',
        caseId: opened.caseId,
        recipients: [ROT],
        messageIds: [poison.messageId],
        decision: { outcome: 'permit', reasons: ['failure:SYSTEM_REFUSED', 'released:4'] },
      }),
    ]);
  });
});

describe('a message that cannot be mended', () => {
  it('is skipped by an operator: it stays a dead letter, and its case goes on now and later', async () => {
    const { opened, poison, later } = await withParkedPart();
    expect(await redrive('--skip', '--apply')).toContain(`skipped M08 ${poison.messageId}`);
    for (const message of later)
      await until('the case goes on', LIMIT_MS, async () => (await stateOf(message)) === 'TAKEN');
    const after = await steps.accepted('ind', correction('ind', opened.caseId, poison.messageId));
    await until('new messages too', LIMIT_MS, async () => (await stateOf(after)) === 'TAKEN');
    const skipped = await seenBy('ind', poison);
    expect([skipped?.state, skipped?.takenAt]).toEqual(['DEAD', undefined]);
    expect(skipped?.deadLetteredAt).toMatch(/Z$/);
    expect((await admins()).at(-1)?.record).toMatchObject({ action: 'delivery.skip', messageIds: [poison.messageId] });
  });

  it('holds up nobody any more once its sender has withdrawn it', async () => {
    const { opened, poison, later } = await withParkedPart();
    const notice = await steps.accepted('ind', withdrawal('ind', opened.caseId, poison.messageId));
    await until('the withdrawal arrives', LIMIT_MS, async () => (await stateOf(notice)) === 'TAKEN');
    expect(await stateOf(poison)).toBe('WITHDRAWN');
    expect(await Promise.all(later.map(stateOf))).toEqual(['TAKEN', 'TAKEN', 'TAKEN']);
    expect(arrivalsOf(opened)).not.toContain('ind-dossier-part');
  });
});

describe('a message that stays parked', () => {
  it('becomes a dead letter after the limit, keeps its case closed, and can still be redriven', async () => {
    const { opened, poison, later } = await withParkedPart();
    const sent: NotificationEvent[] = [];
    const producer = {
      send: (topic: string, events: readonly NotificationEvent[]) => {
        if (topic === DEAD_LETTER_TOPIC) sent.push(...events);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    const pool = new pg.Pool({ connectionString: world.databaseUrl, options: '-c search_path=ketenpoort' });
    const origin = { gatewayOin: GATEWAY_OIN, gatewayUrl: 'https://localhost' };
    const log = pino({ level: 'silent' });
    const away = { ...producer, send: () => Promise.reject(new Error('no broker')) };
    const limits = [1, 0].map((hours) => new DeadLetters(pool, producer, origin, log, hours));
    limits.push(new DeadLetters(pool, away, origin, log, 0));
    try {
      expect(await limits[0]!.sweep()).toBe(0);
      await expect(limits[2]!.sweep()).rejects.toThrow('no broker');
      expect(await stateOf(poison)).toBe('PARKED');
      expect(await limits[1]!.sweep()).toBe(1);
    } finally {
      for (const one of limits) one.close();
      await pool.end();
    }
    expect(sent.map(({ dataref }) => dataref)).toEqual([`https://localhost/v1/messages/${poison.messageId}/content`]);
    expect(await stateOf(poison)).toBe('DEAD');
    const after = await steps.accepted('ind', correction('ind', opened.caseId, poison.messageId));
    expect(await stateOf(after)).toBe('PARKED');
    system.answer = () => ({ status: 204 });
    await redrive('--apply');
    for (const message of [poison, ...later, after])
      await until('the case is delivered', LIMIT_MS, async () => (await stateOf(message)) === 'TAKEN');
  });
});

describe('the command', () => {
  it.each([
    [['--recipient', 'ROT'], /OIN of an organisation/],
    [['--case', '12'], /not the id of a case/],
    [['--operator', 'twee woorden'], /one token/],
    [['--now'], /Unknown option/],
  ])('refuses %j and says why', async (args, why) => {
    const failed = await redrive(...args).catch((error: { code: number; stdout: string }) => error);
    expect(failed).toMatchObject({ code: 2, stdout: expect.stringMatching(why) });
  });

  it('does not work with the rights of the owner', async () => {
    const env = { ...process.env, DATABASE_URL: world.ownerUrl };
    const args = ['dist/tools/redrive/main.js', '--recipient', ROT, '--apply'];
    const failed = await run(process.execPath, args, { env }).catch((error: { code: number; stdout: string }) => error);
    expect(failed).toMatchObject({ code: 2, stdout: expect.stringMatching(/owns access_record/) });
  });

  it('tells a parked stay of one recipient from those of others', async () => {
    await steps.accepted('rot', stayStarted('rot', (await steps.admitted('rot')).caseId));
    const args = ['dist/tools/redrive/main.js', '--recipient', peer('dtv').oin];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, DATABASE_URL: world.databaseUrl } });
    expect(stdout).toContain('Nothing is parked.');
  });
});
