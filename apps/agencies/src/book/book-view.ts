import type { ContractId } from '#contracts/contract.js';
import type { Person } from '../population/person.js';
import { createPopulation } from '../population/population.js';
import type { BookEntry, ReceivedEntry, SentEntry } from './book-entry.js';

/**
 * What a system knows, folded from its book entry by entry. The same fold runs live and after a restart, so that what a
 * system still has to do never depends on whether it was switched off in between.
 */
export class BookView {
  readonly entries: BookEntry[] = [];
  private readonly settledIds = new Set<string>();
  private readonly receivedKeys = new Set<string>();
  private readonly receivedByCase = new Map<string, ReceivedEntry[]>();
  private readonly sentByCase = new Map<string, SentEntry[]>();
  private readonly personByKey = new Map<string, Person>();
  private readonly personByVNumber = new Map<string, Person>();
  private readonly personByCase = new Map<string, Person>();

  apply(entry: BookEntry): void {
    this.entries.push(entry);
    if (entry.kind === 'play') this.meet(createPopulation(entry.residents, entry.seed));
    if (entry.kind === 'sent') this.applySent(entry);
    if (entry.kind === 'sent' || entry.kind === 'refused' || entry.kind === 'consulted') this.settledIds.add(entry.id);
    if (entry.kind === 'received') this.applyReceived(entry);
    if (entry.kind === 'person' || entry.kind === 'stay') this.settledIds.add(factKey(entry.kind, entry.person));
  }

  /** True once an own message was accepted, refused for good, or a consultation was made. */
  isSettled(id: string): boolean {
    return this.settledIds.has(id);
  }

  hasFact(kind: 'person' | 'stay', person: string): boolean {
    return this.settledIds.has(factKey(kind, person));
  }

  hasReceived(source: string, id: string): boolean {
    return this.receivedKeys.has(`${source}|${id}`);
  }

  /** Own accepted messages of one contract in a case, in the order in which they were accepted. */
  sentInCase(caseId: string, contract: ContractId): readonly SentEntry[] {
    return (this.sentByCase.get(caseId) ?? []).filter((entry) => entry.contract === contract);
  }

  received(caseId: string, contract: ContractId): readonly ReceivedEntry[] {
    return (this.receivedByCase.get(caseId) ?? []).filter((entry) => entry.contract === contract);
  }

  person(key: string): Person | undefined {
    return this.personByKey.get(key);
  }

  byVNumber(vNumber: string): Person | undefined {
    return this.personByVNumber.get(vNumber);
  }

  /** The person of a case: by the own M01, or by the V-number of a message in that case. */
  ofCase(caseId: string): Person | undefined {
    return this.personByCase.get(caseId);
  }

  private meet(people: readonly Person[]): void {
    for (const person of people) {
      this.personByKey.set(person.key, person);
      this.personByVNumber.set(person.vNumber, person);
    }
  }

  private applySent(entry: SentEntry): void {
    if (entry.caseId === null) return;
    this.sentByCase.set(entry.caseId, [...(this.sentByCase.get(entry.caseId) ?? []), entry]);
    const person = entry.person === undefined ? undefined : this.personByKey.get(entry.person);
    if (person) this.personByCase.set(entry.caseId, person);
  }

  private applyReceived(entry: ReceivedEntry): void {
    this.receivedKeys.add(`${entry.source}|${entry.id}`);
    if (entry.caseid === null) return;
    const ofCase = this.receivedByCase.get(entry.caseid) ?? [];
    ofCase.push(entry);
    this.receivedByCase.set(entry.caseid, ofCase);
    const vNumber = entry.data['v_number'];
    const person = typeof vNumber === 'string' ? this.personByVNumber.get(vNumber) : undefined;
    if (person && !this.personByCase.has(entry.caseid)) this.personByCase.set(entry.caseid, person);
  }
}

function factKey(kind: 'person' | 'stay', person: string): string {
  return `fact:${kind}:${person}`;
}
