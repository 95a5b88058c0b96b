import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Figures } from '../../metrics/figures.js';
import { readLogFigures } from './log-figures.js';
import { LogHealth } from './log-health.js';
import type { LogKey } from './log-key.js';
import { openEpoch } from './open-epoch.js';
import { publicLog, type ReadLogPart } from './public-log.js';
import { Sequencer } from './sequencer.js';
import { takeCosignatures } from './take-cosignatures.js';
import { WitnessClient } from './witness-client.js';

export interface AccessLogParts {
  readonly pool: Pool;
  readonly key: LogKey;
  /** Schema-less URL by which others know this log. */
  readonly origin: string;
  /** Cosignatures that make a checkpoint one to prove with; null for a majority of the active witnesses. */
  readonly quorum: number | null;
  readonly maxLagSeconds: number;
  readonly log: Logger;
  readonly onWork: (listener: () => void) => () => void;
}

/** The log as this process takes part in it: it sequences, watches and serves. */
export class AccessLog {
  private constructor(
    private readonly parts: AccessLogParts,
    readonly health: LogHealth,
    private readonly sequencer: Sequencer,
    private readonly witnesses: WitnessClient,
    readonly readPart: ReadLogPart,
  ) {}

  /**
   * Asks the witnesses what they have seen, then sequences what an earlier process left, before the first request is
   * taken. @throws GatewayStartError
   */
  static async open(parts: AccessLogParts): Promise<AccessLog> {
    const { pool, origin, key, quorum, maxLagSeconds, log, onWork } = parts;
    await openEpoch(pool, origin, key);
    const health = new LogHealth(pool, maxLagSeconds, log);
    const witnesses = new WitnessClient(pool, log, () => health.look());
    await witnesses.askAll();
    const sequencer = new Sequencer({ pool, key, log, onWork, onCheckpoint: () => witnesses.wake() });
    await sequencer.catchUp();
    await health.refresh();
    return new AccessLog(parts, health, sequencer, witnesses, publicLog(pool, quorum));
  }

  figures(): Promise<Figures> {
    return readLogFigures(this.parts.pool);
  }

  /** An organisation's witness hands in what it cosigned. @throws GatewayError, see takeCosignatures */
  async takeCosignatures(oin: string, note: Buffer): Promise<void> {
    const { pool, log } = this.parts;
    await takeCosignatures(pool, log, oin, note).finally(() => this.health.look());
  }

  async close(): Promise<void> {
    this.health.close();
    await this.sequencer.close();
    await this.witnesses.close();
  }
}
