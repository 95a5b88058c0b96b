import type { Acknowledgement, AcknowledgementResult, Content } from '../gateway/content.js';

/** What delivery needs of the gateway besides the inbox (InboxClient); GatewayClient is the real one. */
export interface ContentSource {
  content(messageId: string, purpose: string, traceparent?: string, signal?: AbortSignal): Promise<Content>;
}

export interface AcknowledgementSink {
  acknowledge(acknowledgements: readonly Acknowledgement[]): Promise<readonly AcknowledgementResult[]>;
}
