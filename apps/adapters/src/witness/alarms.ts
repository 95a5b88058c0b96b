import type { Logger } from 'pino';
import { alarmId, type Alarm, type AlarmKind } from './alarm.js';
import type { LogMemory } from './log-memory.js';

/** A list that nobody can read helps nobody; beyond this they are counted and logged. */
const LISTED_MAX = 1_000;

/** Alarms that stand until a person has looked: each is logged once, listed in the status, and outlives a restart. */
export class Alarms {
  /** Beyond what can be listed, since the start. */
  private unlisted = 0;

  constructor(
    private readonly memory: LogMemory,
    private readonly log: Logger,
  ) {}

  get count(): number {
    return this.memory.alarms().length + this.unlisted;
  }

  list(): readonly Alarm[] {
    return this.memory.alarms();
  }

  stands(kind: AlarmKind, about: string): boolean {
    return this.memory.hasAlarm(alarmId(kind, about));
  }

  /** True while the log of this origin is under an alarm. */
  isSuspect(origin: string): boolean {
    return this.memory.alarms().some((alarm) => alarm.origin === origin && alarm.recordId === undefined);
  }

  /** `about`: the origin of a log, or the id of a record. Raising what stands changes nothing. */
  async raise(kind: AlarmKind, about: string, alarm: Omit<Alarm, 'id' | 'kind' | 'since'>): Promise<void> {
    const { evidence, ...said } = alarm;
    if (this.stands(kind, about)) return;
    this.log.error(
      { alarm: kind, ...said },
      'the access log does not hold what it promised; see docs/adapter-guide.md',
    );
    if (this.memory.alarms().length >= LISTED_MAX) {
      this.unlisted += 1;
      return;
    }
    const since = new Date().toISOString();
    await this.memory.raise({ id: alarmId(kind, about), kind, since, ...said, ...(evidence && { evidence }) });
  }

  /** It was not what it seemed: the proof came after all. */
  async withdraw(kind: AlarmKind, about: string): Promise<void> {
    if (!this.stands(kind, about)) return;
    await this.memory.clear(alarmId(kind, about));
    this.log.warn({ alarm: kind, about }, 'this alarm is over');
  }

  /** A person has looked. False when there is no such alarm. What is still wrong raises it again. */
  async acknowledge(id: string, userReference: string): Promise<boolean> {
    if (!this.memory.hasAlarm(id)) return false;
    await this.memory.clear(id);
    this.log.warn({ alarm: id, userReference }, 'alarm acknowledged');
    return true;
  }
}
