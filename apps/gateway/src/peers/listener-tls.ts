import type { Server } from 'node:tls';
import type { ServerTlsOptions } from '#identity/tls-options.js';
import type { TicketKeys } from './ticket-keys.js';

/**
 * Certificate and ticket keys of one listener, both replaced while it listens. Connections that are open keep what they
 * agreed on; those that come after get the new.
 */
export class ListenerTls {
  private readonly stop: () => void;

  constructor(
    private readonly server: Server,
    private readonly keys: TicketKeys,
  ) {
    server.setTicketKeys(keys.current());
    this.stop = keys.onChange((key) => server.setTicketKeys(key));
    server.once('close', this.stop);
  }

  /** From now on handshakes are made with these. Tickets from before are worthless: they skip the look at the chain. */
  replace(options: ServerTlsOptions): void {
    // A new context has random keys of its own, which no other process would know.
    this.server.setSecureContext({ ...options, ticketKeys: this.keys.current() });
    this.keys.renew();
  }
}
