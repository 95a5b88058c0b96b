import { isInstant } from '#contracts/date-formats.js';
import type { PurposeCode } from '#contracts/domain.js';
import type { RecordKind } from '../../access-log/access-record.js';
import { GatewayError } from '../../errors.js';
import { parseCursor, type CursorScope, type Position } from './cursor.js';

/** Body of `POST /v1/access-log-entries/_search`, as its schema lets it through. */
export interface SearchBody {
  /** V-number. */
  readonly subject?: string;
  readonly peer?: string;
  readonly purpose?: PurposeCode;
  readonly caseId?: string;
  readonly messageId?: string;
  readonly decision?: 'permit' | 'refuse';
  readonly kind?: RecordKind;
  readonly action?: string;
  /** 32 hex digits. */
  readonly traceId?: string;
  /** URI. */
  readonly processingActivity?: string;
  /** Instants with any offset; from is inclusive, to is not. */
  readonly from?: string;
  readonly to?: string;
  readonly scope?: 'own' | 'national';
  readonly limit?: number;
  readonly cursor?: string;
}

/** A question that can be asked of the database. */
export interface Question {
  readonly filters: Omit<SearchBody, 'from' | 'to' | 'scope' | 'limit' | 'cursor'>;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly national: boolean;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after: Position | null;
}

const DEFAULT_LIMIT = 50;
const MAX_PERIOD_MS = 31 * 86_400_000;

/**
 * What the schema cannot say. Without subject, case, message or organisation the period is 31 days at most, and the last
 * 31 days when none is given.
 * @throws GatewayError `SCHEMA_INVALID` (no instant, order, cursor), `SEARCH_TOO_BROAD`
 */
export function readQuestion(body: SearchBody, scope: CursorScope, now: Date): Question {
  const { from, to, scope: view = 'own', limit = DEFAULT_LIMIT, cursor, ...filters } = body;
  const after = cursor === undefined ? null : parseCursor(scope, cursor);
  if (cursor !== undefined && !after) throw invalid('/cursor', 'cursor', 'is no cursor of this question');
  const until = to === undefined ? null : instant('/to', to);
  const since = from === undefined ? null : instant('/from', from);
  const period = readPeriod({ from: since, to: until, filters, after, now });
  return { filters, ...period, national: view === 'national', limit, after };
}

/** The period of a question, bounded where nothing else bounds it. Throws as `readQuestion`. */
export function readPeriod(asked: AskedPeriod): Pick<Question, 'from' | 'to'> {
  const { to } = asked;
  const from = beginning(asked);
  if (from && to && from >= to) throw invalid('/to', 'order', 'must be later than from');
  return { from, to };
}

interface AskedPeriod extends Pick<Question, 'from' | 'to' | 'filters' | 'after'> {
  readonly now: Date;
}

/** What a cursor is bound to: everything that decides which records answer. */
export function boundQuestion({ limit: _limit, cursor: _cursor, ...question }: SearchBody): Record<string, unknown> {
  return question;
}

function beginning({ from, to, filters, after, now }: AskedPeriod): Date | null {
  const { subject, caseId, messageId, peer, traceId } = filters;
  if ([subject, caseId, messageId, peer, traceId].some((one) => one !== undefined)) return from;
  // A later page looks back as far as the first one did, although time has passed.
  if (after) return new Date(after.fromMs);
  const end = (to ?? now).getTime();
  if (!from) return new Date(end - MAX_PERIOD_MS);
  if (end - from.getTime() <= MAX_PERIOD_MS) return from;
  throw new GatewayError('SEARCH_TOO_BROAD', 'without person, case, message or organisation at most 31 days');
}

function instant(pointer: string, text: string): Date {
  if (!isInstant(text)) throw invalid(pointer, 'format', 'must be an instant (RFC 3339)');
  return new Date(text);
}

function invalid(pointer: string, rule: string, detail: string): GatewayError {
  const issues = [{ pointer, rule, detail }];
  return new GatewayError('SCHEMA_INVALID', 'the request does not meet its schema', { issues });
}
