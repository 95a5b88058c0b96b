import type { Behaviour, ConsultIntent, DueAt, Intent, SendIntent } from '../behaviour/intent.js';
import type { BookEntry, ReceivedEntry } from '../book/book-entry.js';
import { BookFile } from '../book/book-file.js';
import { BookView } from '../book/book-view.js';
import type { AdapterClient } from './adapter-client.js';
import { Outbox } from './outbox.js';

/** Leaves out the moment of writing, which the system itself adds. */
type Undated<T> = T extends BookEntry ? Omit<T, 'at'> : never;

export interface SystemParts {
  readonly name: string;
  readonly stateDir: string;
  /** True for a system that begins a run; the others answer. */
  readonly starts: boolean;
  readonly behaviour: Behaviour;
  readonly dueAt: DueAt;
  readonly adapter: AdapterClient;
  readonly log: (line: string) => void;
}

export interface SystemStatus {
  readonly name: string;
  readonly entries: number;
  /** Own messages that are due within the asked time, or under way. */
  readonly pending: number;
  /** Own messages that are planned for any time. */
  readonly planned: number;
  readonly refused: number;
  readonly lastEntryAt: string | null;
}

/** A seed stands for one population only. */
export class RunConflict extends Error {}

/**
 * One organisation's own administration: it writes down what comes in, does what its behaviour says, and writes down
 * what was accepted. Everything it still has to do follows from its book, so a restart goes on where it stopped.
 */
export class AgencySystem {
  private readonly view = new BookView();
  private readonly outbox: Outbox;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly parts: SystemParts,
    private readonly file: BookFile,
  ) {
    this.outbox = new Outbox(
      (intent) => this.carryOut(intent),
      (intent, problem) => parts.log(`${parts.name} ${intent.id}: ${problem}`),
    );
  }

  /** Reads the book again and takes up what was not finished. */
  static async open(parts: SystemParts): Promise<AgencySystem> {
    const { file, entries } = await BookFile.open(parts.stateDir);
    const system = new AgencySystem(parts, file);
    const intents = entries.flatMap((entry) => system.digest(entry));
    system.outbox.add(intents.filter((intent) => !system.view.isSettled(intent.id)));
    return system;
  }

  get name(): string {
    return this.parts.name;
  }

  get starts(): boolean {
    return this.parts.starts;
  }

  /** Takes a message in, once in effect: the same (source, id) again changes nothing. Resolves when it is on disk. */
  receive(message: Undated<ReceivedEntry>): Promise<'taken' | 'known'> {
    return this.exclusively(async () => {
      if (this.view.hasReceived(message.source, message.id)) return 'known';
      await this.write(message);
      return 'taken';
    });
  }

  /**
   * The people of a run exist from now on; the same run again changes nothing. Throws when the seed already stands for
   * another number of people: keys and V-numbers would then mean two persons.
   */
  play(residents: number, seed: number): Promise<void> {
    return this.exclusively(async () => {
      const known = this.view.entries.find((entry) => entry.kind === 'play' && entry.seed === seed);
      if (known?.kind !== 'play') await this.write({ kind: 'play', residents, seed });
      else if (known.residents !== residents) throw new RunConflict(`seed ${seed} was played with ${known.residents}`);
    });
  }

  book(): readonly BookEntry[] {
    return this.view.entries;
  }

  status(withinMs: number): SystemStatus {
    const { entries } = this.view;
    return {
      name: this.parts.name,
      entries: entries.length,
      pending: this.outbox.pendingWithin(withinMs),
      planned: this.outbox.size,
      refused: entries.filter((entry) => entry.kind === 'refused').length,
      lastEntryAt: entries.at(-1)?.at ?? null,
    };
  }

  async close(): Promise<void> {
    await this.outbox.stop();
    await this.writing;
    await this.file.close();
  }

  private async carryOut(intent: Intent): Promise<void> {
    if (this.view.isSettled(intent.id)) return;
    if (intent.kind === 'consult') await this.consult(intent);
    else await this.send(intent);
  }

  private async send(intent: SendIntent): Promise<void> {
    const { id, contract, caseId, data, person, fact } = intent;
    if (fact && !this.view.hasFact(fact.kind, fact.person)) await this.exclusively(() => this.write(fact));
    const answer = await this.parts.adapter.submit({ id, contract, caseId, data });
    if (!answer.accepted) {
      this.parts.log(`${this.parts.name} ${contract} ${id} refused: ${answer.status} ${answer.code}`);
      await this.exclusively(() =>
        this.write({ kind: 'refused', contract, id, caseId, status: answer.status, code: answer.code }),
      );
      return;
    }
    const { messageId, acceptedAt, receipt } = answer.receipt;
    const known = { messageId, caseId: answer.receipt.caseId ?? caseId, acceptedAt, receipt };
    await this.exclusively(() =>
      this.write({
        kind: 'sent',
        contract,
        id,
        caseId: known.caseId,
        receipt: known,
        data: data as Record<string, unknown>,
        ...(person === undefined ? {} : { person }),
      }),
    );
  }

  private async consult({ id, caseId, purpose }: ConsultIntent): Promise<void> {
    const status = await this.parts.adapter.consultDossier(caseId, purpose);
    await this.exclusively(() => this.write({ kind: 'consulted', id, caseId, status }));
  }

  /** One writer at a time, so that "is it in the book" and "put it in the book" cannot interleave. */
  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.writing.then(work);
    this.writing = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  private async write(entry: Undated<BookEntry>): Promise<void> {
    const dated = { at: new Date().toISOString(), ...entry } as BookEntry;
    await this.file.append(dated);
    this.outbox.add(this.digest(dated));
  }

  private digest(entry: BookEntry): readonly Intent[] {
    this.view.apply(entry);
    return this.parts.behaviour(entry, this.view, this.parts.dueAt).filter((intent) => !this.view.isSettled(intent.id));
  }
}
