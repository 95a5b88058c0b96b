import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { asDeliveryFailure } from '#messaging/delivery-failure.js';

/**
 * Lets a handler's failure reach the transport as it was thrown. Nest's own filter turns everything that is not an
 * `RpcException` into "Internal server error", after which poison and "try again" look alike.
 * Use it globally: `app.useGlobalFilters(new DeliveryFailureFilter())`.
 */
@Catch()
export class DeliveryFailureFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => asDeliveryFailure(error));
  }
}
