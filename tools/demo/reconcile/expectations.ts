import type { ContractId } from '#contracts/contract.js';
import type { AgencyBook, Sent } from './agency-book.js';
import { textOf } from './agency-book.js';
import {
  asks, type CaseFile, dossierMoments, dtvKnowsAt, ngosAt, stayStarts, verifiedAdmission,
} from './case-file.js'; // prettier-ignore

/** One message that must be in one receiver's book exactly once in effect. */
export interface Expectation {
  readonly contract: ContractId;
  readonly caseId: string;
  readonly receiver: AgencyBook;
  /** Who made it and under which own id; null for what the gateway made itself, which only kind and case identify. */
  readonly sent: { readonly oin: string; readonly id: string } | null;
  /** M13 only: which event it must be. */
  readonly event?: string;
  /** The sender withdrew it: the receiver may have had no time to fetch it, and then gets it no more. */
  readonly mayBeAbsent: boolean;
}

/**
 * What every receiver must have, told from the books of the senders and the domain's message table (2.7) alone. Written
 * apart from the gateway's own routing on purpose: a gateway that compares itself with itself proves nothing.
 */
export function expectationsOf(file: CaseFile, books: readonly AgencyBook[]): readonly Expectation[] {
  return [...file.sent.flatMap((sent) => ofSent(sent, file, books)), ...ofGateway(file, books)];
}

function ofSent(sent: Sent, file: CaseFile, books: readonly AgencyBook[]): Expectation[] {
  return receivers(sent, file, books).map((receiver) => ({
    contract: sent.contract,
    caseId: file.caseId,
    receiver,
    sent: { oin: sent.by.oin, id: sent.id },
    mayBeAbsent: isWithdrawn(sent, file),
  }));
}

function isWithdrawn(sent: Sent, file: CaseFile): boolean {
  return file.sent.some((one) => one.contract === 'M29' && one.data['target_message_id'] === sent.receipt.messageId);
}

function receivers(sent: Sent, file: CaseFile, books: readonly AgencyBook[]): readonly AgencyBook[] {
  const at = sent.receipt.acceptedAt;
  const kind = (wanted: AgencyBook['kind']): AgencyBook[] => books.filter((book) => book.kind === wanted);
  const ngos = (): AgencyBook[] => books.filter((book) => ngosAt(file, at).includes(book.oin));
  switch (sent.contract) {
    case 'M02':
      return [...kind('IND'), ...(asks(sent, 'questions', 'X6') ? kind('COA') : [])];
    case 'M04':
      return ngos();
    case 'M07':
      return (['IND', 'DTV', 'COA', 'AVIM'] as const).filter((part) => asks(sent, 'parts', part)).flatMap(kind);
    case 'M43':
      return [
        ...books.filter((book) => book.oin === textOf(sent.data, 'ngo_oin')),
        ...(dtvKnowsAt(file, at) ? kind('DTV') : []),
      ];
    case 'M41':
      // The start reaches DT&V as M05; later changes as they are.
      return [...ngos(), ...(sent.data['event'] === 'STARTED' ? [] : kind('DTV'))];
    case 'M03':
    case 'M06':
    case 'M08':
    case 'M09':
    case 'M11':
      return [file.municipality];
    case 'M10':
      return [file.municipality, ...kind('IND'), ...kind('DTV')];
    case 'M28':
    case 'M29': {
      const target = targetOf(sent, file);
      return target ? receivers(target, file, books) : [];
    }
    case 'M30': {
      const target = targetOf(sent, file);
      return target ? [target.by] : [];
    }
    default:
      return [];
  }
}

function targetOf(notice: Sent, file: CaseFile): Sent | undefined {
  return file.sent.find((sent) => sent.receipt.messageId === notice.data['target_message_id']);
}

/** M05 for each stay, M07 for a verified admission, M12 and M13 for each completed or broken dossier. */
function ofGateway(file: CaseFile, books: readonly AgencyBook[]): Expectation[] {
  const to = (contract: ContractId, kinds: readonly AgencyBook['kind'][], event?: string): Expectation[] =>
    books
      .filter((book) => kinds.includes(book.kind) && (book.kind !== 'MUNICIPALITY' || book === file.municipality))
      .map((receiver) => gatewayMade(file, contract, receiver, event));
  const expected = stayStarts(file).flatMap(() => to('M05', ['DTV']));
  if (verifiedAdmission(file)) expected.push(...to('M07', ['IND', 'DTV']));
  for (const moment of dossierMoments(file)) {
    const ngos = books.filter((book) => ngosAt(file, moment.at).includes(book.oin));
    const event = moment.kind === 'COMPLETE' ? 'STARTED' : 'VOIDED';
    expected.push(...to('M13', ['MUNICIPALITY', 'IND', 'DTV'], event));
    expected.push(...ngos.map((ngo) => gatewayMade(file, 'M13', ngo, event)));
    if (moment.kind === 'COMPLETE') {
      expected.push(...to('M12', ['MUNICIPALITY', 'IND', 'DTV']), ...ngos.map((ngo) => gatewayMade(file, 'M12', ngo)));
    }
  }
  return expected;
}

function gatewayMade(file: CaseFile, contract: ContractId, receiver: AgencyBook, event?: string): Expectation {
  return {
    contract,
    caseId: file.caseId,
    receiver,
    sent: null,
    mayBeAbsent: false,
    ...(event === undefined ? {} : { event }),
  };
}
