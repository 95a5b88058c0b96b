import type { PoolClient } from 'pg';
import { GatewayError } from '../../errors.js';
import { readBody } from '../../http/validate-request.js';
import type { TraceContext } from '../../trace-context.js';
import type { AuditParts } from '../audit-parts.js';
import { assertPrivacyOfficer, type Caller } from '../caller.js';
import { sightOf } from '../grants/national-view.js';
import { checked, lookUp, type Inquiry, type Looked, type Noted, type Recorded } from '../look-up.js';
import { activityOfSearch } from '../sight.js';
import { readRecord } from '../search/plain-record.js';
import { readPeriod, type Question } from '../search/question.js';
import { searchRows } from '../search/search-rows.js';
import { subjectKeysOf } from '../search/subject-keys.js';
import { processingSpans, type ProcessingSpan } from '../views/ldv.js';

/** The standard has no pages: what is more has to be asked in parts. */
const MAX_RECORDS = 1_000;

/** Body of `POST /v1/processing-activities`, as its schema lets it through. */
interface ProcessingSearch {
  readonly traceId?: string;
  readonly 'dpl.core.processing_activity_id'?: string;
  readonly 'dpl.core.data_subject_id'?: string;
  readonly startTime?: number;
  readonly endTime?: number;
}

export interface ProcessingList {
  readonly processingActivities: readonly ProcessingSpan[];
}

/** Logboek Dataverwerkingen, read by an officer: the same records and the same sight as the search (C35). */
export class ProcessingLog {
  constructor(private readonly parts: AuditParts) {}

  async read(
    caller: Caller,
    trace: TraceContext,
    body: unknown,
    type: string | undefined,
  ): Promise<Recorded<ProcessingList>> {
    const { policy } = this.parts;
    const inquiry: Inquiry = { caller, kind: 'CONSULTATION', action: 'processing.search', trace, policy };
    const question = await checked(this.parts, inquiry, () => {
      assertPrivacyOfficer(caller);
      return questionOf(readBody<ProcessingSearch>('processingSearch', body, type), new Date());
    });
    return await lookUp(this.parts, inquiry, (client) => this.find(client, caller, question));
  }

  private async find(client: PoolClient, caller: Caller, question: Question): Promise<Looked<ProcessingList>> {
    const { subject } = question.filters;
    const keys = subject === undefined ? null : await subjectKeysOf(client, this.parts.indexKey, subject);
    const { versions } = this.parts;
    const noted: Noted = {
      ...activityOfSearch(versions, caller.kind, []),
      reasons: [`by:${Object.keys(question.filters).sort().join('+')}`],
      ...(keys ? { subjects: keys.indexes.slice(0, 1).map((index) => ({ index, id: 'search' })) } : {}),
    };
    const sight = await sightOf(client, this.parts, caller, false);
    if ('error' in sight) return { ok: false, error: sight.error, noted };
    const rows = await searchRows(client, sight, question, keys);
    if (rows.length > MAX_RECORDS) {
      const error = new GatewayError('SEARCH_TOO_BROAD', `more than ${MAX_RECORDS} records answer this question`);
      return { ok: false, error, noted };
    }
    const records = rows.map(({ canonical }) => readRecord(canonical));
    const processingActivities = records.flatMap((record) => processingSpans(record));
    const reasons = [...noted.reasons, `found:${rows.length}`];
    const activity = activityOfSearch(versions, caller.kind, records);
    const released = ['FG01', 'FG31'] as const;
    return { ok: true, answer: { processingActivities }, noted: { ...noted, ...activity, reasons, released } };
  }
}

function questionOf(body: ProcessingSearch, now: Date): Question {
  const {
    traceId,
    'dpl.core.processing_activity_id': processingActivity,
    'dpl.core.data_subject_id': subject,
    startTime,
    endTime,
  } = body;
  const filters = {
    ...(traceId === undefined ? {} : { traceId: traceId.replaceAll('-', '') }),
    ...(processingActivity === undefined ? {} : { processingActivity }),
    ...(subject === undefined ? {} : { subject }),
  };
  const from = startTime === undefined ? null : new Date(startTime);
  const to = endTime === undefined ? null : new Date(endTime);
  return {
    filters,
    ...readPeriod({ from, to, filters, after: null, now }),
    national: false,
    limit: MAX_RECORDS,
    after: null,
  };
}
