import { Module, type DynamicModule } from '@nestjs/common';
import { DeliveryPipeline } from './delivery/delivery-pipeline.js';
import { NotificationHandlers } from './delivery/notification-handlers.js';

@Module({})
export class AdapterModule {
  /** One module instance per agency: several agencies in one process share no provider. */
  static forPipeline(pipeline: DeliveryPipeline): DynamicModule {
    return {
      module: AdapterModule,
      controllers: [NotificationHandlers],
      providers: [{ provide: DeliveryPipeline, useValue: pipeline }],
    };
  }
}
