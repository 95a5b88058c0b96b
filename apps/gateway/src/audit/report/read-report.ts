import type { PoolClient } from 'pg';
import { localDateAt } from '../../cases/calendar.js';
import type { Caller } from '../caller.js';
import { entryWords, GATEWAY_NAME, type EntryWords } from './entry-words.js';
import { findReport, ownPart, type FoundReport } from './find-report.js';
import type { PartAddress } from './answer-part.js';
import { partEntries } from './part-entries.js';
import { RefusedAbout, type Done } from './recorded.js';
import type { ReportEntry } from './report-entry.js';
import type { ReportParts } from './report-parts.js';
import { readWithheld, type PartRow } from './report-rows.js';
import { partsFor } from './visible-parts.js';
import { GatewayError } from '../../errors.js';
import { policeHidden } from './police-hidden.js';

export interface Page {
  readonly after?: string;
  readonly limit: number;
}

export type ReportView = ReturnType<typeof viewOf>;
export type PartView = ReturnType<typeof partView>;

export interface PartPage {
  readonly part: PartView;
  readonly items: readonly (EntryWords & { readonly entryId: string; readonly at: string })[];
  /** Last id of this page; absent on the last one. */
  readonly next?: string;
}

const LIST = `SELECT r.id FROM data_subject_report r WHERE r.id > $2
    AND (r.handler_oin = $1 OR EXISTS (SELECT 1 FROM data_subject_report_part p WHERE p.report_id = r.id AND p.oin = $1))
  ORDER BY r.id LIMIT $3`;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** A report as the caller may know it. */
export async function viewReport(
  sources: ReportParts,
  client: PoolClient,
  caller: Caller,
  id: string,
): Promise<Done<ReportView>> {
  const found = await findReport(sources, client, caller, id);
  return { answer: viewOf(sources, caller, found), about: found.about };
}

/** Reports that the organisation handles or has a part in, oldest first: an officer's list of work. */
export async function listReports(
  sources: ReportParts,
  client: PoolClient,
  caller: Caller,
  { after = BEFORE_ALL, limit }: Page,
): Promise<Done<{ readonly items: readonly ReportView[]; readonly next?: string }>> {
  const { rows } = await client.query<{ id: string }>(LIST, [caller.oin, after, limit + 1]);
  const items: ReportView[] = [];
  for (const { id } of rows.slice(0, limit)) {
    items.push(viewOf(sources, caller, await findReport(sources, client, caller, id)));
  }
  const last = items.at(-1)?.id;
  const next = rows.length > limit && last !== undefined ? { next: last } : {};
  return { answer: { items, ...next }, about: { details: { shown: items.length } } };
}

/** The lines of one's own part, as the resident will read them, so that an officer can judge each. */
export async function viewPart(
  sources: ReportParts,
  client: PoolClient,
  caller: Caller,
  { reportId, oin }: PartAddress,
  { after, limit }: Page,
): Promise<Done<PartPage>> {
  const found = await findReport(sources, client, caller, reportId);
  const part = checked(found, () => ownPart(found, oin));
  const naming = { nameOf: namesIn(sources), isHidden: policeHidden(sources.peers, found.parts, caller.oin) };
  const shown: ReportEntry[] = [];
  for await (const entries of partEntries(sources, client, found, oin, after)) {
    shown.push(...entries.slice(0, limit + 1 - shown.length));
    if (shown.length > limit) break;
  }
  const items = shown
    .slice(0, limit)
    .map((entry) => ({ entryId: entry.id, at: entry.at, ...entryWords(entry, naming) }));
  const last = items.at(-1)?.entryId;
  const next = shown.length > limit && last !== undefined ? { next: last } : {};
  const withheld = (await readWithheld(client, reportId)).filter((one) => one.oin === oin).length;
  const answer = { part: partView(sources, caller, found, part, withheld), items, ...next };
  return { answer, about: { ...found.about, details: { ...found.about.details, shown: items.length } } };
}

function checked<Result>(found: FoundReport, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw error instanceof GatewayError ? new RefusedAbout(error, found.about) : error;
  }
}

function viewOf(sources: ReportParts, caller: Caller, found: FoundReport) {
  const { report, parts } = found;
  return {
    id: report.id,
    requestMessageId: report.requestMessageId,
    caseId: report.caseId,
    receivedOn: report.receivedOn,
    coversUntil: report.coversUntil.toISOString(),
    handledBy: { oin: report.handlerOin, name: namesIn(sources)(report.handlerOin) },
    parts: partsFor(caller.oin, report, parts).map((part) => partView(sources, caller, found, part)),
  };
}

/** How many lines a part has is for its own controller until it has answered. */
function partView(sources: ReportParts, caller: Caller, found: FoundReport, part: PartRow, withheld?: number) {
  const { oin, regime, state, dueOn, entries, answeredAt, ground, showFrom, extension } = part;
  const answeredOn = answeredAt && localDateAt(answeredAt);
  return {
    oin,
    name: namesIn(sources)(oin),
    regime,
    state,
    dueOn,
    overdue: state === 'OPEN' && found.today > dueOn,
    ...(extension ? { extension } : {}),
    ...(answeredOn ? { answeredOn } : {}),
    ...(ground ? { ground } : {}),
    ...(showFrom ? { showFrom } : {}),
    ...(oin === caller.oin ? { entries } : {}),
    ...(withheld === undefined ? {} : { withheld }),
  };
}

export function namesIn({ peers, gatewayOin }: ReportParts): (oin: string) => string {
  return (oin) => (oin === gatewayOin ? GATEWAY_NAME : (peers.byOin(oin)?.name ?? `organisatie ${oin}`));
}
