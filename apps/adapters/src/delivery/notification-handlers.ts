import { Controller } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { NotificationContext } from '#messaging/notification-context.js';
import { DeliveryPipeline } from './delivery-pipeline.js';

/**
 * One handler per family, the same for Kafka and inbox. They treat all families alike today: what a message is for is
 * decided by its exact contract, which only the gateway tells.
 */
@Controller()
export class NotificationHandlers {
  constructor(private readonly pipeline: DeliveryPipeline) {}

  @EventPattern('nl.lvv.dossier-request.v1')
  dossierRequest(@Ctx() context: NotificationContext): Promise<void> {
    return this.deliver(context);
  }

  @EventPattern('nl.lvv.dossier-part.v1')
  dossierPart(@Ctx() context: NotificationContext): Promise<void> {
    return this.deliver(context);
  }

  @EventPattern('nl.lvv.case-notification.v1')
  caseNotification(@Ctx() context: NotificationContext): Promise<void> {
    return this.deliver(context);
  }

  @EventPattern('nl.lvv.control.v1')
  control(@Ctx() context: NotificationContext): Promise<void> {
    return this.deliver(context);
  }

  private deliver({ event, item }: NotificationContext): Promise<void> {
    return this.pipeline.handle({ event, ...(item ? { item } : {}) });
  }
}
