import type { Pool } from 'pg';
import type { RecordMaker } from '../../access-log/record-maker.js';
import type { CaseClock } from '../../clock.js';
import type { PeerRegister } from '../../peers/peer-register.js';
import type { Policy } from '../../policy/policy.js';
import type { ContentCipher } from '../../storage/content-crypto.js';

/** What reports are built from. */
export interface ReportParts {
  readonly pool: Pool;
  readonly makeRecord: RecordMaker;
  readonly peers: Pick<PeerRegister, 'byOin' | 'ofKind'>;
  /** The version in force at the moment of asking. */
  readonly policy: Policy;
  readonly cipher: ContentCipher;
  readonly indexKey: Buffer;
  /** Of what the gateway sends by itself. */
  readonly gatewayOin: string;
  /** Terms run on the clock of cases; records on the system clock. */
  readonly clock: CaseClock;
}
