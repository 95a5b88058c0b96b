import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { DELIVERY_CHANNEL, DeliverySignal, MAX_RECIPIENTS_TOLD } from '../apps/gateway/src/delivery/delivery-signal.js';
import { openOwnDatabase, runAs, type OwnDatabase } from './support/own-database.js';
import { until } from './support/until.js';

const IND = '00000099000000000301';
const COA = '00000099000000000302';
/** What a signal must not take, and how long nobody is woken by accident. */
const SOON_MS = 1_000;
const NOBODY_MS = 300;
const PATIENCE_MS = 20_000;

let database: OwnDatabase;
let signal: DeliverySignal;

beforeAll(async () => void (database = await openOwnDatabase()), 60_000);
afterAll(async () => await database.close());
beforeEach(async () => {
  signal = new DeliverySignal(database.urls.app, pino({ level: 'silent' }));
  await signal.open();
});
afterEach(async () => await signal.close());

const tell = (oins: string): Promise<unknown> =>
  runAs(database.urls.app, `SELECT pg_notify('${DELIVERY_CHANNEL}', $1)`, [oins]);

/** Who of these has been woken, as it happens. */
function wokenOf(...oins: readonly string[]): string[] {
  const woken: string[] = [];
  for (const oin of oins) void signal.next(oin, PATIENCE_MS).then(() => woken.push(oin));
  return woken;
}

const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, NOBODY_MS));

describe('the signal of a commit that made deliveries', () => {
  it('wakes those whom it names and nobody else', async () => {
    const woken = wokenOf(COA, IND);
    await tell(IND);
    await until('IND is woken', SOON_MS, () => woken.length > 0);
    await aWhile();
    expect(woken).toEqual([IND]);
  });

  it('wakes everybody when it names nobody', async () => {
    const woken = wokenOf(COA, IND);
    await tell('');
    await until('both are woken', SOON_MS, () => woken.length === 2);
  });

  it('wakes whoever waits for any work, whomever it names', async () => {
    let heard = 0;
    signal.onWork(() => (heard += 1));
    await tell(COA);
    await until('heard', SOON_MS, () => heard === 1);
  });

  it('has room for as many names as it may hold', async () => {
    const woken = wokenOf(IND);
    await tell([...Array.from({ length: MAX_RECIPIENTS_TOLD - 1 }, () => COA), IND].join(' '));
    await until('the last named is woken', SOON_MS, () => woken.length === 1);
  });

  it('wakes nobody any more who has waited long enough', async () => {
    await signal.next(IND, 1);
    const woken = wokenOf(COA);
    await tell(IND);
    await aWhile();
    expect(woken).toEqual([]);
  });

  it('wakes everybody when it hears again after its connection was cut', async () => {
    const woken = wokenOf(COA, IND);
    await runAs(
      database.urls.app,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'ketenpoort-signal' AND datname = current_database()`,
    );
    await until('both are woken', PATIENCE_MS, () => woken.length === 2);
  });
});
