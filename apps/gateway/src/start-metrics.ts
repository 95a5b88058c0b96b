import type { Pool } from 'pg';
import { readCertificate } from '#identity/certificate.js';
import { readPublicFile } from '#identity/key-file.js';
import { registerProcessMetrics } from '#telemetry/process-metrics.js';
import type { AccessLog } from './access-log/log/access-log.js';
import type { OtlpExport } from './audit/views/otlp-export.js';
import type { Closing } from './closing.js';
import type { GatewayConfig } from './config.js';
import { readBacklog } from './delivery/backlog.js';
import type { Exchange } from './exchange/exchange.js';
import { certificateExpiry, crlExpiry, setFigures } from './metrics/figures.js';
import { METRICS } from './metrics/gateway-metrics.js';
import type { Revocation } from './peers/revocation.js';

export interface FigureSources {
  readonly config: GatewayConfig;
  readonly pool: Pool;
  readonly exchange: Exchange;
  readonly accessLog: AccessLog;
  readonly revocation: Revocation;
  readonly views: OtlpExport | null;
}

const MILLISECONDS = 1_000;

/** Has the figures read when somebody asks for them, and not before. */
export function readFigures(sources: FigureSources, closing: Closing[]): void {
  const { config, pool, exchange, accessLog, revocation, views } = sources;
  const relayOn = config.kafka !== null;
  registerProcessMetrics(METRICS);
  const ofProcess = async (): Promise<void> => {
    setFigures({
      queue_depth: exchange.queueDepth,
      queue_limit: exchange.queueLimit,
      database_connections: pool.totalCount,
      database_connections_idle: pool.idleCount,
      database_connections_limit: config.databasePoolSize,
      database_waiting: pool.waitingCount,
    });
    await ownCertificates(config);
    crlExpiry.set((revocation.firstNextUpdate?.getTime() ?? 0) / MILLISECONDS);
  };
  const shared = async (): Promise<void> => {
    setFigures({ relay_on: relayOn ? 1 : 0, ...(await accessLog.figures()), ...views?.figures });
  };
  closing.push(
    METRICS.onRead('process', ofProcess),
    METRICS.onRead('shared', shared),
    METRICS.onRead('shared', () => readBacklog(pool, relayOn)),
  );
}

/** Read anew each time: a renewed certificate is seen without a restart. */
async function ownCertificates({ tls, kafka }: GatewayConfig): Promise<void> {
  const files = { gateway: tls.certFile, ...(kafka ? { kafka: kafka.certFile } : {}) };
  for (const [holder, file] of Object.entries(files)) {
    const { notAfter } = readCertificate(await readPublicFile(file));
    certificateExpiry.set(notAfter.getTime() / MILLISECONDS, { holder });
  }
}
