/**
 * The few methods of a pino logger that this room uses: fields first, then a sentence. Payloads, keys and header values
 * never go in.
 */
export interface MessagingLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const SILENT_LOG: MessagingLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
