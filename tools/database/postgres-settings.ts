/** `sun_path` holds 107 bytes; the server adds `/.s.PGSQL.<port>`. */
const MAX_SOCKET_FOLDER_BYTES = 88;

/** Enough for a demo and for tests. A server that is measured gets what a production server gets: a tenth of the memory. */
const SMALL_BUFFERS_MB = 128;

/**
 * The whole postgresql.conf. Durable as in production, small enough to stand beside everything else on two cores, and
 * silent about values: an error's text, statement or detail can hold a person's data (G8), so errors go to the client
 * only and the log keeps what concerns the server itself.
 */
export function postgresSettings(port: number, socketFolder: string, sharedBuffersMb = SMALL_BUFFERS_MB): string {
  const sockets = Buffer.byteLength(socketFolder) <= MAX_SOCKET_FOLDER_BYTES ? socketFolder : '';
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    max_connections: 100,
    password_encryption: 'scram-sha-256',
    shared_buffers: `${sharedBuffersMb}MB`,
    max_wal_size: '1GB',
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
