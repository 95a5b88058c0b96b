import type { PoolClient } from 'pg';
import { GatewayError } from '../../errors.js';
import type { Caller } from '../caller.js';
import { findReport, ownPart, type FoundReport } from './find-report.js';
import { GROUNDS, type WithholdGround } from './grounds.js';
import { partEntries } from './part-entries.js';
import { RefusedAbout, type Done } from './recorded.js';
import type { ReportParts } from './report-parts.js';
import type { PartRow } from './report-rows.js';
import { dueOn, EXTENSION_GROUNDS, extendedTo, type ExtensionGround, type Regime } from './terms.js';

export interface PartAddress {
  readonly reportId: string;
  readonly oin: string;
}

export interface Withheld {
  readonly entryId: string;
  readonly ground: string;
  readonly showFrom?: string;
}

type Settled = Done<{ readonly reportId: string }>;

const STEP = `INSERT INTO data_subject_report_step (report_id, oin, step, ground, until_on, at)
  VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT DO NOTHING`;
const WITHHOLD = `INSERT INTO data_subject_report_withheld (report_id, oin, entry_id, ground, until_on)
  SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::date[])`;

/** AVG art. 12(3), Wpg art. 25: once, with a ground of the part's own law, and while the first term runs. */
export function extendPart(sources: ReportParts, client: PoolClient, caller: Caller, at: PartAddress, ground: string) {
  return answering(sources, client, caller, at, async (found, part) => {
    const known = EXTENSION_GROUNDS[ground as ExtensionGround] as Regime | undefined;
    if (known !== part.regime) throw new GatewayError('GROUND_NOT_APPLICABLE', 'a ground of another law');
    const { receivedOn } = found.report;
    const late = found.today > dueOn(part.regime, receivedOn);
    const dueDate = extendedTo(ground as ExtensionGround, receivedOn);
    if (late || part.extension) throw new GatewayError('TERM_NOT_EXTENDABLE', 'extended before, or the term is over');
    await step(client, at, 'EXTENDED', ground, dueDate);
    return { ground, dueOn: dueDate };
  });
}

/** The controller releases its part; what it withholds it names entry by entry, each with its ground. */
export function releasePart(
  sources: ReportParts,
  client: PoolClient,
  caller: Caller,
  at: PartAddress,
  withheld: readonly Withheld[],
) {
  return answering(sources, client, caller, at, async (found, part) => {
    for (const { ground } of withheld) checkGround(ground, part);
    await checkEntries(sources, client, found, part, withheld);
    await step(client, at, 'RELEASED', null, null);
    await client.query(WITHHOLD, [
      at.reportId,
      at.oin,
      withheld.map((one) => one.entryId),
      withheld.map((one) => one.ground),
      withheld.map((one) => one.showFrom ?? null),
    ]);
    return { withheld: withheld.length, grounds: [...new Set(withheld.map((one) => one.ground))].sort() };
  });
}

/** The controller withholds its whole part, with a ground; `showFrom`: a day from which it may be shown after all. */
export function refusePart(
  sources: ReportParts,
  client: PoolClient,
  caller: Caller,
  at: PartAddress,
  { ground, showFrom }: { readonly ground: string; readonly showFrom?: string },
) {
  return answering(sources, client, caller, at, async (_found, part) => {
    checkGround(ground, part);
    await step(client, at, 'REFUSED', ground, showFrom ?? null);
    return { ground, ...(showFrom === undefined ? {} : { showFrom }) };
  });
}

/** What the three have in common: one's own part, not answered yet; what was done stands in the record. */
async function answering(
  sources: ReportParts,
  client: PoolClient,
  caller: Caller,
  { reportId, oin }: PartAddress,
  act: (found: FoundReport, part: PartRow) => Promise<object>,
): Promise<Settled> {
  const found = await findReport(sources, client, caller, reportId);
  try {
    const part = ownPart(found, oin);
    if (part.state !== 'OPEN') throw new GatewayError('PART_ANSWERED', 'the part is released or refused');
    const details = { ...found.about.details, ...(await act(found, part)) };
    return { answer: { reportId }, about: { ...found.about, details } };
  } catch (error) {
    throw error instanceof GatewayError ? new RefusedAbout(error, found.about) : error;
  }
}

/** Of two at the same time one is first; the other finds the part answered. */
async function step(client: PoolClient, at: PartAddress, name: string, ground: string | null, until: string | null) {
  const { rowCount } = await client.query(STEP, [at.reportId, at.oin, name, ground, until]);
  if (rowCount === 0) throw new GatewayError('PART_ANSWERED', 'another officer was first');
}

function checkGround(ground: string, { regime }: PartRow): void {
  const known = GROUNDS[ground as WithholdGround] as { readonly regime: Regime } | undefined;
  if (known?.regime !== regime) throw new GatewayError('GROUND_NOT_APPLICABLE', 'no ground, or one of another law');
}

async function checkEntries(
  sources: ReportParts,
  client: PoolClient,
  found: FoundReport,
  part: PartRow,
  withheld: readonly Withheld[],
): Promise<void> {
  const missing = new Set(withheld.map((one) => one.entryId));
  if (missing.size !== withheld.length) throw new GatewayError('ENTRY_NOT_IN_PART', 'an entry is named twice');
  if (missing.size === 0) return;
  for await (const entries of partEntries(sources, client, found, part.oin)) {
    for (const { id } of entries) missing.delete(id);
    if (missing.size === 0) return;
  }
  throw new GatewayError('ENTRY_NOT_IN_PART', 'an entry does not belong to this part');
}
