/** CloudEvent in structured form as the gateway releases it: original attributes, exact contract, projected `data`. */
export interface ContentEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  /** Exact contract, `nl.lvv.ind-dossier-part.v1`. */
  readonly type: string;
  readonly time: string;
  readonly caseid?: string;
  readonly purpose?: string;
  readonly traceparent?: string;
  readonly data?: unknown;
  readonly [attribute: string]: unknown;
}

/** Answer of `GET /v1/messages/{messageId}/content`. */
export interface Content {
  readonly event: ContentEvent;
  readonly released: readonly string[];
  readonly withheld: readonly string[];
  readonly accessRecord: { readonly id: string; readonly digest: string };
}

export interface Acknowledgement {
  readonly messageId: string;
  readonly status: 'taken' | 'failed';
  /** Reason of `failed`, from FailureCode. */
  readonly code?: string;
}

export interface AcknowledgementResult {
  readonly messageId: string;
  readonly status: 'recorded' | 'refused';
  readonly code?: string;
}
