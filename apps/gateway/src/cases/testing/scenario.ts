import type { ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import { validatePayload } from '#contracts/validate.js';
import { localDateOf } from '../calendar.js';
import type { CaseIdentity, CaseSnapshot, Instant, TimerKind } from '../case-snapshot.js';
import { applyEvent } from '../process.js';
import type { CaseContext, CaseEvent, CaseOutcome, EmittedMessage, PilotOnDate } from '../transition.js';
import { frozen } from './frozen.js';
import { OIN, V_NUMBER } from './payloads.js';

export type Accepted = Extract<CaseOutcome, { ok: true }>;
type Target = NonNullable<Extract<CaseEvent, { kind: 'message' }>['target']>;
type Payload = Readonly<Record<string, unknown>>;

const IDENTITY: CaseIdentity = {
  v_number: V_NUMBER,
  family_name: 'Proefpersoon',
  given_names: 'Noor Anna',
  birth_date: '1985-07',
  nationalities: ['0499'],
};

export interface Settings {
  readonly pilot?: Partial<PilotOnDate>;
  readonly withoutNumber?: boolean;
}

/**
 * One case played event by event, the way the exchange plays it: it keeps the snapshot, the identity and the messages.
 * It freezes whatever it hands over, so that a change in place is an error, and holds every message, in and out, against
 * its contract.
 */
export class Scenario {
  now: Instant = '2026-03-02T09:00:00.000Z';
  snapshot: CaseSnapshot | null = null;
  identity: CaseIdentity;
  pilot: PilotOnDate;
  otherCases: CaseContext['otherCases'] = [];
  routeBases: ReadonlySet<string> = new Set();
  national: CaseContext['national'] = { IND: OIN.ind, DTV: OIN.dtv, COA: OIN.coa, AVIM: OIN.avim };
  readonly emitted: EmittedMessage[] = [];
  readonly messages = new Map<string, Target>();
  private ids = 0;
  private numbers = 0;

  constructor({ pilot, withoutNumber }: Settings = {}) {
    this.pilot = { code: 'AMS', municipalityOin: OIN.ams, covenantId: 'LVV-AMS-TEST', policy: {}, ...pilot };
    const { v_number: _number, ...nameless } = IDENTITY;
    this.identity = withoutNumber ? { ...nameless, provisional_ref: 'AMS-PROEF-1' } : IDENTITY;
  }

  at(now: Instant): this {
    this.now = now;
    return this;
  }

  /** The case as it stands. */
  get is(): CaseSnapshot {
    if (!this.snapshot) throw new Error('no case yet');
    return this.snapshot;
  }

  /** Plays a message and demands that it is accepted. */
  send(contract: ContractId, sender: PeerKind, data: Payload): Accepted {
    const outcome = this.try(contract, sender, data);
    if (!outcome.ok) throw new Error(`${contract} was refused: ${outcome.code}, ${outcome.detail}`);
    return outcome;
  }

  /** Plays a message; a refusal leaves the case as it was. */
  try(contract: ContractId, sender: PeerKind, data: Payload): CaseOutcome {
    obey(contract, data);
    const messageId = this.nextId();
    const from = { oin: oinOf(sender), kind: sender };
    const named = data.target_message_id;
    const target = typeof named === 'string' ? this.messages.get(named) : undefined;
    const event: CaseEvent = {
      kind: 'message',
      contract,
      messageId,
      sender: from,
      data,
      ...(target ? { target } : {}),
    };
    const outcome = this.apply(event);
    if (outcome.ok) this.messages.set(messageId, { messageId, contract, senderOin: from.oin });
    return outcome;
  }

  fire(timer: TimerKind): Accepted {
    const outcome = this.apply({ kind: 'timer', timer });
    if (!outcome.ok) throw new Error('a timer is never refused');
    return outcome;
  }

  /** Message id of the part of a supplier that is in force. */
  part(supplier: 'IND' | 'DTV'): string {
    const part = this.is.parts.find((known) => known.supplier === supplier && known.status === 'ACCEPTED');
    if (!part) throw new Error(`no part of ${supplier} is in force`);
    return part.messageId;
  }

  dueAt(timer: TimerKind): Instant | undefined {
    return this.is.timers.find((running) => running.kind === timer)?.dueAt;
  }

  private apply(event: CaseEvent): CaseOutcome {
    const outcome = applyEvent(frozen(this.snapshot), frozen(event), frozen(this.context()));
    if (outcome.ok) {
      this.snapshot = outcome.next;
      this.identity = { ...this.identity, ...outcome.identityChange };
      for (const made of outcome.emit) obey(made.contract, made.data);
      this.emitted.push(...outcome.emit);
    }
    return outcome;
  }

  private context(): CaseContext {
    return {
      now: this.now,
      today: localDateOf(this.now),
      pilot: this.pilot,
      otherCases: this.otherCases,
      national: this.national,
      routeBases: this.routeBases,
      identity: () => this.identity,
      newId: () => this.nextId(),
      nextCaseNumber: () => `LVV-AMS-2026-${String((this.numbers += 1)).padStart(6, '0')}`,
    };
  }

  private nextId(): string {
    this.ids += 1;
    return `00000000-0000-7000-8000-${String(this.ids).padStart(12, '0')}`;
  }
}

function obey(contract: ContractId, data: Payload): void {
  const [issue] = validatePayload({ id: contract }, data);
  if (issue) throw new Error(`${contract} breaks its contract: ${issue.pointer} ${issue.rule}`);
}

function oinOf(kind: PeerKind): string {
  const known: Partial<Record<PeerKind, string>> = {
    MUNICIPALITY: OIN.ams,
    NGO: OIN.ngo,
    IND: OIN.ind,
    DTV: OIN.dtv,
    AVIM: OIN.avim,
    COA: OIN.coa,
  };
  return known[kind] ?? OIN.other;
}
