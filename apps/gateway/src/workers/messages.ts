import type { Snapshot } from '#telemetry/snapshot.js';

/** A listener with ticket keys of its own. */
export type ListenerName = 'agencies' | 'public';
export const LISTENERS: readonly ListenerName[] = ['agencies', 'public'];

/** What the primary asks a worker, and what the answer is. */
export interface Answers {
  /** Why it takes no work, or null when it does. */
  readonly trouble: string | null;
  /** All its figures. */
  readonly figures: Snapshot;
  /** Those that are not the same for every worker. */
  readonly 'own-figures': Snapshot;
  /** Given the instant that the case clock shall show: what it shows. */
  readonly 'case-clock': string;
}
export type Question = keyof Answers;

/** From the primary. Keys are base64: they go over the channel between the two alone, never through the environment. */
export type ToWorker =
  | { readonly kind: 'begin'; readonly caseNow: string; readonly ticketKeys: Readonly<Record<ListenerName, string>> }
  | { readonly kind: 'ticket-key'; readonly listener: ListenerName; readonly key: string }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question; readonly argument?: string }
  | { readonly kind: 'stop' };

/** From a worker. */
export type FromWorker =
  /** It listens now: what is sent to it before is lost. */
  | { readonly kind: 'hello' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly value: Answers[Question] }
  | { readonly kind: 'renew-ticket-key'; readonly listener: ListenerName }
  /** All that it has counted, just before it goes. */
  | { readonly kind: 'last-figures'; readonly figures: Snapshot }
  /** It was told to stop, by someone other than the primary, and takes no new connection. */
  | { readonly kind: 'leaving' };
