import type { EmbeddedPostgres } from '../../tools/database/embedded-postgres.js';
import type { ServerUrls } from './stories-run.js';

/** Addresses of a server that a story has to itself, as `World.open` takes them. */
export function urlsOf(server: EmbeddedPostgres): ServerUrls {
  const anyDatabase = (url: string): string => url.replace(/any$/, '%');
  return {
    super: anyDatabase(server.superUrl('any')),
    owner: anyDatabase(server.ownerUrl('any')),
    app: anyDatabase(server.appUrl('any')),
    retention: anyDatabase(server.retentionUrl('any')),
    reader: anyDatabase(server.readerUrl('any')),
  };
}
