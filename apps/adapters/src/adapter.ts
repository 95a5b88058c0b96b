import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import type { IdentityError } from '#identity/identity-error.js';
import { DeliveryFailureFilter } from '#messaging/delivery-failure.filter.js';
import { AdapterModule } from './adapter.module.js';
import { ConfigError, type AdapterConfig } from './config/config.js';
import type { LoadedConfig } from './config/read-config.js';
import type { Connector } from './connectors/connector.js';
import { FolderConnector } from './connectors/folder-connector.js';
import { WebhookConnector } from './connectors/webhook-connector.js';
import { AckQueue } from './delivery/ack-queue.js';
import { AdapterState } from './delivery/adapter-state.js';
import { DeliveryPipeline } from './delivery/delivery-pipeline.js';
import { Gate } from './delivery/gate.js';
import { InboxItems } from './delivery/inbox-items.js';
import { MessageDelivery } from './delivery/message-delivery.js';
import { Outstanding } from './delivery/outstanding.js';
import { Slots } from './delivery/slots.js';
import { errorCode } from './error-code.js';
import { GatewayClient } from './gateway/gateway-client.js';
import type { AdapterStatus } from './local-api/adapter-figures.js';
import type { ContractBook } from './local-api/build-event.js';
import { LocalServer } from './local-api/local-server.js';
import { createTransport, type TransportServer } from './transport.js';
import { WatchedLog } from './witness/watched-log.js';

const FINISH_LIMIT_MS = 10_000;
const FLUSH_LIMIT_MS = 5_000;

interface Parts {
  readonly config: AdapterConfig;
  readonly gateway: GatewayClient;
  readonly state: AdapterState;
  readonly connector: Connector;
  readonly delivery: MessageDelivery;
  readonly pipeline: DeliveryPipeline;
  readonly acks: AckQueue;
  readonly transport: TransportServer;
  readonly systemGate: Gate;
  /** Null: the configuration names no log. */
  readonly watched: WatchedLog | null;
}

/** One agency's adapter, running. */
export class Adapter {
  private readonly stopping = new AbortController();
  private readonly local: LocalServer;
  private readonly file: string;
  private readonly tls: LoadedConfig['tls'];

  private constructor(
    private readonly parts: Parts,
    private readonly service: INestMicroservice,
    loaded: LoadedConfig,
    contracts: ContractBook,
    private readonly log: Logger,
  ) {
    this.tls = loaded.tls;
    const { config, gateway, watched } = parts;
    const local = { config, gateway, contracts, watched, status: () => this.status(), signal: this.stopping.signal };
    this.file = loaded.file;
    this.local = new LocalServer(local, loaded.secret, log);
  }

  /** Wires everything; nothing listens yet. @throws ConfigError when the state folder is in use or cannot be opened. */
  static async create(loaded: LoadedConfig, contracts: ContractBook, log: Logger): Promise<Adapter> {
    const { config } = loaded;
    const backoff = config.delivery;
    const gateway = new GatewayClient(config.gateway.url, loaded.tls.current);
    const state = await AdapterState.open(config.stateDir).catch(() => {
      const cause = `the state folder ${config.stateDir} cannot be opened`;
      const nextStep =
        'Is another adapter of this agency running? Else check the rights, or remove the folder: it is rebuilt.';
      throw new ConfigError([{ cause, nextStep }], loaded.file);
    });
    const connector = await openConnector(loaded);
    const watched = loaded.log && (await WatchedLog.open(loaded.log, gateway, state, log));
    if (!watched) log.warn('no log is configured: nobody watches for this agency that its records are in it');
    const systemGate = new Gate(backoff);
    const purposes = new Map(Object.entries(config.contracts).map(([type, use]) => [type, use.purpose]));
    const { concurrency, tries } = config.delivery;
    const slots = new Slots(concurrency);
    const gatewayGate = new Gate(backoff);
    const delivery = new MessageDelivery({
      gateway,
      connector,
      gatewayGate,
      systemGate,
      slots,
      purposes,
      onRecord: (record, messageId) => watched?.demand(record, messageId),
      tries,
      backoff,
      log,
    });
    const acks = new AckQueue(gateway, state, backoff, log);
    const lookups = { items: new InboxItems(gateway), outstanding: new Outstanding(gateway) };
    const pipeline = new DeliveryPipeline({ state, ...lookups, delivery, acks, backoff, log });
    const transport = createTransport(config, gateway, state, pipeline, log);
    const service = await NestFactory.createMicroservice(AdapterModule.forPipeline(pipeline), {
      strategy: transport,
      logger: false,
    });
    service.useGlobalFilters(new DeliveryFailureFilter());
    const parts = { config, gateway, state, connector, delivery, pipeline, acks, transport, systemGate, watched };
    return new Adapter(parts, service, loaded, contracts, log);
  }

  /** Starts both sides and resolves to the local address. Gateway and brokers may still be down: they are retried. */
  async start(): Promise<string> {
    const url = await this.local.listen().catch((error: unknown) => {
      const cause = `the local address cannot be used (${errorCode(error)})`;
      throw new ConfigError([{ cause, nextStep: 'Choose another port or socket under local.' }], this.file);
    });
    this.parts.watched?.start();
    this.followCertificate();
    await this.service.listen();
    return url;
  }

  /** Stops in order: takes nothing new, finishes what runs (with a limit), tells the gateway, closes. */
  async stop(): Promise<void> {
    const { pipeline, acks, connector, gateway, state, watched } = this.parts;
    this.stopping.abort();
    this.tls.close();
    await Promise.all([this.local.close(), this.service.close(), pipeline.close(FINISH_LIMIT_MS)]);
    await Promise.all([acks.close(FLUSH_LIMIT_MS), watched?.close()]);
    await Promise.all([connector.close(), gateway.close()]);
    await state.close();
  }

  /** A certificate is replaced while work goes on; what cannot be used is an error in the log, and the old stays. */
  private followCertificate(): void {
    this.tls.watch({
      onChange: (tls) => {
        this.parts.gateway.useTls(tls);
        this.log.info('new connections to the gateway have the new certificate');
      },
      onRefused: (error) => {
        const { code, detail, nextStep } = error as Partial<IdentityError>;
        const alarm = { alarm: 'CERTIFICATE_REFUSED', code, detail, nextStep };
        this.log.error(alarm, 'new certificate files cannot be used; the old ones are in use');
      },
    });
  }

  private status(): AdapterStatus {
    const { config, gateway, transport, state, delivery, pipeline, systemGate, watched } = this.parts;
    return {
      name: config.name,
      oin: config.oin,
      transport: { kind: config.transport.kind, connected: transport.isConnected() },
      gatewayReachable: gateway.reachable,
      systemAvailable: systemGate.isOpen,
      takenSinceStart: delivery.taken,
      casesAtWork: pipeline.lanesAtWork,
      parkedCases: state.parkedCases,
      unrecordedAcknowledgements: state.pending().length,
      log: watched?.status ?? null,
    };
  }
}

async function openConnector({ config, webhookCa }: LoadedConfig): Promise<Connector> {
  const { connector } = config;
  return connector.kind === 'webhook'
    ? new WebhookConnector(connector.url, webhookCa)
    : FolderConnector.open(connector.path);
}
