/** `sun_path` holds 107 bytes; the server adds `/.s.PGSQL.<port>`. */
const MAX_SOCKET_FOLDER_BYTES = 88;

/** What a server may take for itself. */
export interface ServerSize {
  /** Pages that it keeps in memory of its own. */
  readonly sharedBuffersMb: number;
  /** Log between two checkpoints: after each, every page that changes goes into the log whole once more. */
  readonly maxWalGb: number;
  /** Log files kept for use again: a new one is 16 MB of zeros and a flush, for which every commit waits. */
  readonly minWalMb: number;
  readonly checkpointMinutes: number;
}

/** Enough for a demo and for tests, and soon there again after a crash. */
export const SMALL_SERVER: ServerSize = { sharedBuffersMb: 128, maxWalGb: 1, minWalMb: 80, checkpointMinutes: 5 };

/**
 * The whole postgresql.conf. Durable as in production, small enough to stand beside everything else on two cores, and
 * silent about values: an error's text, statement or detail can hold a person's data (G8), so errors go to the client
 * only and the log keeps what concerns the server itself.
 */
export function postgresSettings(port: number, socketFolder: string, size = SMALL_SERVER): string {
  const sockets = Buffer.byteLength(socketFolder) <= MAX_SOCKET_FOLDER_BYTES ? socketFolder : '';
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    max_connections: 100,
    password_encryption: 'scram-sha-256',
    shared_buffers: `${size.sharedBuffersMb}MB`,
    max_wal_size: `${size.maxWalGb}GB`,
    min_wal_size: `${size.minWalMb}MB`,
    checkpoint_timeout: `${size.checkpointMinutes}min`,
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    // Compiling a plan costs more than these short statements.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_destination: 'stderr',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_statement: 'none',
    log_error_verbosity: 'terse',
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    .join('');
}

/** The port that an earlier start wrote into its settings, or null. */
export function portOf(settings: string): number | null {
  const match = /^port = '(\d+)'$/m.exec(settings);
  return match ? Number(match[1]) : null;
}
