import type { PoolClient } from 'pg';
import { localDateAt } from '../../cases/calendar.js';
import { GatewayError } from '../../errors.js';
import { UUID_PATTERN } from '../../http/api-schemas.js';
import type { Caller } from '../caller.js';
import { aboutPerson } from './about-report.js';
import type { About } from './recorded.js';
import type { ReportParts } from './report-parts.js';
import { readParts, readReport, type PartRow, type ReportRow } from './report-rows.js';

const UUID = new RegExp(UUID_PATTERN);

export interface FoundReport {
  readonly report: ReportRow;
  readonly parts: readonly PartRow[];
  /** The caller's own; absent for a handler whose organisation has none. */
  readonly own: PartRow | undefined;
  readonly about: About;
  /** Local date on the clock of cases. */
  readonly today: string;
}

/** The report, for an organisation that handles it or has a part in it; to anybody else it does not exist. */
export async function findReport(
  sources: ReportParts,
  client: PoolClient,
  caller: Caller,
  id: string,
): Promise<FoundReport> {
  const report = UUID.test(id) ? await readReport(client, id) : undefined;
  const parts = report ? await readParts(client, report.id) : [];
  const own = parts.find((part) => part.oin === caller.oin);
  if (!report || !(own || report.handlerOin === caller.oin)) throw notAvailable(report ? 'no part' : 'no such report');
  const about = aboutPerson(sources.indexKey, caller, report, { report: report.id });
  return { report, parts, own, about, today: localDateAt(sources.clock.now()) };
}

/** The caller's own part. Another's is not there, whatever the caller knows of it. */
export function ownPart({ own }: FoundReport, oin: string): PartRow {
  if (!own || own.oin !== oin) throw notAvailable('the part of another organisation');
  return own;
}

export function notAvailable(reason: string): GatewayError {
  return new GatewayError('REPORT_NOT_AVAILABLE', 'not available', { reason });
}
