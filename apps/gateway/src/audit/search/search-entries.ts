import type { PoolClient } from 'pg';
import type { AuditParts } from '../audit-parts.js';
import { sightOf } from '../grants/national-view.js';
import type { Inquiry, Looked, Noted } from '../look-up.js';
import { activityOfSearch } from '../sight.js';
import type { CursorScope } from './cursor.js';
import { formatCursor } from './cursor.js';
import { entryView, type EntryView } from './entry-view.js';
import { readRecord } from './plain-record.js';
import type { Question } from './question.js';
import { searchRows } from './search-rows.js';
import { subjectKeysOf } from './subject-keys.js';

export interface EntryPage {
  readonly items: readonly EntryView[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** Records that the officer may see, newest first. Who was looked for stands in the index of the question's record. */
export async function searchEntries(
  client: PoolClient,
  parts: AuditParts,
  { caller }: Inquiry,
  question: Question,
  scope: CursorScope,
): Promise<Looked<EntryPage>> {
  const { subject, caseId, messageId } = question.filters;
  const keys = subject === undefined ? null : await subjectKeysOf(client, parts.indexKey, subject);
  const about: Noted = {
    reasons: [`by:${Object.keys(question.filters).sort().join('+') || 'period'}`],
    ...(caseId === undefined ? {} : { caseId }),
    ...(messageId === undefined ? {} : { messageId }),
    ...activityOfSearch(parts.versions, caller.kind, []),
    ...(keys ? { subjects: keys.indexes.slice(0, 1).map((index) => ({ index, id: 'search' })) } : {}),
  };
  const sight = await sightOf(client, parts, caller, question.national);
  if ('error' in sight) return { ok: false, error: sight.error, noted: about };
  const rows = await searchRows(client, sight, question, keys);
  const shown = rows.slice(0, question.limit);
  const records = shown.map(({ canonical }) => readRecord(canonical));
  const last = shown.at(-1);
  const fromMs = Math.max(0, question.from?.getTime() ?? 0);
  return {
    ok: true,
    answer: {
      items: records.map((record) => entryView(parts, caller.oin, record)),
      ...(last && rows.length > shown.length ? { nextCursor: formatCursor(scope, { id: last.id, fromMs }) } : {}),
    },
    noted: {
      ...about,
      ...activityOfSearch(parts.versions, caller.kind, records),
      reasons: [...about.reasons, `found:${shown.length}`],
      released: ['FG01', 'FG31'],
      ...(sight.grantId === null ? {} : { grantId: sight.grantId }),
    },
  };
}
