import { Module, type DynamicModule } from '@nestjs/common';
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

/** Nest wires the calls to the spine, which is built in start.ts from the configuration. */
@Module({})
export class GatewayModule {
  static with(exchange: Exchange, accessLog: AccessLog): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [
        MessagesController,
        InboxController,
        CasesController,
        GrantsController,
        PolicyEvaluationsController,
        AccessEvaluationController,
        ContractsController,
        LogController,
      ],
      providers: [
        { provide: Exchange, useValue: exchange },
        { provide: AccessLog, useValue: accessLog },
      ],
    };
  }
}
