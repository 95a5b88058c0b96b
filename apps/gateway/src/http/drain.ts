import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { Server as NetServer, type Socket } from 'node:net';

/** After what was idle is gone, what runs may take so long; then it is cut. */
const FINISH_LIMIT_MS = 15_000;

/**
 * Ends the connections of a server without an error at any client. Closing a kept-alive connection while its client is
 * just sending breaks that request, so each client is told with its next answer (`Connection: close`) and leaves by
 * itself. Node's own `server.close` cuts what is idle at once.
 */
export class Drain {
  private readonly running = new Set<ServerResponse>();
  private readonly idle = new Set<Socket>();
  private draining = false;
  private lingered = false;

  constructor(private readonly server: Server) {
    server.on('secureConnection', (socket: Socket) => {
      // Its handshake had begun before; who comes so late is not waited for.
      if (this.lingered) socket.destroy();
      this.idle.add(socket);
      socket.once('close', () => this.idle.delete(socket));
    });
    // Before whoever answers it.
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      this.running.add(response);
      this.idle.delete(socket);
      if (this.draining) response.shouldKeepAlive = false;
      response.once('close', () => {
        this.running.delete(response);
        if (!socket.destroyed) this.idle.add(socket);
      });
    });
  }

  /**
   * Takes no new connection and finishes what runs; resolves when all connections are gone.
   * @param lingerMs so long a connection that is not in use stays open, in case its client uses it once more
   */
  async drain(lingerMs: number): Promise<void> {
    this.draining = true;
    const closed = new Promise<void>((resolve) => {
      NetServer.prototype.close.call(this.server, () => resolve());
    });
    for (const response of this.running) if (!response.headersSent) response.shouldKeepAlive = false;
    const timers = [
      setTimeout(() => this.cutIdle(), lingerMs),
      setTimeout(() => this.server.closeAllConnections(), lingerMs + FINISH_LIMIT_MS),
    ];
    await closed;
    timers.forEach((timer) => clearTimeout(timer));
  }

  private cutIdle(): void {
    this.lingered = true;
    for (const socket of this.idle) socket.destroy();
  }
}
