import { pino, type Logger } from 'pino';
import { errorCode } from './error-code.js';

/**
 * Structured log on stderr (stdout is for the ready lines). Ids, contracts, codes and counts only: callers pass no
 * payload, and errors are reduced to what is known to hold none.
 */
export function createLog(adapter: string, level: string): Logger {
  return pino(
    { level, base: { service: 'ketenpoort-adapter', adapter }, serializers: { err: safeError } },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** Messages of parsers and clients can quote what they choked on; name, code and place cannot. */
function safeError(error: unknown): object {
  const { name, stack } = (error ?? {}) as Partial<Error>;
  const place = stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 5);
  return { name, code: errorCode(error), place };
}
