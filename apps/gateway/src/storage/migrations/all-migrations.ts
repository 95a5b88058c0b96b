import { Foundation } from './0001-foundation.js';
import { LockAndRead } from './0002-lock-and-read.js';
import { SkippedDeliveries } from './0003-skipped-deliveries.js';
import { VerifiableLog } from './0004-verifiable-log.js';
import { LogKeys } from './0005-log-keys.js';
import { DataSubjectReports } from './0006-data-subject-reports.js';
import { Retention } from './0007-retention.js';
import { LeafReference } from './0008-leaf-reference.js';
import { TraceIds } from './0009-trace-ids.js';
import { OfficerSearch } from './0010-officer-search.js';
import { PendingSince } from './0011-pending-since.js';
import { HotRows } from './0012-hot-rows.js';
import { CheaperBatches } from './0013-cheaper-batches.js';
import { LateClocks } from './0014-late-clocks.js';
import { NumbersByKey } from './0015-numbers-by-key.js';
import { ClosedCases } from './0016-closed-cases.js';
import { HotDeliveries } from './0017-hot-deliveries.js';

/** In the order in which they run. The last one is the schema version that the gateway demands. */
export const MIGRATIONS = [
  Foundation,
  LockAndRead,
  SkippedDeliveries,
  VerifiableLog,
  LogKeys,
  DataSubjectReports,
  Retention,
  LeafReference,
  TraceIds,
  OfficerSearch,
  PendingSince,
  HotRows,
  CheaperBatches,
  LateClocks,
  NumbersByKey,
  ClosedCases,
  HotDeliveries,
] as const;
