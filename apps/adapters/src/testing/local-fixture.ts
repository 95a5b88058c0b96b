import { pino } from 'pino';
import { serverTlsOptions } from '#identity/tls-options.js';
import { GatewayClient } from '../gateway/gateway-client.js';
import type { AdapterStatus } from '../local-api/adapter-figures.js';
import { LocalServer } from '../local-api/local-server.js';
import { contractBook } from './contracts.js';
import { FakeGateway } from './fake-gateway.js';
import { FakeGatewayServer } from './fake-gateway-server.js';
import { SECRET, loadAgency, type Certificates } from './test-agency.js';

export const LOCAL_HEADERS = {
  authorization: `Bearer ${SECRET}`,
  'user-reference': 'mw-17',
  'content-type': 'application/json',
};

interface CallOptions {
  /** Text goes as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Over the usual ones; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export const STANDING: AdapterStatus = {
  name: 'ams',
  oin: '00000099000000001000',
  transport: { kind: 'inbox', connected: true },
  gatewayReachable: true,
  systemAvailable: false,
  takenSinceStart: 12,
  casesAtWork: 2,
  parkedCases: 1,
  unrecordedAcknowledgements: 0,
  log: { alarms: 3 },
};

/** The local interface of an adapter with a gateway over mutual TLS behind it. */
export class LocalFixture {
  private constructor(
    readonly logged: readonly string[],
    readonly server: FakeGatewayServer,
    private readonly gateway: GatewayClient,
    private readonly local: LocalServer,
    readonly url: string,
  ) {}

  static async start(pki: Certificates, where: object = { port: 0 }): Promise<LocalFixture> {
    const server = new FakeGatewayServer(
      new FakeGateway(),
      await serverTlsOptions({ ...pki.files('gateway'), caFiles: [pki.caFile] }),
    );
    const { config, tls, secret } = await loadAgency(pki, { local: where });
    const gateway = new GatewayClient(await server.listen(), tls.current);
    const logged: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
    const parts = {
      config,
      gateway,
      contracts: contractBook,
      watched: null,
      status: () => STANDING,
      signal: new AbortController().signal,
    };
    const local = new LocalServer(parts, secret, log);
    return new LocalFixture(logged, server, gateway, local, await local.listen());
  }

  async stop(): Promise<void> {
    await this.local.close();
    await this.gateway.close();
    await this.server.close();
  }

  async call(method: string, path: string, { body, headers }: CallOptions = {}) {
    const given = Object.entries({ ...LOCAL_HEADERS, ...headers }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(this.url + path, {
      method,
      headers: given,
      ...(body === undefined ? {} : { body: text }),
      signal: AbortSignal.timeout(20_000),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  }
}
