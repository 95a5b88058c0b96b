import type { ContractId } from '#contracts/contract.js';
import type { FieldGroup, LegalBasis, PeerKind, PurposeCode } from '#contracts/domain.js';
import type { PlainRecord } from '../search/plain-record.js';
import type { Regime } from './terms.js';

/** One line of a report: what a record says that is for the resident, and who answers for it. No employee in it. */
export interface ReportEntry {
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  /** OIN of who did it; null when nobody is known. */
  readonly by: string | null;
  /** The gateway did it, for whoever answers for this line. */
  readonly byGateway: boolean;
  readonly action: string;
  readonly contract: ContractId | null;
  readonly purpose: PurposeCode | null;
  readonly legalBases: readonly LegalBasis[];
  readonly data: readonly FieldGroup[];
  /** OIN of the author of what was read; OINs to whom it went on. */
  readonly source: string | null;
  readonly recipients: readonly string[];
  readonly permitted: boolean;
  readonly code: string | null;
  /** Why the bytes of the record may not be handed out: they point to an employee, or they are about others as well. */
  readonly closed: 'EMPLOYEE' | 'OTHERS' | null;
  readonly part: PartKey;
}

/** A part belongs to one controller, under one law. */
export interface PartKey {
  readonly oin: string;
  readonly regime: Regime;
}

/** What is known of the organisations around one person. */
export interface Surroundings {
  readonly kindOf: (oin: string) => PeerKind | undefined;
  /** OIN of the police (AVIM) when records do not name it; null when none is registered. */
  readonly police: string | null;
  /** Organisations that are or have been a party of a case of this person. */
  readonly parties: ReadonlySet<string>;
  readonly municipalityOf: (caseId: string) => string | undefined;
  /** Municipality of the case in which the request was made: it answers for what nobody else answers for. */
  readonly coordinator: string;
  /** Register of processing activities, by URI. */
  readonly activities: Readonly<
    Record<string, { readonly controllers: readonly PeerKind[]; readonly regime: Regime } | undefined>
  >;
}

/** Grounds and kinds of data that a contract names for the police alone: of anybody else's record they say nothing. */
const POLICE_BASES: readonly LegalBasis[] = ['LB4', 'LB5', 'LB6', 'LB7'];
const POLICE_DATA: readonly FieldGroup[] = ['FG16'];
/** About messages, not about the resident. */
const TECHNICAL: FieldGroup = 'FG00';

/** Pure: the same record and surroundings give the same line and the same part. */
export function reportEntry(record: PlainRecord, around: Surroundings): ReportEntry {
  const part = partOf(record, around);
  const police = part.regime === 'WPG';
  return {
    id: record.id,
    at: record.at,
    by: record.peer?.oin ?? null,
    byGateway: record.peer?.kind === 'GATEWAY',
    action: record.action,
    contract: record.contract?.id ?? null,
    purpose: record.purpose ?? null,
    legalBases: record.legalBases.filter((basis) => police || !POLICE_BASES.includes(basis)),
    data: record.fieldGroups.released.filter(
      (group) => group !== TECHNICAL && (police || !POLICE_DATA.includes(group)),
    ),
    source: record.source ?? null,
    recipients: passedOnTo(record),
    permitted: record.decision.outcome === 'permit',
    code: record.decision.code ?? null,
    closed: closedBy(record),
    part,
  };
}

/** A look passes nothing on: whom its record names as recipients are the municipalities of the cases that it was about. */
function passedOnTo({ kind, recipients }: PlainRecord): readonly string[] {
  return kind === 'CONSULTATION' ? [] : (recipients ?? []);
}

/** An employee is who asked, an officer, or, in the record of a grant, the person to whom it was given. */
function closedBy({ userReference, peer, details, subjects, messageIds }: PlainRecord): ReportEntry['closed'] {
  const member = details?.userReference;
  if (userReference !== undefined || peer?.officer !== undefined || member !== undefined) return 'EMPLOYEE';
  return subjects.length > 1 || messageIds !== undefined ? 'OTHERS' : null;
}

/**
 * Who answers for a record. What the police did, wrote, got alone (but for a request of the resident) or has under its
 * own law is the police's. Else whoever acted, if it is a controller of that activity and a party of a case of this
 * person. For all else (the gateway, an NGO on mandate, a stranger whose attempt was refused) the coordinating
 * municipality: a stranger must not learn of the case.
 */
function partOf(record: PlainRecord, around: Surroundings): PartKey {
  const activity = record.processingActivity === undefined ? undefined : around.activities[record.processingActivity];
  const police = policeOf(record, around, activity?.regime);
  if (police !== null) return { oin: police, regime: 'WPG' };
  const { oin, kind } = record.peer ?? {};
  if (
    oin !== undefined &&
    kind !== undefined &&
    around.parties.has(oin) &&
    (activity?.controllers.includes(kind) ?? true)
  ) {
    return { oin, regime: 'AVG' };
  }
  const ofCase = record.caseId === undefined ? undefined : around.municipalityOf(record.caseId);
  return { oin: record.municipality ?? ofCase ?? around.coordinator, regime: 'AVG' };
}

function policeOf(record: PlainRecord, around: Surroundings, regime: Regime | undefined): string | null {
  const { peer, source, recipients = [] } = record;
  const isPolice = (oin: string | undefined): oin is string => oin !== undefined && around.kindOf(oin) === 'AVIM';
  if (peer?.kind === 'AVIM' && peer.oin !== undefined) return peer.oin;
  if (isPolice(source)) return source;
  // With its receiver left out, a message to nobody else would still tell. A request of the resident tells nothing: it
  // was made whether the police had anything or not, and the resident would miss it.
  const [only] = recipients;
  if (isPolice(only) && recipients.every(isPolice) && !isRequestOfResident(record)) return only;
  if (regime !== 'WPG') return null;
  return recipients.find(isPolice) ?? around.police;
}

function isRequestOfResident({ action, contract }: PlainRecord): boolean {
  return action === 'message.accept' && contract?.id === 'M37';
}
