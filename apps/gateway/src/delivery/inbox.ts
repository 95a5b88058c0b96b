import type { Pool } from 'pg';
import type { DeliveryState, InboxItem, InboxPage } from '#messaging/event.js';
import type { AccessRecordInput } from '../access-log/access-record.js';
import { insertRecords } from '../access-log/insert-records.js';
import type { RecordMaker } from '../access-log/record-maker.js';
import { traceFields } from '../access-log/trace-fields.js';
import type { Peer } from '../peers/peer.js';
import { inHotTransaction } from '../storage/transaction.js';
import type { DeliverySignal } from './delivery-signal.js';
import {
  DELIVERY_COLUMNS,
  notificationEvent,
  type NotificationOrigin,
  type NumberedDelivery,
} from './notification-event.js';
import type { TraceContext } from '../trace-context.js';

export interface InboxRequest {
  readonly peer: Peer;
  readonly after: number;
  readonly limit: number;
  readonly waitSeconds: number;
  readonly outstandingOnly: boolean;
  /** Whether nobody may have the answer any more: the connection is gone or was cut, or the peer is no longer served. */
  readonly isGone: () => boolean;
  readonly trace: TraceContext;
}

/** Runs a read when it is the turn of `lane`. */
export type InTurn = <Result>(lane: string, read: () => Promise<Result>) => Promise<Result>;

type Row = NumberedDelivery & { readonly state: DeliveryState; readonly contract: string };

const PAGE = `SELECT ${DELIVERY_COLUMNS}, d.state, m.type AS contract FROM delivery d JOIN message m ON m.id = d.message_id
  WHERE d.recipient_oin = $1 AND d.sequence > $2 AND (NOT $4 OR d.state IN ('OUTSTANDING', 'FETCHED'))
  ORDER BY d.sequence LIMIT $3`;
const HIGHEST = 'SELECT last_sequence AS highest FROM recipient_counter WHERE recipient_oin = $1';
const GONE: readonly DeliveryState[] = ['WITHDRAWN', 'PURGED'];
/** The signal follows the commit within milliseconds; when it is lost the poll looks again this often. */
const LOOK_AGAIN_MS = 1_000;

/** The caller's notifications in gapless sequence, with long poll. A page that shows items is one record. */
export class Inbox {
  private stopping = false;

  constructor(
    private readonly pool: Pool,
    private readonly signal: DeliverySignal,
    private readonly origin: NotificationOrigin,
    private readonly makeRecord: RecordMaker,
    private readonly inTurn: InTurn,
  ) {}

  async page(request: InboxRequest): Promise<InboxPage> {
    const deadline = Date.now() + request.waitSeconds * 1_000;
    for (;;) {
      const leftMs = deadline - Date.now();
      // Listened for before the look: what arrives while the database answers must not be slept through.
      const changed = leftMs > 0 ? this.signal.next(request.peer.oin, Math.min(leftMs, LOOK_AGAIN_MS)) : null;
      // Only the look takes a turn, not the waiting.
      const page = await this.inTurn(request.peer.oin, () => this.read(request));
      if (page.items.length > 0 || changed === null || this.stopping) return page;
      await changed;
      // Nothing is read for who is not there: it would stand in the log as shown, and to a revoked certificate at that.
      if (request.isGone()) return page;
    }
  }

  /** Long polls end now, with what there is: a process that stops does not wait for its pollers. */
  stopWaiting(): void {
    this.stopping = true;
    this.signal.wakeAll();
  }

  private read(request: InboxRequest): Promise<InboxPage> {
    return inHotTransaction(this.pool, async (client, writer) => {
      const values = [request.peer.oin, request.after, request.limit, request.outstandingOnly];
      const [{ rows }, counter] = await Promise.all([
        client.query<Row>({ name: 'inbox-page', text: PAGE, values }),
        client.query<{ highest: string }>({ name: 'inbox-highest', text: HIGHEST, values: [request.peer.oin] }),
      ]);
      const items = rows.map((row) => this.item(row));
      if (items.length > 0) await insertRecords(writer, [this.makeRecord(recordOf(request, items))]);
      return { items, next: items.at(-1)?.sequence ?? request.after, highest: Number(counter.rows[0]?.highest ?? 0) };
    });
  }

  /** What was withdrawn or purged keeps its number and says no more: a tombstone. */
  private item(row: Row): InboxItem {
    const shown = {
      sequence: Number(row.sequence),
      caseSequence: row.caseSequence,
      state: row.state,
      messageId: row.messageId,
    };
    const event = notificationEvent(row, this.origin);
    return GONE.includes(row.state) ? { ...shown, event } : { ...shown, contract: row.contract, event };
  }
}

function recordOf(request: InboxRequest, items: readonly InboxItem[]): AccessRecordInput {
  const { oin, kind, thumbprint } = request.peer;
  return {
    kind: 'DELIVERY',
    action: 'inbox.read',
    peer: { oin, kind, thumbprint },
    legalBases: [],
    subjects: [],
    decision: { outcome: 'permit', reasons: ['own inbox'] },
    fieldGroups: { released: [], withheld: [] },
    messageIds: items.map((item) => item.messageId),
    ...traceFields(request.trace),
  };
}
