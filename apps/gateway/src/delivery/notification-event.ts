import type { NotificationEvent } from '#messaging/event.js';

/** Columns of a numbered delivery that its notification shows. */
export interface NumberedDelivery {
  readonly id: string;
  readonly messageId: string;
  readonly family: string;
  readonly partitionKey: string;
  readonly sequence: string;
  readonly caseSequence: number | null;
  readonly traceparent: string | null;
  readonly acceptedAt: Date;
}

export const DELIVERY_COLUMNS = `d.id, d.message_id AS "messageId", d.family, d.partition_key AS "partitionKey", d.sequence,
  d.case_sequence AS "caseSequence", d.traceparent, d.accepted_at AS "acceptedAt"`;

export interface NotificationOrigin {
  readonly gatewayOin: string;
  /** Base address of the gateway, without a slash at the end. */
  readonly gatewayUrl: string;
}

/** The very same event for Kafka and the inbox: information-poor, the content is at `dataref`. */
export function notificationEvent(row: NumberedDelivery, origin: NotificationOrigin): NotificationEvent {
  return {
    specversion: '1.0',
    id: row.id,
    source: `urn:nld:oin:${origin.gatewayOin}:ketenpoort`,
    type: `nl.lvv.${row.family}.v1`,
    time: row.acceptedAt.toISOString(),
    dataref: `${origin.gatewayUrl}/v1/messages/${row.messageId}/content`,
    sequence: row.sequence,
    ...(row.caseSequence === null ? {} : { casesequence: String(row.caseSequence) }),
    partitionkey: row.partitionKey,
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  };
}
