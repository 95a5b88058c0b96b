import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import type { LogSettings } from '../witness/log-settings.js';

export interface ContractUse {
  readonly purpose: PurposeCode;
  /** URI in the agency's own register of processing activities (AVG art. 30). */
  readonly processingActivity: string;
}

/** One agency's adapter: read from one file, checked at once, frozen. Paths are absolute. */
export interface AdapterConfig {
  /** Short name for logs and the ready line. */
  readonly name: string;
  readonly oin: string;
  readonly kind: PeerKind;
  /** For readers of the file: nothing uses it, and older files have it. */
  readonly pilot?: string;
  /** Name of the agency's system, last part of the CloudEvents `source`. */
  readonly system: string;
  readonly gateway: {
    readonly url: string;
    readonly certFile: string;
    readonly keyFile: string;
    readonly caFile: string;
  };
  readonly transport: KafkaTransport | { readonly kind: 'inbox' };
  /** Per exact contract type. */
  readonly contracts: Readonly<Record<string, ContractUse>>;
  readonly connector:
    | { readonly kind: 'webhook'; readonly url: string; readonly caFile?: string }
    | { readonly kind: 'folder'; readonly path: string };
  readonly local: { readonly port: number } | { readonly socket: string };
  readonly secretFile: string;
  readonly stateDir: string;
  readonly delivery: DeliverySettings;
  /** Which access log it watches; absent: none, and nobody notices for this agency that a record is missing. */
  readonly log?: LogSettings;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** The files are those of `gateway` where absent: the same certificate opens both doors. */
export interface KafkaTransport {
  readonly kind: 'kafka';
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly caFile?: string;
}

export interface DeliverySettings {
  /** Tries that the message itself may fail before it is handed back as failed. */
  readonly tries: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Messages of different cases that are fetched and handed over at the same time. */
  readonly concurrency: number;
}

export const DEFAULT_DELIVERY: DeliverySettings = { tries: 5, firstDelayMs: 200, maxDelayMs: 10_000, concurrency: 16 };

/** Why an adapter does not start, for the person who has to mend it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    readonly problems: readonly { readonly cause: string; readonly nextStep: string }[],
    readonly file: string,
  ) {
    super(problems.map(({ cause, nextStep }) => `${file}: ${cause}. ${nextStep}`).join('\n'));
  }
}
