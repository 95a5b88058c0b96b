import type { Pool } from 'pg';
import type { RecordMaker } from '../access-log/record-maker.js';
import type { PeerRegister } from '../peers/peer-register.js';
import type { Policy } from '../policy/policy.js';

/** What the calls of officers are built from. */
export interface AuditParts {
  /** Connections of the officers' own: a wide question of theirs must not keep a message waiting. */
  readonly pool: Pool;
  readonly makeRecord: RecordMaker;
  readonly peers: PeerRegister;
  /** The version in force at the moment of asking. */
  readonly policy: Policy;
  /** All known versions, oldest first: what was confidential stays so under a version that no longer names it. */
  readonly versions: readonly Policy[];
  readonly indexKey: Buffer;
  /** Cosignatures that make a checkpoint one to prove with; null for a majority of the active witnesses. */
  readonly quorum: number | null;
}
