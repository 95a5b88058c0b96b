import type { AuditParts } from './audit/audit-parts.js';
import { DataSubjectReports } from './audit/report/data-subject-reports.js';
import type { CaseClock } from './clock.js';
import type { GatewayConfig } from './config.js';
import type { StartMaterials } from './start-materials.js';
import { ContentCipher } from './storage/content-crypto.js';

interface ReportSources {
  readonly config: GatewayConfig;
  readonly materials: StartMaterials;
  readonly clock: CaseClock;
}

/** Reports to residents: what all calls of officers need, the keys of content, and the clock of cases. */
export function openReports({ config, materials, clock }: ReportSources, audit: AuditParts): DataSubjectReports {
  const { pool, peers, makeRecord, indexKey } = audit;
  return new DataSubjectReports({
    pool,
    peers,
    makeRecord,
    indexKey,
    gatewayOin: config.oin,
    cipher: new ContentCipher(materials.masterKeys),
    clock,
    quorum: config.accessLog.witnessQuorum,
    get policy() {
      return audit.policy;
    },
  });
}
