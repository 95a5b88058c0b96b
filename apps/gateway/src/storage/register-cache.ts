import type { DataSource } from 'typeorm';
import type { PeerKind } from '#contracts/domain.js';
import { localDateAt } from '../cases/calendar.js';
import type { PilotOnDate } from '../cases/transition.js';
import type { CaseClock } from '../clock.js';
import { pilotOnDate } from '../cases/register.js';
import { loadRegister, loadRouteBases, type Register } from './register-reader.js';

const REFRESH_MS = 5_000;

/** Pilots, covenants, local policies and route bases in memory: no decision waits for the database to know the rules. */
export class RegisterCache {
  private timer: NodeJS.Timeout | undefined;
  /** Of registered pilots, by code and date: each message asks several times, of today. */
  private readonly onDate = new Map<string, PilotOnDate>();

  private constructor(
    private readonly dataSource: DataSource,
    private readonly clock: CaseClock,
    private readonly oinOfKind: (kind: PeerKind) => string | undefined,
    private register: Register,
    private bases: ReadonlySet<string>,
  ) {}

  /** Loads the register and keeps it fresh until `close`; a failed refresh keeps what there is. */
  static async open(
    dataSource: DataSource,
    clock: CaseClock,
    oinOfKind: (kind: PeerKind) => string | undefined,
    onFailure: () => void,
  ): Promise<RegisterCache> {
    const cache = new RegisterCache(dataSource, clock, oinOfKind, await loadRegister(dataSource), new Set());
    await cache.refresh();
    cache.timer = setInterval(() => void cache.refresh().catch(onFailure), REFRESH_MS).unref();
    return cache;
  }

  pilotOnDate(code: string, date: string): PilotOnDate | null {
    const key = `${code} ${date}`;
    const pilot = this.onDate.get(key) ?? pilotOnDate(this.register, code, date);
    if (pilot) this.onDate.set(key, pilot);
    return pilot;
  }

  get national(): Readonly<Partial<Record<PeerKind, string>>> {
    const found = (['IND', 'DTV', 'AVIM', 'COA'] as const).map((kind) => [kind, this.oinOfKind(kind)] as const);
    return Object.fromEntries(found.filter(([, oin]) => oin !== undefined));
  }

  /** Routes that need a legal basis and have one today. */
  routeBases(): ReadonlySet<string> {
    return this.bases;
  }

  async refresh(): Promise<void> {
    const [register, bases] = await Promise.all([
      loadRegister(this.dataSource),
      loadRouteBases(this.dataSource, localDateAt(this.clock.now())),
    ]);
    this.register = register;
    this.onDate.clear();
    this.bases = new Set(bases.map((one) => `${one.contract}:${one.receiverKind}`));
  }

  close(): void {
    clearInterval(this.timer);
  }
}
