import { Module, type DynamicModule } from '@nestjs/common';
import type { AuditParts } from './audit/audit-parts.js';
import { AccessGrants } from './audit/grants/access-grants.js';
import { AccessGrantsController } from './audit/grants/access-grants.controller.js';
import { DataSubjectReports } from './audit/report/data-subject-reports.js';
import { DataSubjectReportsController } from './audit/report/data-subject-reports.controller.js';
import { ProcessingActivitiesController } from './audit/processing/processing-activities.controller.js';
import { ProcessingLog } from './audit/processing/processing-log.js';
import { AccessLogEntriesController } from './audit/search/access-log-entries.controller.js';
import { LogSearch } from './audit/search/log-search.js';
import { CasesController } from './exchange/cases.controller.js';
import { ContractsController } from './exchange/contracts.controller.js';
import { AccessLog } from './access-log/log/access-log.js';
import { AccessEvaluationController } from './exchange/evaluate/access-evaluation.controller.js';
import { PolicyEvaluationsController } from './exchange/evaluate/policy-evaluations.controller.js';
import { Exchange } from './exchange/exchange.js';
import { GrantsController } from './exchange/grants/grants.controller.js';
import { InboxController } from './exchange/inbox.controller.js';
import { LogController } from './exchange/log.controller.js';
import { MessagesController } from './exchange/messages.controller.js';
import { PeerRegister } from './peers/peer-register.js';

const OF_AGENCIES = [
  MessagesController,
  InboxController,
  CasesController,
  GrantsController,
  PolicyEvaluationsController,
  AccessEvaluationController,
  ContractsController,
  LogController,
];
const OF_OFFICERS = [
  AccessLogEntriesController,
  AccessGrantsController,
  DataSubjectReportsController,
  ProcessingActivitiesController,
];

export interface GatewayParts {
  readonly exchange: Exchange;
  readonly accessLog: AccessLog;
  readonly audit: AuditParts;
  readonly reports: DataSubjectReports;
}

/** Nest wires the calls to the spine, the log and the rooms of the officers, which start.ts builds. */
@Module({})
export class GatewayModule {
  static with({ exchange, accessLog, audit, reports }: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [...OF_AGENCIES, ...OF_OFFICERS],
      providers: [
        { provide: Exchange, useValue: exchange },
        { provide: AccessLog, useValue: accessLog },
        { provide: PeerRegister, useValue: audit.peers },
        { provide: LogSearch, useValue: new LogSearch(audit) },
        { provide: ProcessingLog, useValue: new ProcessingLog(audit) },
        { provide: AccessGrants, useValue: new AccessGrants(audit) },
        { provide: DataSubjectReports, useValue: reports },
      ],
    };
  }
}
