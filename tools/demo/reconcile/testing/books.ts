import type { ContractId } from '#contracts/contract.js';
import type { BookEntry, ReceivedEntry, SentEntry } from '../../../../apps/agencies/src/book/book-entry.js';
import { GATEWAY_OIN, ROSTER } from '../../roster.js';
import type { AgencyBook } from '../agency-book.js';

type Data = Readonly<Record<string, unknown>>;

const STARTED_AT = Date.parse('2026-03-02T09:00:00Z');

/** Writes books as a flawless exchange would have left them; tests then take something out or put something twice. */
export class BookWriter {
  private readonly entries = new Map<string, BookEntry[]>(ROSTER.map((peer) => [peer.name, []]));
  private seconds = 0;

  books(): readonly AgencyBook[] {
    return ROSTER.map(({ name, oin, kind }) => ({ name, oin, kind, entries: this.entries.get(name)! }));
  }

  /** Accepted from `from`, and in the book of each receiver. Answers the gateway's message id. */
  send(from: string, contract: ContractId, caseId: string, data: Data, to: readonly string[], person?: string): string {
    const at = this.tick();
    const id = `${from}-${contract}-${this.seconds}`;
    const receipt = { messageId: `message-${this.seconds}`, caseId, acceptedAt: at, receipt: 'signed' };
    const sent: SentEntry = {
      kind: 'sent',
      at,
      contract,
      id,
      caseId,
      receipt,
      data,
      ...(person === undefined ? {} : { person }),
    };
    this.write(from, sent);
    for (const name of to) this.write(name, this.received(at, oinOf(from), id, contract, caseId, data));
    return receipt.messageId;
  }

  /** Made by the gateway itself. */
  make(contract: ContractId, caseId: string, data: Data, to: readonly string[]): void {
    const at = this.tick();
    for (const name of to)
      this.write(name, this.received(at, GATEWAY_OIN, `made-${this.seconds}`, contract, caseId, data));
  }

  stay(name: string, person: string): void {
    this.write(name, {
      kind: 'stay',
      at: this.tick(),
      stayId: `stay-${person}`,
      person,
      stayKind: 'SHELTER',
      on: '2026-03-02',
    });
  }

  write(name: string, entry: BookEntry): void {
    this.entries.get(name)!.push(entry);
  }

  private received(
    at: string,
    oin: string,
    id: string,
    contract: ContractId,
    caseid: string,
    data: Data,
  ): ReceivedEntry {
    const source = `urn:nld:oin:${oin}:test`;
    return { kind: 'received', at, source, id, type: contract, contract, caseid, time: at, data };
  }

  private tick(): string {
    this.seconds += 1;
    return new Date(STARTED_AT + this.seconds * 1000).toISOString();
  }
}

/** One resident of Amsterdam from application to a running rest period. */
export function writeResident(writer: BookWriter, caseId = 'case-1', person = 'p-1'): void {
  writer.send('ams', 'M01', caseId, {}, [], person);
  writer.send('ams', 'M02', caseId, { questions: ['X1', 'X6'] }, ['ind', 'coa'], person);
  writer.send('ind', 'M03', caseId, { v_number_status: 'MATCH' }, ['ams']);
  writer.send('coa', 'M03', caseId, { v_number_status: 'MATCH' }, ['ams']);
  writer.stay('ams', person);
  writer.send('ams', 'M04', caseId, { outcome: 'ADMITTED', stay: {} }, [], person);
  writer.make('M05', caseId, {}, ['dtv']);
  writer.make('M07', caseId, { parts: ['IND', 'DTV'] }, ['ind', 'dtv']);
  writer.send('ams', 'M43', caseId, { ngo_oin: oinOf('ngo-1') }, ['ngo-1', 'dtv'], person);
  writer.send('dtv', 'M06', caseId, {}, ['ams']);
  writer.send('ind', 'M08', caseId, {}, ['ams']);
  writer.send('dtv', 'M09', caseId, {}, ['ams']);
  writeRestPeriod(writer, caseId);
}

export function writeRestPeriod(writer: BookWriter, caseId = 'case-1'): void {
  writer.make('M12', caseId, {}, ['ams', 'ind', 'dtv', 'ngo-1']);
  writer.make('M13', caseId, { event: 'STARTED' }, ['ams', 'ind', 'dtv', 'ngo-1']);
}

export function writeRefused(writer: BookWriter, caseId = 'case-refused', person = 'p-refused'): void {
  writer.send('ams', 'M01', caseId, {}, [], person);
  writer.send('ams', 'M02', caseId, { questions: ['X1'] }, ['ind'], person);
  writer.send('ind', 'M03', caseId, { v_number_status: 'MATCH' }, ['ams']);
  writer.send('ams', 'M04', caseId, { outcome: 'REFUSED' }, [], person);
}

export function oinOf(name: string): string {
  return ROSTER.find((peer) => peer.name === name)!.oin;
}
