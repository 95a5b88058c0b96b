import { type AgencyBook, allSent, listOf, type Sent, textOf } from './agency-book.js';

/** One case, put together from what the parties themselves say they sent. Knows nothing of the gateway. */
export interface CaseFile {
  readonly caseId: string;
  readonly municipality: AgencyBook;
  /** In order of acceptance. */
  readonly sent: readonly Sent[];
}

/** Groups all accepted messages by case; a case belongs to the municipality that sent its M01. */
export function caseFiles(books: readonly AgencyBook[]): readonly CaseFile[] {
  const byCase = new Map<string, Sent[]>();
  for (const sent of allSent(books)) {
    if (sent.caseId === null) continue;
    const ofCase = byCase.get(sent.caseId) ?? [];
    ofCase.push(sent);
    byCase.set(sent.caseId, ofCase);
  }
  return [...byCase].flatMap(([caseId, sent]) => {
    const municipality = sent.find((one) => one.contract === 'M01')?.by;
    return municipality ? [{ caseId, municipality, sent }] : [];
  });
}

/** Messages with which a stay started: M41 STARTED, or M04 with a stay in it (domain 2.8). */
export function stayStarts(file: CaseFile): readonly Sent[] {
  return file.sent.filter(
    (sent) =>
      (sent.contract === 'M41' && sent.data['event'] === 'STARTED') ||
      (sent.contract === 'M04' && sent.data['stay'] !== undefined),
  );
}

/** The admission, if there is one and IND had confirmed the V-number: the moment that asks for the dossier (T07). */
export function verifiedAdmission(file: CaseFile): Sent | undefined {
  const verified = file.sent.some(
    (sent) => sent.contract === 'M03' && ['MATCH', 'MERGED_TO'].includes(textOf(sent.data, 'v_number_status')),
  );
  return verified ? admission(file, 'ADMITTED') : undefined;
}

export function admission(file: CaseFile, outcome: 'ADMITTED' | 'REFUSED'): Sent | undefined {
  return file.sent.find((sent) => sent.contract === 'M04' && sent.data['outcome'] === outcome);
}

export interface DossierMoment {
  readonly kind: 'COMPLETE' | 'BROKEN';
  readonly at: string;
}

/**
 * When the dossier became complete (both mandatory parts) and when a withdrawal broke it again. A corrected part is a
 * new version of a part that is there: it changes nothing.
 */
export function dossierMoments(file: CaseFile): readonly DossierMoment[] {
  const present = new Set<string>();
  const moments: DossierMoment[] = [];
  for (const sent of file.sent) {
    const before = present.size;
    if (sent.contract === 'M08' || sent.contract === 'M09') present.add(sent.contract);
    if (sent.contract === 'M29') {
      const target = file.sent.find((one) => one.receipt.messageId === sent.data['target_message_id']);
      if (target) present.delete(target.contract);
    }
    if (before < 2 && present.size === 2) moments.push({ kind: 'COMPLETE', at: sent.receipt.acceptedAt });
    if (before === 2 && present.size < 2) moments.push({ kind: 'BROKEN', at: sent.receipt.acceptedAt });
  }
  return moments;
}

/** OINs of the NGOs that had been assigned (M43) by a moment. */
export function ngosAt(file: CaseFile, at: string): readonly string[] {
  return file.sent
    .filter((sent) => sent.contract === 'M43' && Date.parse(sent.receipt.acceptedAt) < Date.parse(at))
    .map((sent) => textOf(sent.data, 'ngo_oin'));
}

/** True when DT&V had learnt of the case by a moment: through a stay, or because its dossier was asked. */
export function dtvKnowsAt(file: CaseFile, at: string): boolean {
  const admitted = verifiedAdmission(file);
  return [...stayStarts(file), ...(admitted ? [admitted] : [])].some(
    (sent) => Date.parse(sent.receipt.acceptedAt) <= Date.parse(at),
  );
}

export function asks(sent: Sent, list: 'questions' | 'parts', value: string): boolean {
  return listOf(sent.data, list).includes(value);
}
